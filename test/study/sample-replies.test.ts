import assert from "node:assert/strict";
import { sampleReplies } from "../../apps/cli/sample-replies";
import type { RepliesToScore } from "../../apps/replies/score-stage";
import type { Dialogue } from "../../src/corpus/dialogue";

const EMOTIONS = ["sad", "angry", "joyful", "joyful", "joyful", "joyful", "joyful", "joyful"];

const dialogues = new Map(
  Array.from({ length: 80 }, (_, n) => {
    const id = `d${n}`;
    return [id, { id, emotion: EMOTIONS[n % 8] } as unknown as Dialogue] as const;
  }),
);

function systemOf(system: string, step = 1): RepliesToScore {
  const ids = [...dialogues.keys()].filter((_, at) => at % step === 0);
  const replies = ids.map((dialogue) => ({ dialogue, turn: 2, system, sample: 1, text: "Oh." }));
  return { system, replies, toRequest: ({ text }) => ({ context: [], reply: text }) };
}

describe("sampleReplies", () => {
  const idsOf = ({ replies }: RepliesToScore) => replies.map(({ dialogue }) => dialogue);

  it("draws the same stimuli for systems that answered the same ones, whatever their order", () => {
    const reversed = { ...systemOf("b"), replies: [...systemOf("b").replies].reverse() };
    const [one, other] = sampleReplies([systemOf("a"), reversed], dialogues, { limit: 24 });
    assert.equal(idsOf(one as RepliesToScore).length, 24);
    assert.deepEqual(idsOf(other as RepliesToScore).reverse(), idsOf(one as RepliesToScore));
  });

  it("draws others with another seed, and all where there are fewer", () => {
    const draw = (seed: number, limit = 20) =>
      idsOf(sampleReplies([systemOf("a")], dialogues, { limit, seed })[0] as RepliesToScore);
    assert.notDeepEqual(draw(1), draw(2));
    assert.deepEqual(draw(1), draw(1));
    assert.equal(draw(1, 500).length, 80);
  });

  it("gives each emotion, or each sentiment, the same number", () => {
    for (const balanced of ["emotion", "sentiment"] as const) {
      const [system] = sampleReplies([systemOf("a")], dialogues, { limit: 18, balanced });
      const counts = new Map<string, number>();
      for (const id of idsOf(system as RepliesToScore)) {
        const { emotion } = dialogues.get(id) as Dialogue;
        counts.set(emotion, (counts.get(emotion) ?? 0) + 1);
      }
      assert.equal(counts.get("joyful"), balanced === "emotion" ? 6 : 9);
    }
  });
});
