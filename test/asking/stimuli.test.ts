import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildRequest, createTokenCounter, findPrompt } from "ask-models";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import {
  type Choice,
  chooseStimuli,
  shareAmong,
  shareEqually,
} from "../../apps/asking/choose-stimuli";
import { findOtherLanguages } from "../../apps/cli/find-other-languages";
import { readPrompts } from "../../src/asking/registries";
import { findStimuli, type StimulusSource } from "../../src/asking/stimuli";
import { isEmotion, sentimentOf } from "../../src/corpus/emotions";
import type { LabelledStimulus } from "../../src/corpus/stimulus";
import { projectPath } from "../../src/project";
import { planOf, stimulusOf } from "./ask-support";

async function readAll(source: StimulusSource): Promise<LabelledStimulus[]> {
  const all: LabelledStimulus[] = [];
  for await (const one of source.open()) all.push(one);
  return all;
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function csv(text: string | Buffer): string {
  const path = join(temporaryFolder(), "mine.csv");
  writeFileSync(path, text);
  return path;
}

describe("findStimuli", () => {
  it("gives the first listener turn of each sample dialogue, or all of them", async () => {
    const first = await readAll(await findStimuli("sample", "first"));
    const all = await readAll(await findStimuli("sample", "all"));
    assert.equal(first.length, 64);
    assert.ok(first.every(({ stimulus }) => stimulus.turn === 2));
    assert.ok(all.length > first.length);
  });

  it("gives the same stimuli however often it is opened", async () => {
    const source = await findStimuli("sample", "first");
    assert.deepEqual(await readAll(source), await readAll(source));
  });

  it("reads a file in the corpus's own format, whatever its name", async () => {
    const path = join(temporaryFolder(), "copy.csv");
    copyFileSync(projectPath("data", "sample", "sample.csv"), path);
    const copied = await readAll(await findStimuli(path, "first"));
    assert.deepEqual(copied, await readAll(await findStimuli("sample", "first")));
  });

  it("reads a table: a context of one utterance, of lines, and of a JSON array", async () => {
    const path = csv(
      '\uFEFFdialogue,context,turn,emotion\nx,"I won, at last.",,proud\n' +
        'y,"Hello\nHi\nI am sad",4,sad\nz,"[""One"",""Two"",""Three""]",,\nw,[sigh] Monday.,,\n',
    );
    const [x, y, z, w] = await readAll(await findStimuli(path, "first"));
    assert.deepEqual(x, {
      stimulus: {
        dialogue: "x",
        turn: 2,
        context: [{ index: 1, role: "speaker", text: "I won, at last." }],
      },
      emotion: "proud",
    });
    assert.equal(y?.stimulus.turn, 4);
    assert.deepEqual(
      y?.stimulus.context.map(({ role, text }) => `${role}: ${text}`),
      ["speaker: Hello", "listener: Hi", "speaker: I am sad"],
    );
    assert.deepEqual([z?.stimulus.turn, z?.stimulus.context.length], [4, 3]);
    assert.equal(w?.stimulus.context[0]?.text, "[sigh] Monday.");
  });

  it("reads JSONL: a context as a text or a list, other usual names, and what else a line has", async () => {
    const path = join(temporaryFolder(), "mine.jsonl");
    const lines = [
      { conv_id: "x", history: ["One", "Two", "Three"], language: "de", turn: 8, note: { a: 1 } },
      { dialogue: "y", context: "Hello\nHi\nI am sad", emotion: "sad", language: null },
    ];
    writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join("\n\n")}\n`);
    const [x, y] = await readAll(await findStimuli(path, "first", undefined, "fr"));
    assert.deepEqual([x?.stimulus.turn, x?.stimulus.context.at(-1)?.text], [8, "Three"]);
    assert.deepEqual([x?.language, x?.emotion], ["de", ""]);
    assert.deepEqual([y?.stimulus.turn, y?.emotion, y?.language], [4, "sad", "fr"]);
  });

  for (const [what, line, pattern] of [
    ["no object", "[1]", /:2: is not a JSON object; write one object a line/],
    ["no dialogue", '{"context": "b"}', /:2: the dialogue has no identifier/],
    ["no context", '{"dialogue": "b"}', /:2: the context is empty/],
    [
      "a number for a context",
      '{"dialogue": "b", "context": [1]}',
      /:2: 'context': entry 1 of the list is neither a text nor a message/,
    ],
    [
      "a list for an emotion",
      '{"dialogue": "b", "context": "b", "emotion": ["sad"]}',
      /:2: 'emotion' is not a text/,
    ],
    [
      "a dialogue twice",
      '{"dialogue": "a", "context": "b"}',
      /:2: dialogue 'a', turn 2 stands twice/,
    ],
    [
      "no language's code",
      '{"dialogue": "b", "context": "b", "language": "German!"}',
      /:2: 'German!' is not a language code/,
    ],
  ] as [string, string, RegExp][]) {
    it(`says in one line what is wrong with a JSONL file with ${what}`, async () => {
      const path = join(temporaryFolder(), "mine.jsonl");
      writeFileSync(path, `{"dialogue": "a", "context": "Hi"}\n${line}\n`);
      const read = async () => readAll(await findStimuli(path, "first"));
      await assert.rejects(read(), { name: "UserError", message: pattern });
    });
  }

  it("gives the German dialogues of this package, in German, one of each emotion", async () => {
    const path = projectPath("data", "example", "german-dialogues.jsonl");
    const all = await readAll(await findStimuli(path, "first"));
    assert.equal(all.length, 8);
    assert.ok(all.every(({ language, emotion }) => language === "de" && isEmotion(emotion)));
    assert.ok(all.some(({ stimulus }) => stimulus.turn === 4));
  });

  for (const [what, text, pattern] of [
    [
      "no context column",
      "dialogue,turn\na,2\n",
      /:1: a stimulus file should have a column 'context', but this one has dialogue, turn; mend the header/,
    ],
    ["an empty context", 'dialogue,context\na,Hi\nb,"  "\n', /:3: the context is empty/],
    [
      "an odd number of fields",
      "dialogue,context\na,b,c\n",
      /:2: has 3 cells where the header has 2; mend the file/,
    ],
    [
      "a turn that is no number",
      "dialogue,context,turn\na,b,two\n",
      /:2: turn 'two' is not a whole number/,
    ],
    [
      "a stimulus that stands twice",
      "dialogue,context\na,b\na,c\n",
      /:3: dialogue 'a', turn 2 stands twice/,
    ],
    [
      "an open quote",
      'dialogue,context\na,"b\n',
      /:2: a quote is opened and never closed; mend the file/,
    ],
    [
      "text of another encoding",
      Buffer.from("dialogue,context\na,x\nb,caf\xe9\n", "latin1"),
      /:3: is not UTF-8 text/,
    ],
    [
      "two columns of one name",
      "dialogue,context,context\na,b,c\n",
      /:1: has two columns named 'context'; rename one/,
    ],
    ["nothing", "", /is empty/],
  ] as [string, string | Buffer, RegExp][]) {
    it(`says in one line what is wrong with a table with ${what}`, async () => {
      const read = async () => readAll(await findStimuli(csv(text), "first"));
      await assert.rejects(read(), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(error.message, pattern);
        return true;
      });
    });
  }

  it("says what stimuli may be where a file is not there", async () => {
    await assert.rejects(
      findStimuli("nowhere.csv", "first"),
      /stimuli are sample, test, or the path/,
    );
  });

  it("says how to get the corpus where it is not on this machine", async () => {
    const nowhere = { mirror: undefined, cache: temporaryFolder() };
    await assert.rejects(findStimuli("test", "first", nowhere), /npx empathy data fetch ed/);
  });

  itNeeds(mirror, "gives one stimulus for each of the 2,546 test dialogues", async () => {
    const places = { mirror: mirror.folder, cache: temporaryFolder() };
    const all = await readAll(await findStimuli("test", "first", places));
    assert.equal(all.length, 2546);
  });
});

describe("chooseStimuli", () => {
  async function choose(choice: Choice): Promise<LabelledStimulus[]> {
    return readAll(await chooseStimuli(await findStimuli("sample", "first"), choice));
  }

  it("takes the first so many, none, or all", async () => {
    const all = await choose({});
    assert.deepEqual(await choose({ limit: 5 }), all.slice(0, 5));
    assert.deepEqual(await choose({ limit: 0 }), []);
    assert.deepEqual(await choose({ limit: 1000 }), all);
  });

  it("draws each emotion in its share, the same from the same seed, in the source's order", async () => {
    const drawn = await choose({ sample: 32, seed: 5 });
    assert.equal(new Set(drawn.map(({ emotion }) => emotion)).size, 32);
    assert.deepEqual(await choose({ sample: 32, seed: 5 }), drawn);
    assert.notDeepEqual(await choose({ sample: 32, seed: 6 }), drawn);
    const places = (await choose({})).map(({ stimulus }) => stimulus.dialogue);
    const order = drawn.map(({ stimulus }) => places.indexOf(stimulus.dialogue));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
  });

  it("gives each emotion, or each sentiment, the same number as far as they go", async () => {
    const byEmotion = await choose({ sample: 40, balanced: "emotion" });
    const counts = countBy(byEmotion.map(({ emotion }) => emotion));
    assert.equal(byEmotion.length, 40);
    assert.deepEqual(
      [counts.size, Math.min(...counts.values()), Math.max(...counts.values())],
      [32, 1, 2],
    );
    const sentiments = (drawn: LabelledStimulus[]) =>
      countBy(drawn.flatMap(({ emotion }) => (isEmotion(emotion) ? [sentimentOf(emotion)] : [])));
    const bySentiment = sentiments(await choose({ sample: 15, balanced: "sentiment" }));
    assert.deepEqual([...bySentiment.values()], [5, 5, 5]);
    assert.notDeepEqual([...sentiments(await choose({ sample: 15 })).values()], [5, 5, 5]);
    assert.deepEqual(await choose({ sample: 40, balanced: "emotion" }), byEmotion);
    assert.notDeepEqual(await choose({ sample: 40, balanced: "emotion", seed: 2 }), byEmotion);
  });

  it("says what a balanced sample lacks", async () => {
    await assert.rejects(
      choose({ balanced: "emotion" }),
      /needs a size; say how many with --sample/,
    );
    const unlabelled = await findStimuli(
      csv("dialogue,context,emotion\na,Hi,sad\nb,Ho,\n"),
      "first",
    );
    await assert.rejects(
      chooseStimuli(unlabelled, { sample: 1, balanced: "emotion" }),
      /mine\.csv: dialogue 'b' has no emotion to balance by; fill in its column/,
    );
    const other = await findStimuli(csv("dialogue,context,emotion\na,Hi,blue\n"), "first");
    await assert.rejects(
      chooseStimuli(other, { sample: 1, balanced: "sentiment" }),
      /'blue' is not one of EmpatheticDialogues' emotions.*say --balanced emotion/,
    );
  });

  it("gives all where more are wanted than there are", async () => {
    assert.equal((await choose({ sample: 1000 })).length, 64);
  });
});

describe("shareAmong", () => {
  it("adds up, and strays from the exact share by less than one", () => {
    const sizes = new Map([
      ["a", 17],
      ["b", 5],
      ["c", 1],
      ["d", 40],
    ]);
    for (let wanted = 0; wanted <= 63; wanted++) {
      const shares = shareAmong(sizes, wanted);
      assert.equal(
        [...shares.values()].reduce((sum, share) => sum + share, 0),
        wanted,
      );
      for (const [name, share] of shares) {
        assert.ok(Math.abs(share - (wanted * (sizes.get(name) as number)) / 63) < 1);
      }
    }
  });
});

describe("shareEqually", () => {
  it("adds up, empties what is too small, and lets the others differ by one at most", () => {
    const sizes = new Map(Object.entries({ a: 17, b: 5, c: 1, d: 40 }));
    for (let wanted = 0; wanted <= 70; wanted++) {
      const shares = shareEqually(sizes, wanted);
      const all = [...shares.values()];
      assert.equal(
        all.reduce((sum, share) => sum + share, 0),
        Math.min(wanted, 63),
      );
      const most = Math.max(...all);
      for (const [name, share] of shares) {
        assert.ok(share === sizes.get(name) || share >= most - 1, `${name} of ${wanted}`);
        assert.ok(share <= (sizes.get(name) ?? 0));
      }
    }
  });
});

describe("findOtherLanguages", () => {
  const prompts = readPrompts();
  const named = (id: string) => findPrompt(prompts, id);

  it("says which prompt is in another language than how many stimuli, and which one is not", async () => {
    const path = csv(
      "dialogue,context,language\na,Hallo,de\nb,Servus,de-AT\nc,Hi,en\nd,Salut,fr\ne,?,\n",
    );
    const said = await findOtherLanguages(
      await findStimuli(path, "first"),
      [named("short"), named("short"), named("none"), named("short-de")],
      prompts,
    );
    assert.deepEqual(said, [
      "the language of 2 stimuli is 'de', that of the prompt 'short' is 'en'; name the prompt 'short-de', unless you mean it so",
      "the language of 1 stimulus is 'fr', that of the prompt 'short' is 'en'; add a prompt in 'fr' to data/prompts.json, unless you mean it so",
      "the language of 1 stimulus is 'en', that of the prompt 'short-de' is 'de'; name the prompt 'paper', unless you mean it so",
      "the language of 1 stimulus is 'fr', that of the prompt 'short-de' is 'de'; add a prompt in 'fr' to data/prompts.json, unless you mean it so",
    ]);
  });

  it("says nothing of the sample corpus and the study's instruction", async () => {
    const sample = await findStimuli("sample", "first");
    assert.deepEqual(await findOtherLanguages(sample, [named("paper")], prompts), []);
  });
});

describe("createTokenCounter", () => {
  it("counts as OpenAI does, for its chat models", async () => {
    // OpenAI's cookbook counts 129 for its example messages with gpt-4-0613 (with two names, at a token
    // each, that our messages do not have); "hello world" is 2 tokens in both encodings.
    const { count, exact } = await createTokenCounter("gpt-4");
    const template = { ...planOf().template, instruction: "hello world" };
    const { body } = buildRequest(planOf({ template }), stimulusOf("d", "hello world"), 1);
    assert.equal(count(body), 3 + 2 * (3 + 1 + 2));
    assert.ok(exact);
  });

  it("takes control tokens in a text for text", async () => {
    const { count, exact } = await createTokenCounter("some-model");
    const { body } = buildRequest(planOf(), stimulusOf("d", "<|endoftext|>"), 1);
    assert.ok(count(body) > 5);
    assert.ok(!exact);
  });
});
