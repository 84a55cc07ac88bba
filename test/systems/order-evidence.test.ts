import assert from "node:assert/strict";
import type { Dialogue } from "../../src/corpus/dialogue";
import { measureOrder } from "../../src/systems/order-evidence";

// One word of its own a dialogue, and words that all of them share.
const WORDS = Array.from({ length: 60 }, (_, at) => `topic${"abcdefghij"[at % 10]}${at}`);
const dialogues = new Map(
  WORDS.map((word, at) => {
    const said = { index: 1, role: "speaker", text: `Today there was ${word} again.` };
    const id = `d:${String(at).padStart(2, "0")}`;
    return [id, { id, utterances: [said] } as unknown as Dialogue];
  }),
);
const repliesOf = (words: readonly string[]) =>
  [...dialogues.keys()].map((dialogue, at) => ({
    dialogue,
    turn: 2,
    system: "made",
    sample: 1,
    text: `Oh, today ${words[at]}?`,
  }));

describe("measureOrder", () => {
  it("counts the rarer words that replies take up of their own prompt", () => {
    assert.deepEqual(measureOrder(repliesOf(WORDS), dialogues), { own: 1, next: 0 });
  });

  it("shows replies that stand one place too early", () => {
    const [first, ...rest] = WORDS;
    const moved = repliesOf([...rest, first as string]);
    assert.deepEqual(measureOrder(moved, dialogues), { own: 0, next: 1 });
  });

  it("counts no word that many prompts share, and refuses to measure nothing", () => {
    assert.deepEqual(measureOrder(repliesOf(WORDS.map(() => "there")), dialogues), {
      own: 0,
      next: 0,
    });
    assert.throws(() => measureOrder([], dialogues), RangeError);
  });
});
