import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectPath } from "../../src/project";
import { type Choice, chooseStimuli, shareAmong } from "../../src/replies/choose-stimuli";
import { createTokenCounter } from "../../src/replies/count-tokens";
import { buildRequest } from "../../src/replies/request";
import { findStimuli, type LabelledStimulus, type StimulusSource } from "../../src/replies/stimuli";
import { itNeeds, mirror } from "../support/needs";
import { temporaryFolder } from "../support/temporary";
import { planOf, stimulusOf } from "./ask-support";

async function readAll(source: StimulusSource): Promise<LabelledStimulus[]> {
  const all: LabelledStimulus[] = [];
  for await (const one of source.open()) all.push(one);
  return all;
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

  for (const [what, text, pattern] of [
    [
      "no context column",
      "dialogue,turn\na,2\n",
      /:1: a stimulus file has a column 'context', this one has dialogue, turn; mend the header/,
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

  it("says how to get the corpus where it is not at hand", async () => {
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
