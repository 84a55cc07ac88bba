import assert from "node:assert/strict";
import { UserError } from "kit";
import { fitMixed, type MixedFit } from "mixed-models";
import { simulatedResiduals, simulateFit } from "mixed-models/diagnostics";
import { Random } from "./random";

const GROUPS = 30;

type Kind = "gaussian" | "binomial" | "cumulative";

// Five rows of each group; `wild` adds what no part of the model stands for.
function draw(family: Kind, seed: number, wild: (random: Random) => number = () => 0): MixedFit {
  const random = new Random(seed);
  const own = random.normals(GROUPS, 0.6);
  const rows = Array.from({ length: GROUPS * 5 }, (_, row) => {
    const g = row % GROUPS;
    const x = random.normal();
    const eta = 0.5 * x + (own[g] as number) + wild(random);
    if (family === "gaussian") return { y: eta + random.normal(), n: 0, x, g };
    if (family === "cumulative") {
      const uniform = random.uniform();
      const latent = eta + Math.log(uniform / (1 - uniform));
      return { y: [-1, 0.5, 1.5].filter((cut) => cut < latent).length, n: 0, x, g };
    }
    const p = 1 / (1 + Math.exp(-eta));
    const y = Array.from({ length: 12 }, () => random.uniform()).filter((one) => one < p).length;
    return { y, n: 12 - y, x, g };
  });
  const response = family === "binomial" ? "cbind(y, n)" : "y";
  return fitMixed(`${response} ~ x + (1 | g)`, rows, { family });
}

function testOf(fit: MixedFit, name: string, simulations = 99) {
  const found = simulatedResiduals(fit, { seed: 1, simulations });
  return found.tests.find((one) => one.name === name) ?? assert.fail(name);
}

describe("simulated residuals", () => {
  it("are the places of the responses among the simulated ones", () => {
    const fit = draw("gaussian", 3);
    const { residuals, expected, simulations } = simulatedResiduals(fit, {
      seed: 5,
      simulations: 40,
    });
    const drawn = simulateFit(fit, { seed: 5, count: 40 });
    const { y } = fit.design.response;
    for (let row = 0; row < y.length; row++) {
      const below = drawn.filter(
        (response) => (response[row] as number) < (y[row] as number),
      ).length;
      assert.equal(Math.floor((residuals[row] as number) * (simulations + 1)), below);
      const mean = drawn.reduce((sum, response) => sum + (response[row] as number), 0) / 40;
      assert.ok(Math.abs((expected[row] as number) - mean) < 1e-9);
    }
  });

  for (const family of ["gaussian", "binomial", "cumulative"] as const) {
    it(`are even where a ${family} model holds, and their tests seldom say otherwise`, () => {
      const fits = Array.from({ length: 20 }, (_, at) => draw(family, 100 + at));
      for (const name of ["uniformity", "dispersion", "outliers"]) {
        const small = fits.filter((fit) => testOf(fit, name).p <= 0.1).length;
        // Of 20, more than 6 come with a chance of 1 in 400 at a level of 0.1.
        assert.ok(small <= 6, `${name}: ${small} of 20 p values at 0.1 or less`);
      }
      const pooled = fits.flatMap((fit) => [
        ...simulatedResiduals(fit, { seed: 2, simulations: 99 }).residuals,
      ]);
      const mean = pooled.reduce((sum, value) => sum + value, 0) / pooled.length;
      assert.ok(Math.abs(mean - 0.5) < 0.02, `${mean}`);
    });
  }

  it("find counts that vary more than their model has them", () => {
    const fit = draw("binomial", 8, (random) => 1.5 * random.normal());
    const dispersion = testOf(fit, "dispersion", 199);
    assert.ok(
      dispersion.observed > 1.3 * dispersion.expected,
      `${dispersion.observed / dispersion.expected}`,
    );
    assert.ok(dispersion.p <= 0.02);
  });

  it("find a few wild responses, and a bend that the model lacks", () => {
    const wild = draw("gaussian", 9, (random) => (random.uniform() < 0.03 ? 9 : 0));
    assert.ok(testOf(wild, "outliers", 499).p <= 0.05);
    const skew = draw("gaussian", 10, (random) => 2 * random.normal() ** 2);
    assert.ok(testOf(skew, "uniformity").p <= 0.05);
  });

  it("are of a group's sums where one is named", () => {
    const fit = draw("binomial", 8);
    const { residuals, expected } = simulatedResiduals(fit, { seed: 1, simulations: 99, by: "g" });
    assert.equal(residuals.length, GROUPS);
    assert.ok(Math.max(...expected) > 12);
  });

  it("come again from the same seed, and refuse what they cannot be asked", () => {
    const fit = draw("gaussian", 3);
    const of = (seed: number) => simulatedResiduals(fit, { seed, simulations: 30 }).residuals;
    assert.deepEqual(of(1), of(1));
    assert.notDeepEqual(of(1), of(2));
    assert.throws(
      () => simulatedResiduals(fit, { seed: 1, by: "h" }),
      new UserError("the model has no group 'h'; its groups are g"),
    );
    assert.throws(() => simulatedResiduals(fit, { seed: 1, simulations: 10 }), /at least 19/);
    assert.throws(() => simulatedResiduals(fit, { seed: 1, memory: 1e-6 }), /GiB of memory/);
  });
});
