// Weights say how many rows like this one there are: the weighted fit equals that of the expanded rows.
import assert from "node:assert/strict";
import { compareFits, type FitOptions, fitMixed } from "mixed-models";
import { Random } from "./random";

const random = new Random(3);
const ROWS = Array.from({ length: 60 }, (_, row) => {
  const group = `g${row % 10}`;
  const x = random.normal();
  const chance = 1 / (1 + Math.exp(-(0.5 * x + (row % 10) / 4 - 1)));
  const y = random.uniform() < chance ? 1 : 0;
  const s = Math.floor(4 * random.uniform());
  const f = 3 - s + (row % 2);
  const w = 1 + (row % 3);
  return {
    y,
    t: y === 1 ? "yes" : "no",
    b: y === 1,
    one: y + 1,
    s,
    f,
    x,
    g: group,
    w,
    grade: (row * 7) % 3,
  };
});
const EXPANDED = ROWS.flatMap((row) => Array<(typeof ROWS)[number]>(row.w).fill(row));

describe("fitMixed with weights equals the fit of the expanded rows", () => {
  const binomial = { family: "binomial" } as const;
  const cases: readonly (readonly [string, FitOptions])[] = [
    ["y ~ x + (1 | g)", binomial],
    ["t ~ x + (1 | g)", binomial],
    ["b ~ x + (1 | g)", binomial],
    ["factor(y) ~ x + (1 | g)", binomial],
    ['t == "yes" ~ x + (1 | g)', binomial],
    ["one >= 2 ~ x + (1 | g)", binomial],
    ["cbind(s, f) ~ x + (1 | g)", binomial],
    ["t ~ x + (1 | g)", { ...binomial, success: "no" }],
    ["one ~ x + (1 | g)", { ...binomial, success: "1" }],
    ["grade ~ x + (1 | g)", { family: "cumulative" }],
  ];
  for (const [formula, options] of cases) {
    it(`for ${formula}${options.success ? `, ${options.success} modelled` : ""}`, () => {
      const weighted = fitMixed(formula, ROWS, { ...options, weights: "w" });
      const expanded = fitMixed(formula, EXPANDED, options);
      assert.ok(Math.abs(weighted.logLik - expanded.logLik) < 1e-8);
      for (const [at, { estimate, se }] of expanded.coefficients.entries()) {
        const found = weighted.coefficients[at];
        assert.ok(Math.abs((found?.estimate ?? 0) - estimate) < 1e-4 * se);
        assert.ok(Math.abs((found?.se ?? 0) / se - 1) < 1e-4);
      }
      assert.deepEqual(weighted.modelled, expanded.modelled);
    });
  }

  // glmer(cbind(s, f) ~ 1 + (1 | g), d, binomial, weights = w), bobyqa, tolPwrss 1e-10, rhoend 1e-9.
  it("and multiplies counts as lme4 does", () => {
    const cells = [
      "a,3,2,1",
      "a,1,4,5",
      "b,2,2,3",
      "b,4,1,2",
      "c,1,1,4",
      "c,0,3,1",
      "d,5,1,2",
      "d,4,0,3",
    ];
    const rows = cells.map((line) => {
      const [g, s, f, w] = line.split(",");
      return { g, s: Number(s), f: Number(f), w: Number(w) };
    });
    const { logLik, coefficients, variances } = fitMixed("cbind(s, f) ~ 1 + (1 | g)", rows, {
      ...binomial,
      weights: "w",
    });
    assert.ok(Math.abs(logLik - -26.3149351) < 1e-5);
    assert.ok(Math.abs((coefficients[0]?.estimate ?? 0) - 0.3101181) < 1e-4);
    assert.ok(Math.abs((variances[0]?.sd ?? 0) - 1.199615) < 2e-4);
  });

  it("refuses parts of trials, naming the table's row", () => {
    const rows = ROWS.map((row, at) => ({
      ...row,
      x: at === 0 ? null : row.x,
      w: at === 7 ? 1.5 : row.w,
    }));
    for (const formula of ["t ~ x + (1 | g)", "cbind(s, f) ~ x + (1 | g)"]) {
      assert.throws(
        () => fitMixed(formula, rows, { ...binomial, weights: "w" }),
        /the weights 'w' are not whole in row 8; give weights of a binomial response as whole numbers/,
      );
    }
  });

  it("names the table's row where a response is none, and a comparison that is not always true", () => {
    const rows = ROWS.map((row, at) => ({ ...row, x: at < 4 ? null : row.x }));
    assert.throws(
      () => fitMixed("one ~ x + (1 | g)", rows, binomial),
      /the response one is 2 in row \d+; .*compare it \(one >= 2\)/,
    );
    const row = ROWS.findIndex(({ one }, at) => at >= 4 && one === 2) + 1;
    assert.throws(
      () => fitMixed("one ~ x + (1 | g)", rows, binomial),
      new RegExp(`in row ${row};`),
    );
  });
});

describe("compareFits", () => {
  it("refuses fits with other weights", () => {
    const [plain, weighted] = ["y ~ 1 + (1 | g)", "y ~ x + (1 | g)"].map((formula, at) =>
      fitMixed(formula, ROWS, { method: "ML", ...(at === 1 ? { weights: "w" } : {}) }),
    );
    assert.ok(plain && weighted);
    assert.throws(() => compareFits(plain, weighted), /their weights differ/);
  });
});

describe("a binomial fit says what it models", () => {
  const said = (formula: string, options: FitOptions = {}, rows: readonly object[] = ROWS) => {
    const { modelled } = fitMixed(formula, rows, { family: "binomial", ...options });
    return [modelled?.name, modelled?.trials];
  };
  it("by response, value and counts", () => {
    assert.deepEqual(said("y ~ x + (1 | g)"), ["y = 1", 60]);
    assert.deepEqual(said("b ~ x + (1 | g)"), ["b", 60]);
    assert.deepEqual(said("t ~ x + (1 | g)"), ["t = yes", 60]);
    assert.deepEqual(said("one > 1 ~ x + (1 | g)"), ["one > 1", 60]);
    const trials = ROWS.reduce((sum, { s, f }) => sum + s + f, 0);
    assert.deepEqual(said("cbind(s, f) ~ x + (1 | g)"), ["cbind(s, f)", trials]);
  });

  it("with the order of R's levels, or as success says", () => {
    const rows = ROWS.map((row) => ({ ...row, t: row.y === 1 ? "Yes" : "no" }));
    assert.deepEqual(said("t ~ x + (1 | g)", {}, rows), ["t = Yes", 60]);
    assert.deepEqual(said("t ~ x + (1 | g)", { success: "no" }, rows), ["t = no", 60]);
    const [one, other] = ["no", "Yes"].map((success) =>
      fitMixed("t ~ x + (1 | g)", rows, { family: "binomial", success }),
    );
    const slope = one?.coefficients[1]?.estimate ?? 0;
    assert.ok(Math.abs(slope + (other?.coefficients[1]?.estimate ?? 0)) < 1e-6);
  });

  it("and refuses a success that is none, or where there is no choice", () => {
    assert.throws(
      () => said("t ~ x + (1 | g)", { success: "yess" }),
      /has no level 'yess'; did you mean 'yes'/,
    );
    assert.throws(
      () => said("cbind(s, f) ~ x + (1 | g)", { success: "s" }),
      /holds counts of successes/,
    );
    assert.throws(() => said("s ~ x + (1 | g)", { success: "1" }), /holds 4 different numbers/);
    assert.throws(
      () => fitMixed("y ~ x + (1 | g)", ROWS, { success: "1" }),
      /success is for the binomial/,
    );
  });
});
