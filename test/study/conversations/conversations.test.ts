import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createGenerator } from "kit";
import { itNeeds, mirror } from "test-support/needs";
import { buildConversations } from "../../../apps/pipeline/texts-stage";
import { computeConversationRatings } from "../../../apps/sources/compute-conversation-ratings";
import type { Conversation } from "../../../apps/sources/read-conversations";
import { scoreConversations } from "../../../apps/sources/score-conversations";
import { readConversationRatings } from "../../../src/conversations/conversation-ratings";
import { readConversationReplies } from "../../../src/conversations/conversation-scores";
import { projectPath } from "../../../src/project";
import { defaultPlaces } from "../../../src/sources/locate-source";

// Written for this test.
const WARM = "I am so sorry, that is awful.";
const COLD = "The trains leave at nine each morning.";

function makeConversations(count: number): Conversation[] {
  const random = createGenerator(9);
  return Array.from({ length: count }, (_, at) => {
    const warm = at % 11;
    const language = at < 0.8 * count ? "en" : "ja";
    const rate = () => Math.min(5, Math.max(1, Math.round(1 + warm / 2.5 + random.normal())));
    const reply = (turn: number) =>
      language === "ja" ? "大変でしたね。" : turn < warm ? WARM : COLD;
    return {
      id: `${language}:${at}`,
      language,
      model: "made up",
      emotion: "sad",
      style: at % 2 ? "aligned" : "neutral",
      person: `p${at % 20}`,
      messages: Array.from({ length: 10 }, (_, turn) => [
        { isReply: false, text: `My dog died ${turn} days ago.` },
        {
          isReply: true,
          text: `${reply(turn)}${" Yes.".repeat(language === "en" ? at % 3 : 0)}`,
        },
      ]).flat(),
      own: rate(),
      others: at % 2 ? [rate(), rate(), rate()] : [],
    };
  });
}

describe("the ratings of conversations", () => {
  const conversations = makeConversations(150);
  const replies = scoreConversations(conversations);
  const ratings = computeConversationRatings(conversations, replies);

  it("find that replies which react go with better ratings, where they were made so", () => {
    const own = ratings.correlations.find((one) => one.rating === "own" && one.with === "er");
    assert.ok(own && own.lower > 0.3 && own.conversations === 120, JSON.stringify(own));
    const er = ratings.predictors.find(({ rating, name }) => rating === "own" && name === "er");
    assert.ok(er && er.estimate > 2 * er.se, JSON.stringify(er));
  });

  it("find raters who follow the same conversation reliable", () => {
    for (const { iccOne, iccMean } of ratings.reliability)
      assert.ok(iccOne > 0.2 && iccMean > iccOne);
  });

  it("count every conversation once", () => {
    const sum = ratings.counts.reduce((all, row) => all + row.conversations, 0);
    assert.equal(sum, 150);
    for (const { counts, conversations: own } of ratings.counts) {
      assert.equal(
        counts.reduce((all, count) => all + count, 0),
        own,
      );
    }
  });

  it("number replies from 1 to 10, and give those in Japanese a reason in place of a score", () => {
    assert.deepEqual(
      [...new Set(replies.map(({ reply }) => reply))],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
    for (const { language, shows, missing } of replies) {
      if (language === "en") assert.ok(shows && missing === "");
      else assert.ok(!shows && /English only/.test(missing));
    }
    const [first] = replies;
    assert.deepEqual([first?.conversation, first?.shows?.er], ["en:0", 0]);
  });
});

describe("the committed conversations", () => {
  const replies = readConversationReplies();

  it("hold ten replies each, scored in English and refused in Japanese", () => {
    const counts = new Map<string, number>();
    for (const { conversation } of replies) {
      counts.set(conversation, (counts.get(conversation) ?? 0) + 1);
    }
    assert.deepEqual([counts.size, [...new Set(counts.values())]], [225, [10]]);
    for (const { language, shows, missing } of replies) {
      assert.equal(shows === null, language === "ja");
      assert.equal(missing !== "", language === "ja");
    }
  });

  it("hold no rating of one conversation, and no person", () => {
    const text = readFileSync(projectPath("data", "conversations", "ratings.json"), "utf8");
    assert.doesNotMatch(text, /en:\d|ja:\d|person|user/);
    const table = readFileSync(projectPath("data", "conversations", "conversations.csv"), "utf8");
    assert.equal(table.split("\n", 1)[0], "conversation,language,model,style,emotion");
    assert.equal(readConversationRatings().counts.length, 9);
  });

  itNeeds(
    mirror,
    "are computed from the mirrored file, byte for byte",
    async () => {
      const places = { ...defaultPlaces(), mirror: mirror.folder };
      for (const [file, text] of await buildConversations(places)) {
        assert.equal(text, readFileSync(projectPath(file), "utf8"), file);
      }
    },
    120_000,
  );
});
