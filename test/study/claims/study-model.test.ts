import assert from "node:assert/strict";
import { isMissing } from "kit";
import { fitMixed, upperQuantile } from "mixed-models";
import { itNeeds, patience } from "test-support/needs";
import {
  estimateUnderStudyModel,
  openStudyModel,
} from "../../../apps/claims/study-model-estimates";
import { countFalseAlarms } from "../../../src/claims/false-alarms";
import { powerTable } from "../../../src/claims/power-table";
import { countReplies, fitStudyModel } from "../../../src/claims/study-model";
import { SENTIMENTS } from "../../../src/corpus/emotions";
import { PUBLISHED_STUDY } from "../../../src/study/study";
import { madeClaim, madeReply, madeSystem, simulateReplies } from "./made-claims";

const alike = (lead: number) => ({ positive: lead, negative: lead, ambiguous: lead });
const SYSTEMS = [
  ...["a", "b", "c"].map((id) => madeSystem(id, "llm")),
  ...["x", "y", "z"].map((id) => madeSystem(id, "ecs")),
];
const anchored = simulateReplies(
  {
    systems: SYSTEMS,
    people: -1,
    dialogues: 60,
    dialogueSd: 0,
    stimulusSd: 0,
    leads: {
      a: alike(1.4),
      b: alike(1.5),
      c: { ...alike(1.6), negative: 2.6 },
      x: alike(0.4),
      y: alike(0.5),
      z: alike(0.6),
    },
  },
  9,
);

describe("the study's model", () => {
  it("comes to the same from counts as from the replies one by one", () => {
    const fit = fitStudyModel(anchored, "er", "any", PUBLISHED_STUDY);
    const families = new Map<string, string>(SYSTEMS.map(({ id, family }) => [id, family]));
    const { replies } = anchored;
    const whole = fitMixed(
      "y ~ family * sentiment + (1 | system)",
      {
        y: replies.map(({ levels }) => levels.er),
        family: replies.map(({ system }) => families.get(system) ?? "human"),
        sentiment: replies.map(({ sentiment }) => sentiment),
        system: replies.map(({ system }) => system),
      },
      { family: "binomial" },
    );
    assert.equal(fit.coefficients.length, 9);
    for (const [at, { name, estimate, se }] of whole.coefficients.entries()) {
      const one = fit.coefficients[at];
      assert.equal(one?.name, name);
      assert.ok(Math.abs((one?.estimate as number) - estimate) < 1e-4, name);
      assert.ok(Math.abs((one?.se as number) - se) < 1e-3, name);
    }
  });

  it("counts replies that show it, by system and sentiment", () => {
    const columns = countReplies(anchored, "er", "any");
    assert.equal(columns.share.length, 7 * SENTIMENTS.length);
    assert.deepEqual(new Set(columns.replies), new Set([120]));
    assert.equal(columns.family[columns.system.indexOf("human")], "human");
    const at = columns.system.findIndex(
      (system, row) => system === "c" && columns.sentiment[row] === "negative",
    );
    const own = anchored.replies.filter(
      ({ system, sentiment }) => system === "c" && sentiment === "negative",
    );
    const shown = own.filter(({ levels }) => levels.er > 0).length;
    assert.equal(columns.share[at], shown / own.length);
    assert.ok(countReplies(anchored, "er", "strong").share.every((share) => share === 0));
  });

  it("finds the difference of families, with the interval of Wald's test", () => {
    const fit = fitStudyModel(anchored, "er", "any", PUBLISHED_STUDY);
    const found = estimateUnderStudyModel(fit, madeClaim());
    assert.ok(!isMissing(found));
    const { estimate, se, lower, upper } = found;
    assert.ok(Math.abs(estimate - 1.1) < 0.3, `${estimate}`);
    assert.ok(Math.abs(upper - estimate - upperQuantile(0.025) * se) < 1e-12);
    assert.ok(Math.abs(estimate - lower - (upper - estimate)) < 1e-12);
    const contrast = { contrast: "negative-positive" } as const;
    const interaction = estimateUnderStudyModel(fit, madeClaim(contrast));
    const coefficient = (name: string) =>
      fit.coefficients.find((one) => one.name === name)?.estimate as number;
    const direct =
      coefficient("familyllm:sentimentnegative") - coefficient("familyllm:sentimentpositive");
    assert.ok(!isMissing(interaction) && Math.abs(interaction.estimate - direct) < 1e-9);
    const within = estimateUnderStudyModel(
      fit,
      madeClaim({ ...contrast, compared: { family: "llm" } }),
    );
    const own = direct + coefficient("sentimentnegative") - coefficient("sentimentpositive");
    assert.ok(!isMissing(within) && Math.abs(within.estimate - own) < 1e-9);
  });

  it("says what it lacks", () => {
    const systems = SYSTEMS.filter(({ family }) => family === "llm");
    const ids = ["human", ...systems.map(({ id }) => id)];
    const replies = anchored.replies.filter(({ system }) => ids.includes(system));
    assert.deepEqual(openStudyModel({ systems, replies }, PUBLISHED_STUDY)(madeClaim()), {
      missing: "no scored replies of family 'ecs'",
    });
    const one = [madeReply("a", "d", "negative", true)];
    for (const few of [[], one]) {
      const found = openStudyModel({ systems, replies: few }, PUBLISHED_STUDY)(madeClaim());
      assert.ok(isMissing(found) && found.missing !== "");
    }
  });
});

