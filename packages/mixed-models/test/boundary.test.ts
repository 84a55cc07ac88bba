import assert from "node:assert/strict";
import { fitMixed } from "mixed-models";
import { Random } from "./random";

// A factor that matters, and one of more or of fewer levels that does not.
function table(effective: number, idle: number) {
  const random = new Random(3);
  const effects = random.normals(effective, 1.5);
  return Array.from({ length: 900 }, (_, at) => {
    const g = at % effective;
    const x = random.normal();
    // The idle factor splits runs of near-equal rows, so that its variance is estimated as zero.
    const y = random.success(0.4 * x + (effects[g] as number));
    return { y, x, g: `g${g}`, idle: `i${Math.floor(at / effective) % idle}` };
  });
}

describe("standard errors with a variance of zero", () => {
  for (const [effective, idle] of [
    [12, 30],
    [30, 12],
  ] as const) {
    it(`are those without the idle factor, of ${idle} levels beside ${effective}`, () => {
      const rows = table(effective, idle);
      const both = fitMixed("y ~ x + (1 | g) + (1 | idle)", rows, { family: "binomial" });
      const alone = fitMixed("y ~ x + (1 | g)", rows, { family: "binomial" });
      const sd = both.variances.find(({ group }) => group === "idle")?.sd as number;
      assert.ok(sd < 1e-4, `the idle factor's sd is ${sd}`);
      assert.equal(both.seMethod, "Hessian, with parameters on their boundary held");
      for (const [at, { se }] of both.coefficients.entries()) {
        assert.ok(Math.abs(se / (alone.coefficients[at]?.se as number) - 1) < 1e-4, `${se}`);
      }
    });
  }
});
