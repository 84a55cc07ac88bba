// Which replies are refused because they are not in English. The sentences are written for this package.
import assert from "node:assert/strict";
import { findUnscorable, isMissing, loadScorer } from "empathy-scorer";
import {
  LATER_SENTENCES,
  LATIN_SENTENCES,
  OTHER_SCRIPTS,
} from "empathy-scorer/test/foreign-sentences";
import { itNeeds, mirror } from "test-support/needs";
import { readDialogues } from "../../src/corpus/read-dialogues";
import { requireCorpusArchive } from "../../src/sources/corpus-archive";
import { defaultPlaces } from "../../src/sources/locate-source";

const ENGLISH = [
  "Oh no!",
  "lol",
  "that sucks",
  "Congrats!!!",
  "Aww :(",
  "OMG noooo",
  "Touché!",
  "Yikes.",
  "hugs",
  "lol that sucks bro",
  "Congrats dude, awesome news!",
  "haha thats hilarious man",
  "sooo sorry 4 ur loss",
  "Oh wow. Kid is crazy!",
  "Poor baby. Sending hugs!",
  "omg gurl yasss queen slay",
  "Viva la fiesta!",
  "mmm chocolate chip cookies",
  "Best wishes, Señor José Muñoz!",
  "oh no . that is n't good .",
  "i 'm sorry to hear that .",
  "😀 Happy birthday!! 🎂🎂🎂",
  'I said "c\'est la vie" and moved on.',
  "Me and mi hermano love tacos al pastor too!",
];

describe("the language of a reply", () => {
  for (const reply of ENGLISH) {
    it(`lets '${reply}' pass`, () => assert.equal(findUnscorable(reply), undefined));
  }

  // One has nearly the n-grams of English; in the other, "most" is a word of English.
  const UNSEEN = new Set(["Comment vas-tu maintenant ?", "Hogy érzed magad most?"]);

  for (const [language, sentences] of Object.entries({ ...LATIN_SENTENCES, ...LATER_SENTENCES })) {
    it(`is seen in ${language} from four words on`, () => {
      for (const reply of sentences) {
        const isShort = (reply.match(/\p{L}+/gu) ?? []).length < 4;
        const isRefused = /not in English/.test(findUnscorable(reply) ?? "");
        assert.equal(isRefused, !isShort && !UNSEEN.has(reply), reply);
      }
    });
  }

  for (const [script, sentences] of Object.entries(OTHER_SCRIPTS)) {
    it(`is seen in the letters of ${script}, whatever the length`, () => {
      for (const reply of sentences)
        assert.match(findUnscorable(reply) ?? "", /not in Latin letters/);
    });
  }

  it("is the same in all of Unicode's forms, in upper case and with invisible characters", () => {
    const reply = "Je comprends que tu sois en colère contre ton ami.";
    const forms = [
      reply.normalize("NFD"),
      reply.toUpperCase(),
      reply.replaceAll(" ", " \u200b"),
      `\n${reply}  `,
    ];
    for (const form of forms) assert.equal(findUnscorable(form), findUnscorable(reply));
    assert.match(findUnscorable(reply) ?? "", /not in English/);
  });

  it("is looked for in time linear in the text's length", () => {
    assert.match(findUnscorable("ich weiß nicht mehr weiter ".repeat(1e5)) ?? "", /not in English/);
    assert.equal(findUnscorable("my dog was very happy today ".repeat(1e5)), undefined);
  });

  it("leaves a reply without a score, with the reason", () => {
    const outcome = loadScorer().scoreNow({
      context: ["Mein Hund ist tot."],
      reply: "Das tut mir wirklich leid.",
    });
    assert.ok(isMissing(outcome));
    assert.match(outcome.missing, /^the reply is not in English; the scorer knows English only$/);
  });

  itNeeds(
    mirror,
    "is taken for English in every listener's reply of EmpatheticDialogues, and those in other scripts are none",
    async () => {
      const archive = await requireCorpusArchive({ ...defaultPlaces(), mirror: mirror.folder }, "");
      const refused: string[] = [];
      let replies = 0;
      for await (const { id, utterances } of readDialogues(archive, {})) {
        for (let turn = 1; turn < utterances.length; turn += 2) {
          replies++;
          if (findUnscorable(utterances[turn]?.text ?? "")?.includes("not in")) refused.push(id);
        }
      }
      assert.ok(replies > 50_000, `${replies}`);
      assert.deepEqual(refused, []);
    },
    120_000,
  );
});

describe("findUnscorable for a judge with an instruction in another language", () => {
  for (const [reply, language] of [
    ["Das tut mir wirklich leid für dich.", "de"],
    ["Das tut mir wirklich leid für dich.", "de-AT"],
    ["Ach je!", "fr"],
    ["Мне очень жаль, что так вышло.", "ru"],
    ["Das tut mir wirklich leid für dich.", "gsw"],
  ] as [string, string][]) {
    it(`lets '${reply}' pass for '${language}'`, () => {
      assert.equal(findUnscorable(reply, language), undefined);
    });
  }

  it("refuses replies in English, in a third language, and without letters", () => {
    const reason = /^the reply is not in 'de', the language of the judge's instruction$/;
    assert.match(findUnscorable("I am so sorry to hear about your dog.", "de") ?? "", reason);
    assert.match(findUnscorable("Je suis vraiment désolée pour ton chien.", "de") ?? "", reason);
    assert.match(findUnscorable("Мне очень жаль, что так вышло.", "de") ?? "", reason);
    assert.match(findUnscorable("...", "de") ?? "", /no letters/);
  });

  it("is the check for English where the language is English", () => {
    const german = "Das tut mir wirklich leid für dich.";
    assert.equal(findUnscorable(german, "en-GB"), findUnscorable(german));
  });
});
