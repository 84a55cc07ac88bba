import assert from "node:assert/strict";
import { LaplaceObjective } from "../src/objective/laplace";
import { toModelData } from "./assert-fits";
import { simulate } from "./parity/simulate";

// Slopes that are zero in many rows of one pattern, or cancel there.
const ZEROS = Array.from({ length: 120 }, (_, row) => ({
  y: ((row * 7) % 3) % 2,
  k: row % 4 === 3 ? 1 : 0,
  s: [1, -1, 0, 0][row % 4] as number,
  g: Math.floor(row / 12),
}));

describe("the passes for one column a group", () => {
  const models = [
    ["y ~ x + (1 | a) + (1 | b)", "crossed"],
    ["y ~ x + (1 | school/class)", "nested"],
    ["y ~ x + (0 + x | g)", "slopes"],
    ["y ~ 1 + (0 + k | g)", "zeros"],
    ["y ~ k + (0 + k | g)", "zeros"],
    ["y ~ k + (0 + s | g)", "zeros"],
    ["cbind(s, f) ~ x + (1 | g)", "counts"],
  ] as const;
  for (const [formula, name] of models) {
    it(`give the deviance and the gradient of the general ones: ${formula}`, () => {
      const data = toModelData(formula, name === "zeros" ? ZEROS : simulate(name), "binomial");
      const fast = new LaplaceObjective(data, 0);
      const general = new LaplaceObjective(data, 0, { general: true });
      assert.ok(fast.blocks.isScalar, "the model takes the faster passes");
      assert.ok(!general.blocks.isScalar);
      const thetas = Array.from({ length: fast.thetaCount }, (_, at) => 0.4 + 0.3 * at);
      for (const [method, parameters] of [
        ["evaluateJointly", thetas],
        ["evaluate", [...thetas, 0.2, ...(formula.startsWith("y ~ 1") ? [] : [-0.3])]],
      ] as const) {
        const x = Float64Array.from(parameters);
        const [one, other] = [new Float64Array(x.length), new Float64Array(x.length)];
        const difference = fast[method](x, one) - general[method](x, other);
        assert.ok(Math.abs(difference) < 1e-8, `${difference}`);
        for (const [at, value] of one.entries()) {
          assert.ok(Math.abs(value - (other[at] as number)) < 1e-6 * (1 + Math.abs(value)));
        }
      }
    });
  }
});
