import assert from "node:assert/strict";
import {
  type Analysis,
  answerOf,
  CHOICE_NAMES,
  CHOICES,
  listAnalyses,
  MAIN_ANALYSIS,
} from "../../../src/claims/analysis";
import { assessClaim } from "../../../src/claims/assess-claim";
import type { Leads } from "../../../src/claims/leads";
import type { LeadsTask } from "../../../src/claims/leads-task";
import {
  listSensitivities,
  listTasks,
  runMultiverse,
  taskOf,
  VARIANT_NAMES,
} from "../../../src/claims/multiverse";
import { jointPermutationP } from "../../../src/claims/permutation";
import { PUBLISHED_STUDY } from "../../../src/study/study";
import { madeClaim, madeLeads, madeSystem } from "./made-claims";

const SYSTEMS = [
  madeSystem("a", "llm"),
  madeSystem("b", "llm"),
  madeSystem("b2", "llm", { model: "model of b", variantOf: "b" }),
  madeSystem("x", "ecs"),
  madeSystem("y", "ecs"),
];
const WITHIN = madeClaim({ contrast: "negative-positive", margin: 0.2 });

/** Leads that depend on a task by a step for each answer that is not the main one's. */
function stepped(steps: Readonly<Partial<Record<keyof LeadsTask, number>>>) {
  return (task: LeadsTask): Leads => {
    const step = (["scorer", "dialogues", "turns", "variant"] as const).reduce((sum, choice) => {
      const isMain = task[choice] === (choice === "variant" ? "none" : MAIN_ANALYSIS[choice]);
      return sum + (isMain ? 0 : (steps[choice] ?? 0));
    }, 0);
    const of = (positive: number, variance = 0.01) => ({
      lead: { positive: 0, negative: positive + step, ambiguous: 0.07 + step / 3 },
      variance,
    });
    return madeLeads({ a: of(1), b: of(2), b2: of(4), x: of(0.1), y: of(0.4) });
  };
}

const OF_ALL = { scorer: 0.1, dialogues: 0.23, turns: 0.57 };

describe("listAnalyses", () => {
  it("gives 16 for a level and 48 where negative prompts are held against others, each once", () => {
    for (const [contrast, count] of [
      ["all", 16],
      ["negative", 16],
      ["negative-positive", 48],
    ] as const) {
      const analyses = listAnalyses({ contrast }, PUBLISHED_STUDY);
      assert.equal(analyses.length, count);
      assert.equal(new Set(analyses.map((one) => JSON.stringify(one))).size, count);
      assert.deepEqual(analyses[0], MAIN_ANALYSIS);
    }
  });

  it("answers every choice in words", () => {
    for (const choice of CHOICE_NAMES) {
      const words = new Set(
        listAnalyses({ contrast: "negative-positive" }, PUBLISHED_STUDY).map((one) =>
          answerOf(one, choice),
        ),
      );
      assert.deepEqual([...words], Object.values(CHOICES[choice].answers));
    }
  });
});

describe("listTasks", () => {
  it("asks for eight models of a metric and outcome, and one for each other question", () => {
    const keys = (claims: Parameters<typeof listTasks>[0]) =>
      new Set(listTasks(claims, PUBLISHED_STUDY).map((task) => JSON.stringify(task))).size;
    assert.equal(keys([madeClaim()]), 8 + Object.keys(VARIANT_NAMES).length);
    assert.equal(keys([madeClaim(), WITHIN]), 11);
    assert.equal(keys([madeClaim(), madeClaim({ outcome: "strong" })]), 22);
  });
});

