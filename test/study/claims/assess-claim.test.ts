import assert from "node:assert/strict";
import { isMissing } from "kit";
import { studentQuantile, upperQuantile } from "mixed-models";
import { clusterRobust, fitMultilevelMeta } from "mixed-models/meta";
import { leaveOneOut } from "../../../apps/claims/hinges";
import { simulateVerdicts } from "../../../apps/claims/simulate-verdicts";
import {
  type Assessment,
  assessClaim,
  type ClaimOutcome,
  isAssessed,
} from "../../../src/claims/assess-claim";
import { weightsOf } from "../../../src/claims/claim";
import { headInstrument } from "../../../src/claims/instrument";
import { leadPoints } from "../../../src/claims/lead-points";
import { estimateShares, layOutShares } from "../../../src/claims/share-table";
import { averageByUnit, familiesOf, weighTwice } from "../../../src/claims/unit-estimates";
import { ruleOn } from "../../../src/claims/verdict";
import { SENTIMENTS } from "../../../src/corpus/emotions";
import { projectPath } from "../../../src/project";
import { listScoredSystems } from "../../../src/study/scored-replies";
import { readStudy } from "../../../src/study/study";
import { readSystems } from "../../../src/systems/system";
import {
  collectionOf,
  isCompared,
  systemsOf,
  unitOf,
  withoutVariants,
} from "../../../src/systems/unit";
import { type MadeShare, madeClaim, madeShares, madeSystem, simulateReplies } from "./made-claims";

const ABOVE_PEOPLE = madeClaim({ compared: { family: "llm", with: "human" } });
const LLMS = ["a", "b", "c"].map((id) => madeSystem(id, "llm"));
const OLDER = ["x", "y"].map((id) => madeSystem(id, "ecs"));

function known(leads: Readonly<Record<string, number>>, variance = 0.0003) {
  return Object.fromEntries(
    Object.entries(leads).map(([id, lead]): [string, MadeShare] => [id, { lead, variance }]),
  );
}

function found(outcome: ClaimOutcome): Assessment {
  assert.ok(isAssessed(outcome), isMissing(outcome) ? outcome.missing : "");
  return outcome;
}

function close(one: number | null | undefined, other: number, tolerance = 1e-9): void {
  assert.ok(Math.abs((one as number) - other) <= tolerance, `${one} and ${other}`);
}

describe("weightsOf", () => {
  it("weighs sentiments alike, negative ones alone, or against what a reading says", () => {
    const of = (...args: Parameters<typeof weightsOf>) =>
      SENTIMENTS.map((sentiment) => weightsOf(...args)[sentiment]);
    assert.deepEqual(of("all"), [1 / 3, 1 / 3, 1 / 3]);
    assert.deepEqual(of("negative"), [0, 1, 0]);
    assert.deepEqual(of("negative-positive"), [-1, 1, 0]);
    assert.deepEqual(of("negative-positive", "ambiguous"), [0, 1, -1]);
    assert.deepEqual(of("negative-positive", "others"), [-0.5, 1, -0.5]);
  });
});

