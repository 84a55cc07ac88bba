// Standard errors where the Hessian in all parameters is not positive definite: those of the fixed effects with the
// variance parameters held, from differences of the gradient that are taken anew here.
import assert from "node:assert/strict";
import { estimateLaplace } from "../src/fit/estimate-laplace";
import { LaplaceObjective } from "../src/objective/laplace";
import { toModelData } from "./assert-fits";
import { Random } from "./random";

const THETAS = 3;
const STEP = 1e-3;
// Between two differences, each with an error of order STEP squared.
const TOLERANCE = 1e-3;

/** Groups that answer nearly all alike, so that their variances run far out. */
function simulate(seed: number) {
  const random = new Random(seed);
  const own = random.normals(8, 3);
  const g = Array.from({ length: 40 }, (_, row) => row % 8);
  const x = g.map((_, row) => (Math.floor(row / 8) % 2 === 1 ? 1 : -1));
  const y = g.map((group, row) => {
    const place = (x[row] as number) + (own[group] as number) * (1 + (x[row] as number));
    return random.uniform() < 1 / (1 + Math.exp(-place)) ? 1 : 0;
  });
  return toModelData("y ~ x + (1 + x | g)", { y, x, g }, "binomial");
}

describe("standard errors where the Hessian is not positive definite", () => {
  for (const seed of [7, 10, 13, 18]) {
    it(`are those with the variances held, in data drawn from seed ${seed}`, () => {
      const data = simulate(seed);
      const found = estimateLaplace(data, { reml: false, nodes: 1, constant: 0 });
      assert.equal(found.seMethod, "not-positive");
      assert.ok(found.converged);
      const objective = new LaplaceObjective(data, 0);
      const gradientAt = (moved: number, by: number) => {
        const at = Float64Array.of(...found.theta, ...found.beta);
        at[THETAS + moved] = (at[THETAS + moved] as number) + by;
        const gradient = new Float64Array(at.length);
        objective.evaluate(at, gradient);
        return gradient.subarray(THETAS);
      };
      const [a = 0, b = 0, , d = 0] = [0, 1].flatMap((moved) => {
        const [above, below] = [gradientAt(moved, STEP), gradientAt(moved, -STEP)];
        // Half the curvature of the deviance is that of the log-likelihood.
        return Array.from(above, (value, at) => (value - (below[at] as number)) / (4 * STEP));
      });
      const wanted = [d, -b, -b, a].map((value) => value / (a * d - b * b));
      for (const [at, value] of wanted.entries()) {
        const ratio = (found.covariance[at] as number) / value;
        assert.ok(Math.abs(ratio - 1) < TOLERANCE, `${found.covariance} is not ${wanted}`);
      }
    });
  }

  it("are what the search has learnt where even those are not", () => {
    // Each group answers alike, so that nothing bounds its variance.
    const g = Array.from({ length: 40 }, (_, row) => row % 4);
    const y = g.map((group) => (group < 2 ? 0 : 1));
    const x = g.map((_, row) => (row % 3 === 0 ? -1 : 1));
    const data = toModelData("y ~ x + (1 | g)", { y, x, g }, "binomial");
    const { seMethod, covariance, inverseHessian } = estimateLaplace(data, {
      reml: false,
      nodes: 1,
      constant: 0,
    });
    assert.equal(seMethod, "not-positive");
    // One variance parameter, then two fixed effects.
    assert.deepEqual(
      [...covariance],
      [4, 5, 7, 8].map((at) => 2 * (inverseHessian[at] as number)),
    );
  });
});
