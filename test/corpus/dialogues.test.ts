import assert from "node:assert/strict";
import { compareIds, roleOf } from "../../src/corpus/dialogue";
import { EMOTIONS, type Sentiment, sentimentOf } from "../../src/corpus/emotions";
import { listenerTurns, stimulusAt } from "../../src/corpus/stimulus";
import { dialogueOf } from "./dialogue-of";

describe("sentimentOf", () => {
  it("puts 13 emotions in positive, 15 in negative and 4 in ambiguous", () => {
    const counts: Record<Sentiment, number> = { positive: 0, negative: 0, ambiguous: 0 };
    for (const emotion of EMOTIONS) counts[sentimentOf(emotion)]++;
    assert.deepEqual(counts, { positive: 13, negative: 15, ambiguous: 4 });
  });

  it("knows 32 distinct emotions, sorted by name", () => {
    assert.equal(new Set(EMOTIONS).size, 32);
    assert.deepEqual([...EMOTIONS].sort(), EMOTIONS);
  });
});

describe("compareIds", () => {
  it("orders by the numbers in the identifiers", () => {
    const ids = ["hit:10_conv:20", "hit:2_conv:11", "hit:2_conv:4", "sample:3", "sample:20"];
    assert.deepEqual([...ids].reverse().sort(compareIds), [
      "hit:2_conv:4",
      "hit:2_conv:11",
      "hit:10_conv:20",
      "sample:3",
      "sample:20",
    ]);
  });

  it("is antisymmetric and tells identifiers apart that differ in zeros only", () => {
    assert.ok(compareIds("hit:01", "hit:1") !== 0);
    assert.equal(
      Math.sign(compareIds("hit:01", "hit:1")),
      -Math.sign(compareIds("hit:1", "hit:01")),
    );
    assert.equal(compareIds("hit:1", "hit:1"), 0);
  });
});

describe("stimulusAt", () => {
  const dialogue = dialogueOf("d", ["one", "two", "three", "four", "five"]);

  it("gives everything before the turn as context, and what the listener wrote", () => {
    const stimulus = stimulusAt(dialogue, 4);
    assert.deepEqual(
      stimulus.context.map((utterance) => utterance.text),
      ["one", "two", "three"],
    );
    assert.equal(stimulus.humanReply, "four");
    assert.equal(stimulus.context.at(-1)?.role, "speaker");
  });

  it("allows the turn after a dialogue that ends with the speaker, without a human reply", () => {
    const stimulus = stimulusAt(dialogue, 6);
    assert.equal(stimulus.context.length, 5);
    assert.equal("humanReply" in stimulus, false);
    assert.deepEqual(listenerTurns(dialogue), [2, 4]);
  });

  for (const turn of [0, 1, 3, 7, 8, 2.5, Number.NaN]) {
    it(`refuses turn ${turn} of five utterances, naming the turns there are`, () => {
      assert.throws(() => stimulusAt(dialogue, turn), /even number from 2 to 6/);
    });
  }

  it("alternates the roles, the speaker first", () => {
    assert.deepEqual([1, 2, 3, 4].map(roleOf), ["speaker", "listener", "speaker", "listener"]);
  });
});