describe("assessClaim", () => {
  it("gives the intervals of leads of one family by hand, each in a collection of its own", () => {
    // Each lead is the mean of three entries of variance 0.0003, so that its own variance is 0.0001.
    const table = madeShares(LLMS, known({ a: 0.1, b: 0.2, c: 0.3 }), 0.0006);
    const { models, these, df, sides, units, permutationP } = found(
      assessClaim(ABOVE_PEOPLE, table, LLMS),
    );
    close(these.estimate, 0.2);
    // People's error is shared: it does not average out over the models.
    const stageOne = Math.sqrt(0.0001 / 3 + 0.0002);
    close(these.upper, 0.2 + upperQuantile(0.025) * stageOne);
    close(these.lower, 0.4 - (these.upper as number));
    // CR2 with a cluster for each of three equal units is the variance of a mean; people's is added.
    close(models.estimate, 0.2, 1e-7);
    const se = Math.sqrt(0.01 / 3 + 0.0002);
    close(df, 2, 1e-9);
    close(models.upper, 0.2 + studentQuantile(0.025, 2) * se, 1e-6);
    assert.deepEqual(sides, [{ units: 3, collections: 3 }]);
    assert.deepEqual(
      units.map(({ unit, collection }) => [unit, collection]),
      LLMS.map(({ id }) => [`model of ${id}`, `paper of ${id}`]),
    );
    // Of eight arrangements of signs, two are as far from zero.
    assert.equal(permutationP, 0.25);
  });

  it("compares two families as the multilevel meta-analysis with its robust test, on the units' own errors", () => {
    const all = [...LLMS, madeSystem("d", "llm", { publication: "paper of a" }), ...OLDER].concat(
      madeSystem("z", "ecs", { collection: "paper of a" }),
    );
    const leads = { a: 0.1, b: 0.2, c: 0.33, d: 0.15, x: 0.02, y: 0.09, z: -0.1 };
    const table = madeShares(all, known(leads), 0.00015);
    const { models, equivalence, df, units, spread } = found(assessClaim(madeClaim(), table, all));
    const by = units.map(({ family }) => family as string);
    const collections = units.map(({ collection }) => collection);
    const fit = fitMultilevelMeta({
      effects: Object.values(leads),
      covariance: units.map(() => 0.0001),
      moderators: {
        names: ["llm", "ecs"],
        rows: by.map((family) => (family === "llm" ? [1, 0] : [0, 1])),
      },
      random: [
        { name: "collection", groups: collections, by },
        { name: "unit", groups: units.map(({ unit }) => unit), by },
      ],
    });
    const [robust] = clusterRobust(fit, collections, { contrasts: [[1, -1]] }).contrasts;
    // What is shared with people cancels in a difference of two families.
    close(models.estimate, robust?.estimate as number, 1e-9);
    // Five collections, two families: three degrees of freedom at most.
    const most = Math.min(3, robust?.df as number);
    close(df, most, 1e-6);
    const reachOf = (alpha: number) => studentQuantile(alpha, most) * (robust?.se as number);
    close(models.lower, models.estimate - reachOf(0.025), 1e-6);
    close(models.upper, models.estimate + reachOf(0.025), 1e-6);
    close(equivalence.upper, models.estimate + reachOf(0.05), 1e-6);
    assert.ok((spread.llm as number) >= 0 && (spread.ecs as number) >= 0);
  });

  it("leaves what is shared with people out of what is known of two families at hand", () => {
    const reachOf = (shared: number) => {
      const table = madeShares(
        [...LLMS, ...OLDER],
        known({ a: 0.1, b: 0.2, c: 0.3, x: 0, y: 0.1 }),
        shared,
      );
      const { these } = found(assessClaim(madeClaim(), table, [...LLMS, ...OLDER]));
      return (these.upper as number) - these.estimate;
    };
    const reach = upperQuantile(0.025) * Math.sqrt(0.0001 / 3 + 0.0001 / 2);
    for (const shared of [0, 0.003]) close(reachOf(shared), reach);
  });

  it("has no interval for models like these of one unit, or of one collection, and says what it saw", () => {
    const one = found(
      assessClaim(madeClaim(), madeShares([...LLMS, ...OLDER], known({ a: 0.1, b: 0.3, x: 0.1 })), [
        ...LLMS,
        ...OLDER,
      ]),
    );
    assert.deepEqual(one.models, { estimate: one.these.estimate, lower: null, upper: null });
    assert.deepEqual([one.df, one.p], [null, null]);
    close(one.these.estimate, 0.1);
    const together = LLMS.map((system) => ({ ...system, publication: "one paper" }));
    const table = madeShares(together, known({ a: 0.1, b: 0.2, c: 0.3 }));
    assert.equal(found(assessClaim(ABOVE_PEOPLE, table, together)).models.lower, null);
  });

  it("takes the sentiments that the contrast and its reading ask for", () => {
    const lead = { positive: 0.1, negative: 0.3, ambiguous: 0.2 };
    const table = madeShares(LLMS, { a: { lead, variance: 1e-4 }, b: { lead, variance: 1e-4 } });
    const of = (contrast: "all" | "negative" | "negative-positive", reading?: "others") =>
      found(assessClaim({ ...ABOVE_PEOPLE, contrast }, table, LLMS, reading ? { reading } : {}))
        .these;
    close(of("all").estimate, 0.2);
    close(of("negative").estimate, 0.3);
    close(of("negative-positive").estimate, 0.2);
    close(of("negative-positive", "others").estimate, 0.15);
    // A difference of two entries of variance 0.0001, of a mean of two systems.
    const { estimate, upper } = of("negative-positive");
    close((upper as number) - estimate, upperQuantile(0.025) * Math.sqrt(0.0002 / 2));
  });

  it("compares a family with itself by its own shares: people take no part", () => {
    const slope = { positive: 0, negative: -0.1, ambiguous: 0 };
    const table = madeShares(
      LLMS,
      { a: { lead: slope, variance: 1e-4 }, b: { lead: slope, variance: 1e-4 } },
      0.5,
    );
    const claim = madeClaim({ compared: { family: "llm" }, contrast: "negative-positive" });
    const { these } = found(assessClaim(claim, table, LLMS));
    close(these.estimate, -0.1);
    close((these.upper as number) - these.estimate, upperQuantile(0.025) * Math.sqrt(0.0002 / 2));
  });

  it("says whom it lacks", () => {
    const table = madeShares([...LLMS, ...OLDER], known({ a: 0.1, b: 0.2, x: 0 }));
    const reasonOf = (systems: typeof LLMS, of = table) => {
      const outcome = assessClaim(madeClaim(), of, systems);
      return isMissing(outcome) ? outcome.missing : undefined;
    };
    assert.equal(reasonOf(LLMS), "no scored replies of family 'older system (ECS)'");
    assert.equal(reasonOf(OLDER), "no scored replies of family 'LLM'");
    const reasons = table.reasons.map((_, at) =>
      at === 1 ? "3 replies read, fewer than 10" : null,
    );
    assert.equal(
      reasonOf([...LLMS.slice(0, 1), ...OLDER], { ...table, reasons }),
      "no system of family 'LLM' can be compared: A: 3 replies read, fewer than 10",
    );
  });

  it("finds a difference of families in replies that were simulated with one", () => {
    const alike = (lead: number) => ({ positive: lead, negative: lead, ambiguous: lead });
    const systems = [...LLMS, ...OLDER];
    const anchored = simulateReplies(
      {
        systems,
        people: -1,
        dialogues: 120,
        dialogueSd: 0.6,
        stimulusSd: 0,
        leads: { a: alike(2), b: alike(2.3), c: alike(2.6), x: alike(0.4), y: alike(0.6) },
      },
      21,
    );
    const table = estimateShares(layOutShares(anchored, headInstrument(20)), "er", "any");
    const { models, these } = found(assessClaim(madeClaim(), table, systems));
    close(these.estimate, 0.38, 0.06);
    assert.ok((models.lower as number) < these.estimate && (models.upper as number) > 0.3);
  });
});

