// Means and contrasts on other scales beside emmeans' regrid; after-fit.R.
import assert from "node:assert/strict";
import { UserError } from "kit";
import { contrastMeans, fitMixed, marginalMeans, regridMeans, type Table } from "mixed-models";
import { afterFit, type Numbers } from "./after-fit";

const example = afterFit.data.example as Table;

describe("regridMeans beside emmeans", () => {
  for (const {
    formula,
    family,
    over,
    adjust,
    means,
    differences,
    ratios,
    odds,
  } of afterFit.scales) {
    // In standard errors: glmer's search ends so far from the optimum.
    const within = family === "binomial" ? 3e-4 : 1e-6;
    const own = () => marginalMeans(fitMixed(formula, example, { family }), { over: [over] });
    const method = "pairwise";

    it(`has its means and their differences: ${formula}`, () => {
      const found = regridMeans(own(), "response");
      assertNear(found.means, means, within, "means");
      const { contrasts } = contrastMeans(found, { method, adjust });
      assertNear(contrasts, differences, within, "differences");
    });

    it(`has its ratios: ${formula}`, () => {
      const { contrasts } = contrastMeans(regridMeans(own(), "log"), { method, adjust });
      assertNear(
        contrasts.map(({ ratio }) => ratio ?? {}),
        ratios,
        within,
        "ratios",
      );
      if (!odds) return;
      const found = contrastMeans(own(), { method, adjust }).contrasts;
      assertNear(
        found.map(({ oddsRatio }) => oddsRatio ?? {}),
        odds,
        within,
        "odds ratios",
      );
    });
  }
});

describe("regridMeans", () => {
  const grades = fitMixed("grade ~ family + (1 | system)", example, { family: "cumulative" });

  it("has the errors that differences of the transformation give", () => {
    const fit = fitMixed("er ~ family * size + (1 | dialogue)", example, { family: "binomial" });
    const means = marginalMeans(fit, { over: ["family"] });
    const [first, second] = means.means.map(({ estimate }) => estimate ?? 0) as [number, number];
    const odds = (eta: number) => 1 / (1 + Math.exp(-eta));
    const slope = (eta: number) => (odds(eta + 1e-5) - odds(eta - 1e-5)) / 2e-5;
    const weights = means.rows.map((row, at) =>
      row.map((value) => value * (at === 0 ? slope(first) : at === 1 ? -slope(second) : 0)),
    );
    const summed = weights.reduce((sum, row) => sum.map((value, at) => value + (row[at] ?? 0)));
    const expected = means.estimate(summed);
    const [pair] = contrastMeans(regridMeans(means, "response"), { method: "pairwise" }).contrasts;
    assert.ok(expected.reason === null && Math.abs((pair?.se ?? 0) / expected.se - 1) < 1e-8);
    assert.ok(Math.abs((pair?.estimate ?? 0) - (odds(first) - odds(second))) < 1e-14);
  });

  it("gives ratios of grades' probabilities", () => {
    const means = marginalMeans(grades, { over: ["family"], type: "probabilities" });
    const [pair] = contrastMeans(regridMeans(means, "log"), {
      method: "pairwise",
      by: ["grade"],
    }).contrasts;
    const [first, second] = means.means.map(({ estimate }) => estimate ?? 0) as [number, number];
    assert.ok(Math.abs((pair?.ratio?.estimate ?? 0) - first / second) < 1e-12);
  });

  it("refuses the latent scale, and ratios of means that are not above 0", () => {
    const latent = marginalMeans(grades, { over: ["family"] });
    assert.throws(() => regridMeans(latent, "response"), refusal(/ask marginalMeans for type/));
    const sizes = marginalMeans(fitMixed("size ~ family + (1 | dialogue)", example), {
      over: ["family"],
    });
    assert.throws(
      () => regridMeans(sizes, "log"),
      refusal(/^the mean of .* is -.*; ratios need means above 0$/),
    );
  });
});

function assertNear(
  found: readonly object[],
  expected: Numbers,
  within: number,
  what: string,
): void {
  const errors = [expected.se].flat() as readonly number[];
  assert.equal(found.length, errors.length, what);
  for (const [field, values] of Object.entries(expected)) {
    for (const [at, value] of [values].flat().entries()) {
      const own = (found[at] as Readonly<Record<string, number>>)[field] ?? Number.NaN;
      const where = `${what}, ${field} ${at}: ${own} instead of ${value}`;
      assert.ok(Math.abs(own - value) <= 3 * within * (errors[at] ?? 0), where);
    }
  }
}

function refusal(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UserError && message.test(error.message);
}
