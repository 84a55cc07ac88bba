// What users give by mistake, and data without enough information: an error of one line, or a fit that says so.
import assert from "node:assert/strict";
import { UserError } from "kit";
import { type FitOptions, fitMixed, type MixedFit } from "mixed-models";
import { Random } from "./random";

const ROWS = 200;
const random = new Random(41);
const start = random.normals(10);
const g = Array.from({ length: ROWS }, (_, row) => row % 10);
const h = g.map(() => random.whole(0, 4));
const x = random.normals(ROWS);
const a = g.map(() => random.pick(["p", "q"]));
const b = g.map(() => random.pick(["u", "v"]));
const y = x.map((value, row) => random.success(value + (start[g[row] as number] as number)));
const z = x.map((value, row) => value + (start[g[row] as number] as number) + random.normal());
const data = { y, z, x, a, b, g, h };
const binomial: FitOptions = { family: "binomial" };

function assertRefused(
  pattern: RegExp,
  formula: string,
  table: Record<string, unknown>,
  options: FitOptions = {},
): void {
  const fit = () => fitMixed(formula, table as typeof data, options);
  assert.throws(fit, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}

function kindsOf({ warnings }: MixedFit): string[] {
  return warnings.map(({ kind }) => kind);
}

describe("fitMixed refuses", () => {
  it("a response that is constant, in either family", () => {
    const constant = { ...data, z: z.map(() => 3), y: y.map(() => 1) };
    assertRefused(/response z is the same/, "z ~ x + (1 | g)", constant);
    assertRefused(/response y is/, "y ~ x + (1 | g)", constant, binomial);
  });

  it("counts without a success, or without a failure", () => {
    const table = { ...data, s: y.map(() => 0), f: y.map(() => 4) };
    assertRefused(/is 0 in every row/, "cbind(s, f) ~ x + (1 | g)", table, binomial);
    assertRefused(/is 1 in every row/, "cbind(f, s) ~ x + (1 | g)", table, binomial);
  });

  it("a response of zeros", () => {
    assertRefused(/response y is/, "y ~ x + (1 | g)", { ...data, y: y.map(() => 0) }, binomial);
  });

  it("a grouping factor of one level", () => {
    const table = { ...data, g: g.map(() => "only") };
    assertRefused(/'g' has one level/, "y ~ x + (1 | g)", table, binomial);
    assertRefused(/'g' has one level/, "z ~ x + (1 | g)", table);
  });

  it("a level for each row of a Gaussian model", () => {
    const table = { ...data, g: g.map((_, row) => row) };
    assertRefused(/\(1 \| g\) has 200 random effects for 200 rows/, "z ~ x + (1 | g)", table);
  });

  it("as many fixed effects as rows", () => {
    const few = {
      z: [1, 3, 2, 5],
      x: [1, 2, 4, 3],
      w: [5, 1, 1, 2],
      v: [2, 9, 4, 4],
      g: [1, 1, 2, 2],
    };
    assertRefused(/4 fixed effects need more than 4 rows/, "z ~ x + w + v + (1 | g)", few);
  });

  it("an infinite value, naming its row", () => {
    const infinite = x.map((value, row) => (row === 6 ? Number.POSITIVE_INFINITY : value));
    assertRefused(/'x', row 7: .* infinite/, "z ~ x + (1 | g)", { ...data, x: infinite });
    assertRefused(/'x', row 7: .* infinite/, "x ~ z + (1 | g)", { ...data, x: infinite });
  });

  it("an expression that is infinite, naming its row", () => {
    const table = { ...data, x: x.map((value, row) => (row === 6 ? 0 : Math.abs(value))) };
    assertRefused(/log\(x\) is -Infinity in row 7/, "z ~ log(x) + (1 | g)", table);
  });

  it("numbers beyond 0 and 1 in the binomial family", () => {
    const table = { ...data, y: y.map((value, row) => (row === 4 ? 2 : value)) };
    assertRefused(/response y is 2 in row 5/, "y ~ x + (1 | g)", table, binomial);
  });

  it("a proportion that is no whole number of its trials", () => {
    const table = {
      ...data,
      y: y.map((_, row) => (row === 2 ? 0.3 : 0.5)),
      n: y.map((_, row) => 4 + 2 * (row % 2)),
    };
    const options = { ...binomial, weights: "n" };
    assertRefused(/response y is 0.3 in row 3/, "y ~ x + (1 | g)", table, options);
  });

  it("counts that are not whole, or negative", () => {
    const f = y.map(() => 2);
    const part = { ...data, f, s: y.map((value, row) => (row === 8 ? 1.5 : value)) };
    assertRefused(/row 9/, "cbind(s, f) ~ x + (1 | g)", part, binomial);
    const negative = { ...data, f, s: y.map((value, row) => (row === 8 ? -1 : value)) };
    assertRefused(/s is -1 in row 9/, "cbind(s, f) ~ x + (1 | g)", negative, binomial);
  });

  it("a text response with three levels", () => {
    const table = {
      ...data,
      y: y.map((value, row) => ["no", "yes", "maybe"][row === 0 ? 2 : value]),
    };
    assertRefused(/3 levels/, "y ~ x + (1 | g)", table, binomial);
  });

  it("a formula without a random effect", () => {
    assertRefused(/has no random effect/, "y ~ x", data, binomial);
  });

  it("more than one node with two factors, with a slope, and in the Gaussian family", () => {
    const pattern = /more than one quadrature node/;
    assertRefused(pattern, "y ~ x + (1 | g) + (1 | h)", data, { ...binomial, nodes: 5 });
    assertRefused(pattern, "y ~ x + (1 + x | g)", data, { ...binomial, nodes: 5 });
    assertRefused(pattern, "z ~ x + (1 | g)", data, { nodes: 5 });
  });

  it("a number of nodes that is none", () => {
    for (const nodes of [0, 2.5, 101, Number.NaN]) {
      assertRefused(/nodes should be/, "y ~ x + (1 | g)", data, { ...binomial, nodes });
    }
  });

  it("a column that is not there, naming the nearest", () => {
    assertRefused(/no column 'xx'/, "y ~ xx + (1 | g)", data, binomial);
  });

  it("a formula that cannot be read, with a caret under the place", () => {
    assert.throws(
      () => fitMixed("y ~ x + (1 | g", data, binomial),
      (error) => error instanceof UserError && /\n.*y ~ x.*\n *\^$/.test(error.message),
    );
  });
});

describe("fitMixed drops and says so", () => {
  it("columns that others determine", () => {
    const fit = fitMixed(
      "y ~ x + twice + (1 | g)",
      { ...data, twice: x.map((v) => 2 * v + 1) },
      binomial,
    );
    assert.deepEqual(
      fit.coefficients.map(({ name }) => name),
      ["(Intercept)", "x"],
    );
    assert.deepEqual(kindsOf(fit), ["dropped-columns"]);
    assert.match(fit.warnings[0]?.message ?? "", /twice/);
  });

  it("the column of an empty cell", () => {
    const table = { ...data, b: b.map((level, row) => (a[row] === "q" ? "u" : level)) };
    const fit = fitMixed("z ~ a * b + (1 | g)", table);
    assert.deepEqual(fit.design.fixed.droppedColumns, ["aq:bv"]);
    assert.deepEqual(kindsOf(fit), ["dropped-columns"]);
    const without = fitMixed("z ~ a + b + (1 | g)", table);
    assert.ok(Math.abs(fit.logLik - without.logLik) < 1e-9);
  });

  it("rows with a missing value, counted by variable", () => {
    const table = {
      ...data,
      x: x.map((value, row) => (row < 3 ? Number.NaN : value)),
      g: g.map((level, row) => (row === 2 || row === 50 ? null : level)),
    };
    const fit = fitMixed("y ~ x + (1 | g)", table, binomial);
    assert.equal(fit.nobs, ROWS - 4);
    assert.deepEqual(fit.design.missing, { dropped: 4, byVariable: { x: 3, g: 2 } });
    assert.deepEqual(kindsOf(fit), ["dropped-rows"]);
  });
});

describe("fitMixed with numbers of trials", () => {
  const trials = y.map((_, row) => 4 + 4 * (row % 2));
  const proportions = y.map((value, row) => (value + 1 + (row % 3)) / 4);
  const table = { ...data, y: proportions, n: trials };
  const options = { ...binomial, weights: "n" };

  it("takes a constant number", () => {
    const same = { ...table, n: trials.map(() => 4) };
    const fit = fitMixed("y ~ x + (1 | g)", same, options);
    const s = proportions.map((value) => 4 * value);
    const counts = { ...data, s, f: s.map((value) => 4 - value) };
    const expected = fitMixed("cbind(s, f) ~ x + (1 | g)", counts, binomial);
    assert.ok(Math.abs(fit.logLik - expected.logLik) < 1e-9);
  });

  it("keeps each row's own where other variables are missing", () => {
    const gaps = { ...table, x: x.map((value, row) => (row === 3 ? Number.NaN : value)) };
    const kept = [...x.keys()].filter((row) => row !== 3);
    const rest = {
      y: kept.map((row) => proportions[row] as number),
      x: kept.map((row) => x[row] as number),
      g: kept.map((row) => g[row] as number),
      n: kept.map((row) => trials[row] as number),
    };
    const expected = fitMixed("y ~ x + (1 | g)", rest, options);
    assert.equal(fitMixed("y ~ x + (1 | g)", gaps, options).logLik, expected.logLik);
  });

  it("leaves out a row that lacks its weight, and never gives it another row's", () => {
    const gaps = {
      ...table,
      x: x.map((value, row) => (row === 3 ? Number.NaN : value)),
      n: trials.map((value, row) => (row === 150 ? Number.NaN : value)),
    };
    const kept = [...trials.keys()].filter((row) => row !== 3 && row !== 150);
    const rest = {
      y: kept.map((row) => proportions[row] as number),
      x: kept.map((row) => x[row] as number),
      g: kept.map((row) => g[row] as number),
      n: kept.map((row) => trials[row] as number),
    };
    const fit = fitMixed("y ~ x + (1 | g)", gaps, options);
    assert.equal(fit.logLik, fitMixed("y ~ x + (1 | g)", rest, options).logLik);
    assert.deepEqual(fit.design.missing.byVariable, { x: 1, n: 1 });
  });
});

describe("fitMixed warns", () => {
  it("of complete separation, in finite time", () => {
    const separated = { ...data, y: x.map((value) => (value > 0 ? 1 : 0)) };
    const fit = fitMixed("y ~ x + (1 | g)", separated, binomial);
    assert.ok(kindsOf(fit).includes("separation"), kindsOf(fit).join());
  });

  it("of complete separation by a factor", () => {
    const separated = { ...data, y: a.map((level) => (level === "q" ? 1 : 0)) };
    const fit = fitMixed("y ~ a + (1 | g)", separated, binomial);
    assert.ok(kindsOf(fit).includes("separation"), kindsOf(fit).join());
  });

  it("of quasi-complete separation, where a level has one outcome only", () => {
    const separated = { ...data, y: y.map((value, row) => (a[row] === "q" ? 1 : value)) };
    const fit = fitMixed("y ~ a + x + (1 | g)", separated, binomial);
    assert.ok(kindsOf(fit).includes("separation"), kindsOf(fit).join());
    assert.match(fit.warnings.find(({ kind }) => kind === "separation")?.message ?? "", /aq/);
  });

  it("of nothing where a slope is steep but estimable", () => {
    const fit = fitMixed(
      "y ~ x + (1 | g)",
      { ...data, x: x.map((value) => value / 100) },
      binomial,
    );
    assert.deepEqual(kindsOf(fit), []);
  });

  it("of a singular fit, and keeps its other estimates", () => {
    const alike = { ...data, y: g.map((_, row) => Math.floor(row / 10) % 2) };
    const fit = fitMixed("y ~ x + (1 | g)", alike, binomial);
    assert.ok(fit.singular && kindsOf(fit).includes("singular"));
    assert.ok((fit.variances[0]?.sd as number) < 1e-3);
    assert.ok(fit.coefficients.every(({ se }) => Number.isFinite(se) && se > 0));
  });
});

describe("fitMixed of a grouping factor with 200,000 levels", () => {
  const levels = 200_000;
  const source = new Random(42);
  const spread = source.normals(levels);
  const group = Int32Array.from({ length: 2 * levels }, (_, row) => row >> 1);
  const covariate = Float64Array.from(group, () => source.normal());

  for (const family of ["gaussian", "binomial"] as const) {
    it(`ends in under 20 s, ${family}`, () => {
      const eta = covariate.map((value, row) => value + (spread[group[row] as number] as number));
      const response = eta.map((value) =>
        family === "gaussian" ? value + source.normal() : source.success(value),
      );
      const table = { y: response, x: covariate, g: group };
      const fit = fitMixed("y ~ x + (1 | g)", table, { family });
      assert.ok(fit.converged);
      assert.equal(fit.levels.g, levels);
    }).timeout(20_000);
  }
});