describe("averageByUnit", () => {
  it("averages two instructions of a model, and the decodings of a publication", () => {
    const systems = [
      madeSystem("a", "llm", { model: "gpt" }),
      madeSystem("b", "llm", { model: "gpt" }),
      madeSystem("c", "llm", { publication: "paper of x" }),
      madeSystem("x", "ecs"),
      madeSystem("y", "ecs", { publication: "paper of x", collection: "a repository" }),
    ];
    const table = madeShares(systems, known({ a: 0.1, b: 0.2, c: 0.5, x: 0.02, y: 0.06 }), 0.00015);
    const { units, covariance, ownCovariance } = averageByUnit(
      madeClaim(),
      systems,
      table,
      weightsOf("all"),
    );
    assert.deepEqual(
      units.map(({ unit, collection, systems: of }) => [unit, collection, ...of]),
      [
        ["gpt", "paper of a and paper of b", "a", "b"],
        ["model of c", "paper of x", "c"],
        ["paper of x", "a repository and paper of x", "x", "y"],
      ],
    );
    close(units[0]?.estimate, 0.15);
    close(covariance[0]?.[0], 0.0001 / 2 + 0.00005);
    close(covariance[0]?.[1], 0.00005);
    close(ownCovariance[0]?.[1], 0);
    close(units[1]?.se, Math.sqrt(0.00015));
  });

  it("gives the variance of a weighted sum as its covariance does", () => {
    const systems = [...LLMS, ...OLDER];
    const leads = known({ a: 0.1, b: 0.2, c: 0.5, x: 0.02, y: 0.06 }, 0.00015);
    const found = averageByUnit(madeClaim(), systems, madeShares(systems, leads), weightsOf("all"));
    const weights = [0.5, -0.25, 1, 0.125, -2];
    close(found.varianceOf(weights), weighTwice(found.covariance, weights), 1e-15);
    close(found.peopleVarianceOf(weights), weighTwice(found.peopleCovariance, weights), 1e-15);
  });

  it("leaves out a system that lacks a sentiment which the contrast looks at, and no other", () => {
    const table = madeShares(LLMS, known({ a: 0.1, b: 0.2 }));
    const reasons = table.reasons.map((_, at) => (at === 2 ? "too few" : null));
    const unitsOf = (contrast: "all" | "negative") =>
      averageByUnit(madeClaim(), LLMS, { ...table, reasons }, weightsOf(contrast)).units.length;
    assert.deepEqual([unitsOf("all"), unitsOf("negative")], [1, 2]);
  });
});

