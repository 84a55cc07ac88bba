import assert from "node:assert/strict";
import type { Level } from "empathy-scorer";
import { type DisputedReply, drawDisputed } from "../../apps/annotate/disagreement";
import type { Plan } from "../../apps/annotate/plan-file";
import { countSides } from "../../apps/annotate/sides";

function disputed(system: string, family: string, disagreement: number): DisputedReply {
  const predicted = { er: 0, ip: 0, ex: 0 } as const;
  return { system, family, place: `d${disagreement} turn 2 sample 1`, predicted, disagreement };
}

describe("drawDisputed", () => {
  const replies = [9, 8, 7, 6, 5, 4].flatMap((at) => [
    disputed("owl", "birds", at),
    disputed("jay", "birds", at / 100),
    disputed("ant", "insects", at),
  ]);
  replies.sort((one, other) => other.disagreement - one.disagreement);

  it("takes the most disputed of each family, every system's first, and no system's beyond its share", () => {
    const rule = { ofFamily: 5, leastOfSystem: 1, mostShare: 0.6 };
    const drawn = drawDisputed(replies, ["birds"], rule);
    const told = drawn.map(({ system, disagreement }) => [system, disagreement]);
    assert.deepEqual(told, [
      ["owl", 9],
      ["owl", 8],
      ["owl", 7],
      ["jay", 0.09],
      ["jay", 0.08],
    ]);
  });

  it("takes all of a family's only system that it wants", () => {
    const rule = { ofFamily: 4, leastOfSystem: 1, mostShare: 0.2 };
    const drawn = drawDisputed(replies, ["insects"], rule);
    assert.deepEqual(
      drawn.map(({ disagreement }) => disagreement),
      [9, 8, 7, 6],
    );
  });
});

describe("countSides", () => {
  const predicted = { er: 2, ip: 0, ex: 0 } as const;
  const stratum = { system: "owl", family: "birds", size: 2, drawn: 2, predicted };
  const plan: Plan = {
    id: "p",
    format: "f",
    scorer: "s",
    seed: 1,
    budget: 2,
    overlap: 0,
    metrics: ["er"],
    expected: [],
    strata: [stratum],
    replies: ["a", "b"].map((id) => ({
      id,
      stratum: 0,
      place: `${id} turn 2 sample 1`,
      predicted,
    })),
    pages: [],
  };
  const readingOf = (dialogue: string, er: Level) => ({
    system: "owl",
    dialogue,
    turn: 2,
    sample: 1,
    designs: ["x"],
    readings: [{ reader: "r", levels: { er, ip: 0, ex: 0 } as const, fits: true }],
  });
  const rate = (reply: string, rater: string, er: Level) => ({
    rater,
    reply,
    levels: { er, ip: 0, ex: 0 } as const,
  });

  it("counts replies on which the two differ, each with the mean of its raters", () => {
    const readings = [readingOf("a", 0), readingOf("b", 1)];
    const ratings = [rate("a", "ana", 0), rate("a", "ben", 2), rate("b", "ana", 0)];
    assert.deepEqual(countSides(plan, ratings, readings), [
      { metric: "er", family: "birds", replies: 1, withReadings: 0.5 },
    ]);
  });
});
