// The gradients in closed form against central differences, at random parameters.
import assert from "node:assert/strict";
import { LaplaceObjective } from "../../src/mixed/objective/laplace";
import type { ModelData } from "../../src/mixed/objective/model-data";
import { ProfiledObjective } from "../../src/mixed/objective/profiled";
import { toModelData } from "./assert-fits";
import { Random } from "./random";

const STEP = 1e-4;
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

function simulate(random: Random) {
  const rows = 240;
  const g = Array.from({ length: rows }, (_, row) => row % 15);
  const h = g.map(() => random.whole(0, 7));
  const x = random.normals(rows);
  const w = random.normals(rows);
  const z = x.map((value, row) => value + (g[row] as number) / 10 + random.normal());
  const trials = g.map(() => random.whole(1, 6));
  const s = trials.map((count) => random.whole(0, count));
  return { s, f: trials.map((count, row) => count - (s[row] as number)), z, x, w, g, h };
}

const table = simulate(new Random(31));

function randomTheta(random: Random, { groups }: ModelData): number[] {
  const entries = groups.flatMap((group) => group.entries);
  return entries.map(({ row, column }) =>
    row === column ? 0.2 + 1.3 * random.uniform() : random.uniform() - 0.5,
  );
}

function assertGradient(objective: Objective, at: Float64Array): void {
  const gradient = new Float64Array(at.length);
  objective.evaluate(at, gradient);
  const scale = Math.max(1, ...gradient.map(Math.abs));
  for (const [index, found] of gradient.entries()) {
    const move = (by: number) => {
      const moved = at.slice();
      moved[index] = (at[index] as number) + by;
      return objective.evaluate(moved);
    };
    const near = move(STEP) - move(-STEP);
    const far = move(2 * STEP) - move(-2 * STEP);
    const expected = (8 * near - far) / (12 * STEP);
    const where = `entry ${index} at ${[...at]}: ${found} instead of ${expected}`;
    assert.ok(Math.abs(found - expected) <= TOLERANCE * scale, where);
  }
}

function checkAtRandom(data: ModelData, objective: Objective, fixedCount: number): void {
  const random = new Random(32);
  for (let point = 0; point < 20; point++) {
    const beta = random.normals(fixedCount, 0.5);
    assertGradient(objective, Float64Array.from([...randomTheta(random, data), ...beta]));
  }
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

    for (const reml of [false, true]) {
      it(`is right for ProfiledObjective, ${reml ? "REML" : "ML"}`, () => {
        checkAtRandom(numbers, new ProfiledObjective(numbers, reml), 0);
      });
    }
  });
}
