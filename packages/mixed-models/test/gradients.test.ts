// The gradients in closed form against central differences, at random parameters.
import assert from "node:assert/strict";
import { countGaps } from "../src/objective/grade-scale";
import { LaplaceObjective } from "../src/objective/laplace";
import type { ModelData } from "../src/objective/model-data";
import { ProfiledObjective } from "../src/objective/profiled";
import { toModelData } from "./assert-fits";
import { Random } from "./random";

const STEP = 1e-4;
// What the modes' place leaves open is a thousand times the rounding error where each grade is narrow.
const GRADED_STEP = 1e-3;
// Relative to the gradient's largest entry; the differences have an error of order STEP to the fourth, and
// the deviance's rounding error, 1e-13, over STEP.
const TOLERANCE = 1e-6;

interface Objective {
  evaluate(parameters: Float64Array, gradient?: Float64Array): number;
}

const FORMULAS = [
  "y ~ x + (1 | g)",
  "y ~ x + (1 + x | g)",
  "y ~ x + (1 + x || g) + (1 | h)",
  "y ~ x + (1 + x | g) + (1 + w | h)",
];

/** What is nominal: columns of x and k, where k is 0 or 1. */
const NOMINAL = [
  { link: "logit", places: [1, 2] },
  { link: "logit", places: [2] },
  { link: "cloglog", places: [1] },
] as const;

const SCALES = [
  { link: "logit", thresholds: "flexible" },
  { link: "probit", thresholds: "flexible" },
  { link: "probit", thresholds: "equidistant" },
] as const;

function simulate(random: Random) {
  const rows = 240;
  const g = Array.from({ length: rows }, (_, row) => row % 15);
  const h = g.map(() => random.whole(0, 7));
  const x = random.normals(rows);
  const w = random.normals(rows);
  const k = g.map((_, row) => (row % 7 < 3 ? 1 : 0));
  const z = x.map((value, row) => value + (g[row] as number) / 10 + random.normal());
  const trials = g.map(() => random.whole(1, 6));
  const s = trials.map((count) => random.whole(0, count));
  const o = z.map((value) => Math.min(4, Math.max(1, Math.round(value + 2))));
  return { s, f: trials.map((count, row) => count - (s[row] as number)), z, o, x, w, k, g, h };
}

const table = simulate(new Random(31));

function randomTheta(random: Random, { groups }: ModelData): number[] {
  const entries = groups.flatMap((group) => group.entries);
  return entries.map(({ row, column }) =>
    row === column ? 0.2 + 1.3 * random.uniform() : random.uniform() - 0.5,
  );
}

function assertGradient(objective: Objective, at: Float64Array, step: number): void {
  const gradient = new Float64Array(at.length);
  objective.evaluate(at, gradient);
  const scale = Math.max(1, ...gradient.map(Math.abs));
  for (const [index, found] of gradient.entries()) {
    const move = (by: number) => {
      const moved = at.slice();
      moved[index] = (at[index] as number) + by;
      return objective.evaluate(moved);
    };
    const near = move(step) - move(-step);
    const far = move(2 * step) - move(-2 * step);
    const expected = (8 * near - far) / (12 * step);
    const where = `entry ${index} at ${[...at]}: ${found} instead of ${expected}`;
    assert.ok(Math.abs(found - expected) <= TOLERANCE * scale, where);
  }
}

function checkAtRandom(data: ModelData, objective: Objective, fixedCount: number): void {
  const random = new Random(32);
  for (let point = 0; point < 20; point++) {
    const beta = random.normals(fixedCount, 0.5);
    const outer = [...randomTheta(random, data), ...randomGaps(random, data)];
    const step = data.scale ? GRADED_STEP : STEP;
    assertGradient(objective, Float64Array.from([...outer, ...beta]), step);
  }
}

function randomGaps(random: Random, { scale }: ModelData): number[] {
  let sum = 0;
  return Array.from({ length: scale ? countGaps(scale) : 0 }, (_, at) => {
    // Slopes of nominal columns stay so small that no thresholds cross.
    if (at % ((scale?.nominal ?? 0) + 1) > 0) return 0.04 * random.normal();
    sum += 0.2 + 1.5 * random.uniform();
    return sum;
  });
}

for (const formula of FORMULAS) {
  const counts = toModelData(formula.replace("y", "cbind(s, f)"), table, "binomial");
  const numbers = toModelData(formula.replace("y", "z"), table, "gaussian");

  describe(`the gradient, ${formula}`, () => {
    it("is right for LaplaceObjective in theta and beta", () => {
      checkAtRandom(counts, new LaplaceObjective(counts, 0), counts.fixedColumns);
    });

    it("is right for LaplaceObjective in theta, with the fixed effects among the modes", () => {
      const objective = new LaplaceObjective(counts, 0);
      const jointly: Objective = {
        evaluate: (theta, into) => objective.evaluateJointly(theta, into),
      };
      checkAtRandom(counts, jointly, 0);
    });

    for (const scale of SCALES) {
      const graded = toModelData(formula.replace("y", "o"), table, "cumulative", scale);
      const name = `${scale.link}, ${scale.thresholds} thresholds`;
      it(`is right for LaplaceObjective in theta, gaps and beta: ${name}`, () => {
        checkAtRandom(graded, new LaplaceObjective(graded, 0), graded.fixedColumns);
      });

      it(`is right in theta and gaps, with the fixed effects among the modes: ${name}`, () => {
        const objective = new LaplaceObjective(graded, 0);
        const jointly: Objective = {
          evaluate: (outer, into) => objective.evaluateJointly(outer, into),
        };
        checkAtRandom(graded, jointly, 0);
      });
    }

    for (const reml of [false, true]) {
      it(`is right for ProfiledObjective, ${reml ? "REML" : "ML"}`, () => {
        checkAtRandom(numbers, new ProfiledObjective(numbers, reml), 0);
      });
    }
  });
}

for (const { link, places } of NOMINAL) {
  const formula = "o ~ x + k + (1 + x | g) + (1 | h)";
  const scale = { link, thresholds: "flexible" } as const;
  const graded = toModelData(formula, table, "cumulative", scale, places);

  describe(`the gradient with nominal columns ${places.join(" and ")}, ${link}`, () => {
    it("is right in theta, gaps, their slopes and beta", () => {
      checkAtRandom(graded, new LaplaceObjective(graded, 0), graded.fixedColumns);
    });

    it("is right with the fixed effects among the modes", () => {
      const objective = new LaplaceObjective(graded, 0);
      const jointly: Objective = {
        evaluate: (outer, into) => objective.evaluateJointly(outer, into),
      };
      checkAtRandom(graded, jointly, 0);
    });
  });
}