describe("countFalseAlarms", () => {
  const settings = { systems: [5, 3], replies: 400, systemSd: 1, seed: 15 } as const;

  it("finds many where systems differ in how they take a sentiment, few with systems as the units", () => {
    const { intercept, twoStage } = countFalseAlarms({
      ...settings,
      sentimentSd: 0.295,
      replicates: 80,
    });
    // 80 replicates: a share of 0.05 lies below 0.15 but for one seed in two thousand.
    assert.ok(intercept > 0.3, `${intercept}`);
    assert.ok(twoStage < 0.15, `${twoStage}`);
  });

  it("finds few with an intercept where systems differ by nothing else", () => {
    const { intercept } = countFalseAlarms({ ...settings, sentimentSd: 0, replicates: 80 });
    assert.ok(intercept < 0.15, `${intercept}`);
  });

  it("comes to the same with the same seed", () => {
    const run = (seed: number) =>
      countFalseAlarms({ ...settings, sentimentSd: 0.295, replicates: 12, seed });
    assert.deepEqual(run(3), run(3));
    assert.notDeepEqual([run(3), run(3)], [run(4), run(5)]);
  });

  itNeeds(
    patience,
    "holds five percent with systems as the units, and the intercept finds ten times as many",
    () => {
      const { intercept, twoStage } = countFalseAlarms({
        ...settings,
        replies: 1100,
        sentimentSd: 0.295,
        replicates: 600,
      });
      // 600 replicates: three standard errors of 0.05 are 0.027.
      assert.ok(twoStage > 0.02 && twoStage < 0.08, `${twoStage}`);
      assert.ok(intercept > 0.5, `${intercept}`);
    },
    120_000,
  );
});

describe("powerTable", () => {
  it("comes to the closed form of many models", () => {
    const many = 400;
    for (const spreads of [[1.2], [1.2, 1.2]]) {
      const [row] = powerTable({ models: [many], spreads, se: 0.5, replicates: 4000 });
      const variance = (spreads.length * (1.2 ** 2 + 0.5 ** 2)) / many;
      const expected = (upperQuantile(0.025) + upperQuantile(0.2)) * Math.sqrt(variance);
      const found = row?.detectable as number;
      assert.ok(Math.abs(found / expected - 1) < 0.03, `${found} and ${expected}`);
    }
  });

  it("holds the power that it says", () => {
    // Of five models each, whose effects have a standard deviation of 1, at the difference that it gives.
    const [row] = powerTable({ models: [5], spreads: [1], se: 0, replicates: 20_000 });
    const [other] = powerTable({ models: [5], spreads: [1], se: 0, replicates: 20_000, seed: 8 });
    const [a, b] = [row?.detectable as number, other?.detectable as number];
    assert.ok(Math.abs(a / b - 1) < 0.02, `${a} and ${b}`);
    // R 4.2.2: power.t.test(n = 5, power = 0.8, type = "one.sample")$delta
    assert.ok(Math.abs(a - 1.681999) < 0.03, `${a}`);
  });

  it("asks for less the more models there are, and more the further they differ", () => {
    const of = (spreads: readonly number[], power = 0.8) =>
      powerTable({ models: [2, 3, 5, 8, 16, 40], spreads, se: 0.3, power }).map(
        ({ detectable }) => detectable,
      );
    const [narrow, wide, sure] = [of([0.5, 0.5]), of([1.5, 0.5]), of([0.5, 0.5], 0.9)];
    for (const [at, value] of narrow.entries()) {
      if (at > 0) assert.ok(value < (narrow[at - 1] as number));
      assert.ok((wide[at] as number) > value && (sure[at] as number) > value);
    }
    assert.deepEqual(of([0.5, 0.5]), narrow);
  });

  it("refuses fewer than two models", () => {
    assert.throws(() => powerTable({ models: [1], spreads: [1], se: 1 }), /at least two models/);
  });
});
