// Profile intervals of standard deviations and correlations beside lme4's deviances, solved in after-fit.R for their limits.
import assert from "node:assert/strict";
import { fitMixed, profileVariances, type Table } from "mixed-models";
import { afterFit } from "./after-fit";

/** Of lme4's own deviances the limits are good to so much of an estimate. */
const WITHIN = 2e-6;

describe("profileVariances beside lme4", () => {
  for (const { formula, data, family, ...expected } of afterFit.profiles) {
    it(`has its limits: ${formula}`, () => {
      const found = profileVariances(fitMixed(formula, afterFit.data[data] as Table, { family }));
      // lme4 has correlations before the standard deviation of their column.
      const order = expected.term.some((term) => term.startsWith("cor")) ? [0, 2, 1, 3] : undefined;
      for (const [at, own] of found.entries()) {
        const place = order?.[at] ?? at;
        for (const field of ["estimate", "lower", "upper"] as const) {
          const value = expected[field][place] as number;
          const distance = Math.abs(own[field] - value);
          const size = Math.max(Math.abs(expected.estimate[place] as number), Math.abs(value));
          assert.ok(
            distance <= WITHIN * (size || 1),
            `${own.term} ${field}: ${own[field]}, not ${value}`,
          );
        }
      }
      assert.equal(found.length, expected.term.length);
    });
  }
});

describe("profileVariances", () => {
  const example = afterFit.data.example as Table;

  it("has the limits of two grades for those of a yes or no", () => {
    const formula = "er ~ family + (1 | dialogue)";
    const [own] = profileVariances(fitMixed(formula, example, { family: "binomial" }));
    const [other] = profileVariances(fitMixed(formula, example, { family: "cumulative" }));
    for (const field of ["estimate", "lower", "upper"] as const) {
      assert.ok(Math.abs((own?.[field] ?? 0) - (other?.[field] ?? 1)) < 1e-6, field);
    }
  });

  it("follows the unit of a slope's covariate, and names what it profiles as tidyFit does", () => {
    const sleep = afterFit.data.sleep as unknown as Readonly<Record<string, readonly number[]>>;
    const moved = { ...sleep, Days: sleep.Days?.map((day) => 100 * day) } as unknown as Table;
    const [own, other] = [sleep as unknown as Table, moved].map((table) =>
      profileVariances(fitMixed("Reaction ~ Days + (Days || Subject)", table)),
    );
    assert.deepEqual(
      own?.map(({ group, term }) => `${group} ${term}`),
      ["Subject sd__(Intercept)", "Subject sd__Days", "Residual sd__Observation"],
    );
    const ratio = (own?.[1]?.upper ?? 0) / (other?.[1]?.upper ?? 1);
    assert.ok(Math.abs(ratio / 100 - 1) < 1e-5, `${ratio}`);
  });

  it("ends where variances do: at a correlation of 1, and at 0", () => {
    const fit = fitMixed("er ~ family + size + (1 + size | system)", example, {
      family: "binomial",
    });
    const [first, second, correlation] = profileVariances(fit);
    assert.ok((first?.lower ?? 0) > 0);
    assert.equal(second?.lower, 0);
    assert.deepEqual([correlation?.lower, correlation?.upper], [-1, 1]);
  });

  it("is narrower at a lower level, by quadrature too", () => {
    const options = { family: "binomial", nodes: 5 } as const;
    const fit = fitMixed("er ~ family + (1 | dialogue)", example, options);
    const [[wide], [narrow]] = [profileVariances(fit), profileVariances(fit, 0.5)];
    assert.ok((wide?.lower ?? 1) < (narrow?.lower ?? 0));
    assert.ok((narrow?.upper ?? 1) < (wide?.upper ?? 0));
  });
});