describe("runMultiverse", () => {
  it("puts a claim to every analysis that differs, the main one first", () => {
    const { analyses } = runMultiverse(WITHIN, "all", SYSTEMS, stepped(OF_ALL), PUBLISHED_STUDY);
    assert.equal(analyses.length, 48);
    assert.deepEqual(analyses[0]?.analysis, MAIN_ANALYSIS);
    const main = assessClaim(WITHIN, stepped(OF_ALL)(taskOf(WITHIN, MAIN_ANALYSIS)), SYSTEMS);
    assert.deepEqual(analyses[0]?.outcome, main);
    const found = (given: Partial<Analysis>) =>
      analyses.find(
        ({ analysis }) =>
          JSON.stringify(analysis) === JSON.stringify({ ...MAIN_ANALYSIS, ...given }),
      )?.outcome.assessment;
    const [all, one] = [found({}), found({ instructions: "one" })];
    assert.deepEqual(
      all?.units.map(({ estimate }) => estimate),
      [1, 3, 0.1, 0.4],
    );
    assert.deepEqual(
      one?.units.map(({ estimate }) => estimate),
      [1, 2, 0.1, 0.4],
    );
    // Against others the mean of both is taken away; only the main analysis has shares.
    const others = found({ scorer: "embedded-support", reading: "others" });
    assert.ok(Math.abs((others?.units[0]?.estimate ?? 0) - (1.1 - (0.07 + 0.1 / 3) / 2)) < 1e-12);
    assert.ok(all?.share !== null && one?.share === null && others?.share === null);
  });

  it("counts analyses once that come to the same", () => {
    const lengths = (steps: Parameters<typeof stepped>[0], systems = SYSTEMS, claim = WITHIN) =>
      runMultiverse(claim, "all", systems, stepped(steps), PUBLISHED_STUDY).analyses.length;
    // Three readings and two choices of instructions differ in any case.
    assert.equal(lengths({}), 6);
    assert.equal(lengths({ scorer: 0.3 }), 12);
    const alone = SYSTEMS.filter(({ variantOf }) => !variantOf);
    assert.equal(lengths({ scorer: 0.3 }, alone), 6);
    assert.equal(lengths({ turns: 0.3 }, alone, madeClaim()), 2);
  });

  it("holds the main analysis's place where it has no estimate", () => {
    const { analyses, p } = runMultiverse(
      WITHIN,
      "all",
      SYSTEMS.slice(3),
      stepped(OF_ALL),
      PUBLISHED_STUDY,
    );
    assert.deepEqual(analyses, [
      {
        analysis: MAIN_ANALYSIS,
        outcome: { assessment: null, reason: "no scored replies of family 'LLM'" },
      },
    ]);
    assert.equal(p, null);
  });

  it("tests the median over the analyses by the models of both families", () => {
    const { analyses, p } = runMultiverse(WITHIN, "all", SYSTEMS, stepped(OF_ALL), PUBLISHED_STUDY);
    const estimates = analyses.map(({ outcome }) =>
      (outcome.assessment?.units ?? []).map(({ estimate }) => estimate),
    );
    assert.equal(p, jointPermutationP(estimates, [true, true, false, false]));
  });

  it("asks the study's own models alone, and the older systems that it compared", () => {
    const own = SYSTEMS.map((system) => ({ ...system, inPaper: ["a", "x"].includes(system.id) }));
    const relation = { to: "gpt-4", how: "the study's model, another instruction" };
    const related = own.map((system) => (system.id === "b" ? { ...system, relation } : system));
    const { analyses } = runMultiverse(
      madeClaim(),
      "study",
      related,
      stepped(OF_ALL),
      PUBLISHED_STUDY,
    );
    assert.deepEqual(
      analyses[0]?.outcome.assessment?.units.map(({ systems }) => systems.join()),
      ["a", "b", "x"],
    );
  });
});

describe("listSensitivities", () => {
  const questions = (claim: typeof WITHIN) =>
    listSensitivities(claim, SYSTEMS, stepped({ variant: 1 }), PUBLISHED_STUDY).map(
      ({ question }) => question,
    );
  const without = (...of: string[]) => of.map((id) => `without paper of ${id}`);

  it("asks the other questions under their own names, and leaves out each publication in turn", () => {
    assert.deepEqual(questions(WITHIN), [
      ...Object.values(VARIANT_NAMES),
      "one spread for both families",
      ...without("a", "b", "b2", "x", "y"),
    ]);
  });

  it("does not ask of people what two families are asked", () => {
    const ofPeople = madeClaim({ compared: { family: "llm", with: "human" } });
    assert.deepEqual(questions(ofPeople), [
      VARIANT_NAMES.length,
      VARIANT_NAMES.situation,
      ...without("a", "b", "b2"),
    ]);
  });

  it("takes systems that saw the situation only where that is asked, and nowhere else", () => {
    const apart = SYSTEMS.map((system) =>
      system.id === "a" ? { ...system, apart: "made", shown: "situation" as const } : system,
    );
    const found = listSensitivities(madeClaim(), apart, stepped({ variant: 1 }), PUBLISHED_STUDY);
    const unitsOf = (question: string) =>
      found
        .find((one) => one.question === question)
        ?.outcome.assessment?.units.map(({ unit }) => unit);
    assert.ok(unitsOf(VARIANT_NAMES.situation)?.includes("model of a"));
    assert.equal(unitsOf(VARIANT_NAMES.length), undefined);
    assert.equal(
      found.find(({ question }) => question === VARIANT_NAMES.length)?.outcome.reason,
      "1 model of family 'LLM'; at least 2 are needed",
    );
  });

  it("uses what stage 1 says under that question", () => {
    const [shared, length] = listSensitivities(
      WITHIN,
      SYSTEMS,
      stepped({ variant: 1 }),
      PUBLISHED_STUDY,
    );
    const plain = listSensitivities(WITHIN, SYSTEMS, stepped({}), PUBLISHED_STUDY)[1];
    const unit = (one: typeof length) => one?.outcome.assessment?.units[0]?.estimate;
    assert.deepEqual([unit(shared), unit(length), unit(plain)], [2, 2, 1]);
  });
});