describe("leaveOneOut", () => {
  it("gives what is found of the systems that are left, also where a unit loses one of its two", () => {
    const systems = [
      madeSystem("a", "llm", { model: "gpt", collection: "one" }),
      madeSystem("b", "llm", { model: "gpt", collection: "two" }),
      ...["c", "d", "e"].map((id) => madeSystem(id, "llm", { collection: `of ${id}` })),
      ...OLDER,
      madeSystem("z", "ecs"),
    ];
    const leads = { a: 0.3, b: 0.1, c: 0.2, d: 0.25, e: 0.15, x: 0.05, y: 0.02, z: 0.1 };
    const table = madeShares(systems, known(leads));
    for (const { without, of, estimate, these } of leaveOneOut(madeClaim(), table, systems)) {
      const nameOf = of === "unit" ? unitOf : collectionOf;
      const left = systems.filter((system) => nameOf(system) !== without);
      const expected = found(assessClaim(madeClaim(), table, left));
      close(estimate, expected.models.estimate);
      close(these, expected.these.estimate);
    }
  });

  it("rules again without each unit and each collection", () => {
    const systems = ["a", "b", "c", "d", "e", "f"].map((id, at) =>
      madeSystem(id, "llm", { publication: `paper ${Math.floor(at / 2)}` }),
    );
    const leads = { a: 0.2, b: 0.225, c: 0.19, d: 0.21, e: 0.201, f: 0.2 };
    const table = madeShares(systems, known(leads));
    const all = leaveOneOut(ABOVE_PEOPLE, table, systems);
    assert.deepEqual(
      all.map(({ of, without }) => `${of} ${without}`),
      [
        ...["a", "b", "c", "d", "e", "f"].map((id) => `unit model of ${id}`),
        ...[0, 1, 2].map((at) => `collection paper ${at}`),
      ],
    );
    assert.equal(ruleOn(ABOVE_PEOPLE, found(assessClaim(ABOVE_PEOPLE, table, systems))), "holds");
    for (const { of, ruling } of all) {
      // Five units in three collections are still enough; two collections are not.
      assert.equal(ruling, of === "unit" ? "holds" : "seen in these systems");
    }
  });
});

