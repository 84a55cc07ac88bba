// Likelihood-ratio tables beside lme4's anova, and explained variance beside performance's; after-fit.R.
import assert from "node:assert/strict";
import { compareModels, fitMixed, type Table, varianceExplained } from "mixed-models";
import { afterFit, assertClose } from "./after-fit";

const cake = afterFit.data.cake as Table;

describe("compareModels beside lme4's anova", () => {
  const { formulas, chiSquare, df, p, ...numbers } = afterFit.compared;

  it("has its table, with fits by REML fitted again by ML", () => {
    const found = compareModels(formulas.map((formula) => fitMixed(formula, cake)));
    assertClose(found, numbers, 1e-8, "criteria");
    const tests = found.flatMap(({ test }) => (test ? [test] : []));
    assertClose(tests, { chiSquare, df, p }, 1e-5, "tests");
    assert.ok(found.every(({ isRefitted }) => isRefitted));
  });

  it("names both models where they are not nested, or not on the same rows", () => {
    const [first] = formulas as [string, ...string[]];
    const other = fitMixed("angle ~ recipe + (1 | batch)", cake, { method: "ML" });
    assert.throws(
      () => compareModels([other, fitMixed("angle ~ temp + (1 | batch)", cake)]),
      /^UserError: angle ~ temp \+ \(1 \| batch\) and angle ~ recipe \+ \(1 \| batch\) cannot be compared: they are not nested: temp is/,
    );
    const columns = cake as unknown as Readonly<Record<string, readonly unknown[]>>;
    const holed = { ...columns, temp: columns.temp?.map((value, at) => (at === 3 ? null : value)) };
    const fewer = fitMixed(first, holed as unknown as Table);
    assert.throws(() => compareModels([other, fewer]), /they use different rows; leave the rows/);
    assert.throws(() => compareModels([other]), /needs two fits at least/);
  });
});

describe("varianceExplained beside performance", () => {
  for (const { formula, data, family, ...expected } of afterFit.shares) {
    it(`has its R2 and ICC: ${formula}`, () => {
      const fit = fitMixed(formula, afterFit.data[data] as Table, { family });
      assertClose([varianceExplained(fit)], expected, family === "gaussian" ? 1e-6 : 2e-5, formula);
    });
  }
});
