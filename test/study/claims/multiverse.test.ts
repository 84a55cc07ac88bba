import assert from "node:assert/strict";
import { runMultiverse, toMultiverseRows } from "../../../apps/claims/multiverse";
import {
  type Analysis,
  answerOf,
  answersTo,
  CHOICE_NAMES,
  type Instruments,
  listAnalyses,
  mainAnalysis,
} from "../../../src/claims/analysis";
import { assessClaim } from "../../../src/claims/assess-claim";
import { madeClaim, madeShares, madeSystem } from "./made-claims";

const SYSTEMS = [
  madeSystem("a", "llm"),
  madeSystem("b", "llm"),
  madeSystem("b2", "llm", { model: "model of b", variantOf: "b" }),
  madeSystem("x", "ecs"),
  madeSystem("y", "ecs"),
];
const WITHIN = madeClaim({ contrast: "negative-positive" });
const INSTRUMENTS: Instruments = ["readings", "head", "block"];
const MAIN = mainAnalysis(INSTRUMENTS);

/** Shares that depend on an analysis by a step for each answer that is not the main one's. */
function stepped(steps: Readonly<Partial<Record<"instrument" | "dialogues" | "turns", number>>>) {
  return (analysis: Pick<Analysis, "instrument" | "dialogues" | "turns">) => {
    const step = (["instrument", "dialogues", "turns"] as const).reduce(
      (sum, choice) => sum + (analysis[choice] === MAIN[choice] ? 0 : (steps[choice] ?? 0)),
      0,
    );
    const of = (negative: number) => ({
      lead: { positive: 0, negative: negative + step, ambiguous: 0.007 + step / 3 },
      variance: 0.0001,
    });
    return madeShares(SYSTEMS, { a: of(0.1), b: of(0.2), b2: of(0.4), x: of(0.01), y: of(0.04) });
  };
}

const OF_ALL = { instrument: 0.01, dialogues: 0.023, turns: 0.057 };
const measured = () => null;

describe("listAnalyses", () => {
  it("gives 16 and the block's two, thrice that where negative prompts are held against others", () => {
    for (const [contrast, count] of [
      ["all", 18],
      ["negative", 18],
      ["negative-positive", 54],
    ] as const) {
      const analyses = listAnalyses(madeClaim({ contrast }), INSTRUMENTS);
      assert.equal(analyses.length, count);
      assert.equal(new Set(analyses.map((one) => JSON.stringify(one))).size, count);
      assert.deepEqual(analyses[0], MAIN);
    }
  });

  it("answers every choice in words", () => {
    for (const choice of CHOICE_NAMES) {
      const words = new Set(listAnalyses(WITHIN, INSTRUMENTS).map((one) => answerOf(one, choice)));
      assert.deepEqual([...words], answersTo(choice, INSTRUMENTS));
    }
  });
});

describe("runMultiverse", () => {
  const run = (steps: Parameters<typeof stepped>[0], systems = SYSTEMS, claim = WITHIN) => [
    ...runMultiverse(claim, INSTRUMENTS, systems, stepped(steps), measured),
  ];

  it("puts a claim to every analysis that differs, the main one first", () => {
    const analyses = run(OF_ALL);
    assert.deepEqual(analyses[0]?.analysis, MAIN);
    assert.deepEqual(
      analyses[0]?.outcome,
      assessClaim(WITHIN, stepped(OF_ALL)(MAIN), SYSTEMS, { reading: "positive" }),
    );
    const rows = toMultiverseRows(WITHIN, analyses);
    const found = (given: Partial<Analysis>) =>
      rows.find((row) =>
        CHOICE_NAMES.every((choice) => row[choice] === { ...MAIN, ...given }[choice]),
      );
    // Units 0.1 and 0.3 against 0.01 and 0.04; one per model: 0.1 and 0.2.
    const close = (one: number | null | undefined, other: number) =>
      assert.ok(Math.abs((one as number) - other) < 1e-12, `${one} and ${other}`);
    close(found({})?.these, 0.2 - 0.025);
    close(found({ instructions: "one" })?.these, 0.15 - 0.025);
    assert.equal(found({})?.units, 4);
  });

  it("counts analyses once that come to the same", () => {
    const alone = SYSTEMS.filter(({ variantOf }) => !variantOf);
    // Three readings and two choices of instructions differ in any case.
    assert.equal(run({}).length, 6);
    assert.equal(run({ instrument: 0.03 }).length, 12);
    assert.equal(run({ instrument: 0.03 }, alone).length, 6);
    assert.equal(run({ turns: 0.03 }, alone, madeClaim()).length, 2);
  });

  it("rules on each by the one rule, and says of an instrument that it cannot measure", () => {
    const unmeasuredBy = (instrument: string) => (instrument === "head" ? "its J is .1" : null);
    const analyses = runMultiverse(WITHIN, INSTRUMENTS, SYSTEMS, stepped(OF_ALL), unmeasuredBy);
    const rows = toMultiverseRows(WITHIN, [...analyses]);
    for (const { instrument, verdict, reason } of rows) {
      assert.equal(verdict === "cannot be measured", instrument === "head");
      assert.equal(reason, instrument === "head" ? "its J is .1" : "");
    }
  });

  it("holds the main analysis's place where it has no estimate", () => {
    const rows = toMultiverseRows(WITHIN, run(OF_ALL, SYSTEMS.slice(3)));
    assert.equal(rows.length, 1);
    assert.deepEqual([rows[0]?.verdict, rows[0]?.these], ["cannot be told", null]);
    assert.equal(rows[0]?.reason, "no scored replies of family 'LLM'");
  });

  it("asks no head whether a reply makes sense", () => {
    const claim = madeClaim({ outcome: "fits" });
    const analyses = [...runMultiverse(claim, INSTRUMENTS, SYSTEMS, stepped(OF_ALL), measured)];
    assert.ok(analyses.every(({ analysis }) => analysis.instrument !== "head"));
  });
});