describe("simulateVerdicts", () => {
  const systems = ["a", "b", "c", "d", "e"].map((id) => madeSystem(id, "llm"));
  const table = madeShares(systems, known({ a: 0, b: 0, c: 0, d: 0, e: 0 }));
  const given = {
    units: averageByUnit(ABOVE_PEOPLE, systems, table, weightsOf("all")),
    families: familiesOf(ABOVE_PEOPLE),
    collectionSd: {},
    unitSd: { llm: 0.05 },
    marginInPoints: 5,
    replicates: 200,
    seed: 5,
  };

  it("rarely finds a difference that is not there, and nearly always one that is large", () => {
    const none = simulateVerdicts({ ...given, difference: 0 });
    assert.ok((none.get("holds") ?? 0) + (none.get("the opposite holds") ?? 0) <= 0.06);
    assert.ok((simulateVerdicts({ ...given, difference: 0.3 }).get("holds") ?? 0) > 0.95);
  });

  it("gives the same shares again, which sum to one", () => {
    const found = simulateVerdicts({ ...given, difference: 0.1 });
    assert.deepEqual(found, simulateVerdicts({ ...given, difference: 0.1 }));
    close(
      [...found.values()].reduce((sum, share) => sum + share, 0),
      1,
      1e-9,
    );
  });
});

describe("the registry's systems", () => {
  const systems = readSystems();
  const idsOf = (list: typeof systems) => list.map(({ id }) => id);

  it("are compared unless they are excluded or shown apart", () => {
    const left = systems.filter((system) => !isCompared(system));
    assert.deepEqual(idsOf(left), [
      "moel-oracle",
      "llama-2-13b",
      "llama-2-7b",
      "mistral-7b",
      "dialogpt",
    ]);
    assert.deepEqual(systemsOf("all", systems), systems.filter(isCompared));
  });

  it("are the study's own where the study names them, or its model under another instruction", () => {
    const own = systemsOf("study", systems).filter(({ inPaper }) => !inPaper);
    assert.deepEqual(idsOf(own), [
      "gpt-4-plain",
      "gpt-4-empathy",
      "gpt-3.5-davinci",
      "gpt-3.5-turbo",
    ]);
    // Gemini is another model than the study's PaLM 2.
    assert.ok(!idsOf(systemsOf("study", systems)).includes("gemini-1.0-pro"));
  });

  it("are units by model, older ones by publication", () => {
    const of = (id: string) =>
      unitOf(systems.find((system) => system.id === id) as (typeof systems)[0]);
    assert.equal(of("gpt-4-plain"), of("gpt-4-empathy"));
    assert.equal(of("moel"), of("moel-transformer"));
    assert.notEqual(of("zephyr-7b"), of("zephyr-7b-tuned"));
    assert.notEqual(of("llama-2-70b"), of("mixtral-8x7b"));
  });

  it("that have scores hold one a unit without variants", () => {
    const scored = listScoredSystems(readStudy(projectPath()), "embedded-roberta").filter(
      isCompared,
    );
    const units = withoutVariants(scored).map(unitOf);
    assert.equal(new Set(units).size, units.length);
    assert.deepEqual(new Set(units), new Set(scored.map(unitOf)));
  });
});

describe("leadPoints", () => {
  it("shows LLMs first, what holds for models like these, then each from the largest lead down", () => {
    const systems = [...OLDER.slice(0, 1), ...LLMS];
    const table = madeShares(systems, known({ a: 0.1, b: 0.3, c: 0.2, x: 0.5 }), 0.0001);
    const points = leadPoints([table], systems);
    assert.deepEqual(
      [...new Set(points.map(({ name }) => name))],
      ["LLM: mean of models like these", "B", "C", "A", "X"],
    );
    const first = points.find(({ name }) => name === "B");
    close(first?.value, 0.3);
    close(first?.upper, 0.3 + upperQuantile(0.025) * Math.sqrt(0.0004));
    const mean = points.find(({ name }) => name.endsWith("models like these"));
    close(mean?.value, 0.2, 1e-6);
    assert.deepEqual([mean?.isSummary, first?.isSummary], [true, undefined]);
    assert.ok((mean?.lower as number) < 0.2);
  });

  it("has no point for what was not answered, and no mean of two models", () => {
    const table = madeShares(LLMS, known({ a: 0.1, b: 0.3 }));
    const reasons = table.reasons.map((_, at) => (at === 1 ? "too few" : null));
    const points = leadPoints([{ ...table, reasons }], LLMS);
    assert.deepEqual(
      points.map(({ name, series }) => `${name} ${series}`),
      ["B positive", "B negative", "A positive"],
    );
    assert.ok(points.every(({ value, lower }) => Number.isFinite(value) && Number.isFinite(lower)));
  });
});
