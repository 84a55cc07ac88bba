// What must hold for every mixed model, on small simulated data; every random number is seeded.
import assert from "node:assert/strict";
import { type FitOptions, fitMixed, type MixedFit } from "mixed-models";
import { estimate } from "../src/fit/estimate";
import { collapseRows } from "../src/objective/collapse";
import { LaplaceObjective } from "../src/objective/laplace";
import { assertClose, assertSameEstimates, toModelData } from "./assert-fits";
import { simulate } from "./parity/simulate";
import { Random } from "./random";

type Columns = Record<string, readonly (number | string)[]>;

const binomial: FitOptions = { family: "binomial" };

/** Slopes over the levels of g, crossed with h; binary y, numeric z. */
function slopesAndCrossed(rows: number, seed: number) {
  const random = new Random(seed);
  const starts = random.normals(12, 0.8);
  const slopes = random.normals(12, 0.5);
  const others = random.normals(7, 0.6);
  const g = Array.from({ length: rows }, (_, row) => row % 12);
  const h = g.map(() => random.whole(0, 6));
  const x = random.normals(rows);
  const eta = x.map((value, row) => {
    const level = g[row] as number;
    const start = (starts[level] as number) + (others[h[row] as number] as number);
    return 0.3 + start + (0.5 + (slopes[level] as number)) * value;
  });
  return {
    y: eta.map((value) => random.success(value)),
    z: eta.map((value) => value + random.normal()),
    x,
    g: g.map((level) => `g${level}`),
    h: h.map((level) => `h${level}`),
  };
}

const table = slopesAndCrossed(600, 21);

const MODELS: readonly { readonly formula: string; readonly options: FitOptions }[] = [
  { formula: "y ~ x + (1 + x | g) + (1 | h)", options: binomial },
  { formula: "y ~ x + (1 | g)", options: { ...binomial, nodes: 7 } },
  { formula: "z ~ x + (1 + x | g) + (1 | h)", options: { method: "REML" } },
  { formula: "z ~ x + (1 + x | g) + (1 | h)", options: { method: "ML" } },
];

function reorder(columns: Columns, order: readonly number[]): Columns {
  return Object.fromEntries(
    Object.entries(columns).map(([name, cells]) => [
      name,
      order.map((row) => cells[row] as number | string),
    ]),
  );
}

for (const { formula, options } of MODELS) {
  const kind = options.nodes ? `${options.nodes} nodes` : (options.method ?? "Laplace");

  describe(`fitMixed, ${formula}, ${kind}`, () => {
    let fit: MixedFit;

    before(() => {
      fit = fitMixed(formula, table, options);
    });

    it("converges to a regular optimum, without a warning", () => {
      assert.ok(fit.converged && !fit.singular);
      assert.deepEqual(fit.warnings, []);
    });

    it("does not depend on the order of the rows", () => {
      const order = new Random(22).shuffle([...table.x.keys()]);
      assertSameEstimates(fitMixed(formula, reorder(table, order), options), fit);
    });

    it("does not depend on the names of the levels", () => {
      const renamed = {
        ...table,
        g: table.g.map((level) => `level ${99 - Number(level.slice(1))}`),
        h: table.h.map((level) => [...level].reverse().join("")),
      };
      assertSameEstimates(fitMixed(formula, renamed, options), fit);
    });

    it("divides a coefficient and its error by ten when its covariate grows tenfold", () => {
      const scaled = fitMixed(formula, { ...table, x: table.x.map((x) => 10 * x) }, options);
      const [, slope] = fit.coefficients;
      const [, own] = scaled.coefficients;
      assertClose((own?.estimate ?? 0) * 10, slope?.estimate, 1e-6);
      assertClose((own?.se ?? 0) * 10, slope?.se, 1e-5);
      assertClose(scaled.coefficients[0]?.estimate, fit.coefficients[0]?.estimate, 1e-6);
    });
  });
}

describe("fitMixed of a binomial model", () => {
  it("does not depend on the order of the terms", () => {
    const fit = fitMixed("y ~ x + (1 + x | g) + (1 | h)", table, binomial);
    assertSameEstimates(fitMixed("y ~ x + (1 | h) + (x | g)", table, binomial), fit);
  });

  it("flips every coefficient's sign when successes and failures are swapped", () => {
    for (const nodes of [1, 9]) {
      const options = { ...binomial, nodes };
      const fit = fitMixed("cbind(s, f) ~ x + (1 | g)", simulate("counts"), options);
      const swapped = fitMixed("cbind(f, s) ~ x + (1 | g)", simulate("counts"), options);
      const flipped = swapped.coefficients.map((one) => ({ ...one, estimate: -one.estimate }));
      assertSameEstimates({ ...swapped, coefficients: flipped }, fit);
    }
  });

  it("is moved by a constant only when counts are split into rows of 0 and 1", () => {
    const counts = simulate("counts") as { s: number[]; f: number[]; x: number[]; g: string[] };
    const rows = counts.s.flatMap((s, row) => {
      const [x, g] = [counts.x[row], counts.g[row]];
      const one = { y: 1, x, g };
      const zero = { y: 0, x, g };
      return [...Array(s).fill(one), ...Array(counts.f[row]).fill(zero)];
    });
    const constant = counts.s.reduce(
      (sum, s, row) => sum + logBinomial(s + (counts.f[row] as number), s),
      0,
    );
    for (const nodes of [1, 9]) {
      const options = { ...binomial, nodes };
      const fit = fitMixed("cbind(s, f) ~ x + (1 | g)", counts, options);
      const split = fitMixed("y ~ x + (1 | g)", rows, options);
      assertSameEstimates({ ...split, logLik: split.logLik + constant }, fit);
    }
  });

  it("is the same for collapsed and for single rows", () => {
    const random = new Random(23);
    const start = random.normals(10, 0.7);
    const g = Array.from({ length: 800 }, () => random.whole(0, 9));
    const a = g.map(() => random.pick(["p", "q", "r"]));
    const y = g.map((level, row) =>
      random.success((start[level] as number) + (a[row] === "p" ? 1 : 0)),
    );
    const data = toModelData("y ~ a + (1 | g)", { y, a, g }, "binomial");
    const collapsed = collapseRows(data);
    assert.equal(collapsed.rows, 30);
    const options = { reml: false, nodes: 1, constant: 0 };
    const [one, other] = [estimate(data, options), estimate(collapsed, options)];
    assertClose(other.minusTwoLogLik, one.minusTwoLogLik, 1e-11);
    for (const [at, beta] of one.beta.entries()) assertClose(other.beta[at], beta, 1e-6);
    for (const [at, value] of one.covariance.entries()) {
      assertClose(other.covariance[at], value, 1e-6);
    }
    // The sign of a scalar theta is free.
    assertClose(Math.abs(other.theta[0] as number), Math.abs(one.theta[0] as number), 1e-6);
  });

  it("is no better at nearby parameters", () => {
    const random = new Random(24);
    const formula = "y ~ x + (1 + x | g) + (1 | h)";
    const fit = fitMixed(formula, table, binomial);
    const objective = new LaplaceObjective(toModelData(formula, table, "binomial"), 0);
    const best = [...fit.theta, ...fit.coefficients.map((one) => one.estimate)];
    assertClose(objective.evaluate(Float64Array.from(best)), fit.minusTwoLogLik, 1e-12);
    for (let trial = 0; trial < 30; trial++) {
      const reach = 10 ** -random.whole(1, 4);
      const near = Float64Array.from(best, (value) => value + reach * random.normal());
      // Rounding error of a sum over 600 rows.
      assert.ok(objective.evaluate(near) > fit.minusTwoLogLik - 1e-10);
    }
  });

  it("covers the true slope with 95 % intervals about as often as they say", () => {
    const random = new Random(25);
    let covered = 0;
    for (let simulation = 0; simulation < 200; simulation++) {
      const start = random.normals(20, 0.8);
      const g = Array.from({ length: 300 }, (_, row) => row % 20);
      const x = random.normals(300);
      const y = x.map((value, row) =>
        random.success(0.6 * value + (start[g[row] as number] as number)),
      );
      const [, slope] = fitMixed("y ~ x + (1 | g)", { y, x, g }, binomial).coefficients;
      if (slope && slope.lower <= 0.6 && 0.6 <= slope.upper) covered++;
    }
    // 0.95 has a standard error of 0.015 over 200 simulations.
    assert.ok(covered >= 0.91 * 200 && covered <= 0.98 * 200, `${covered} of 200`);
  });
});

describe("fitMixed of balanced one-way data", () => {
  const random = new Random(26);
  const batches = 6;
  const size = 5;
  const start = random.normals(batches, 40);
  const batch = Array.from({ length: batches * size }, (_, row) => `b${Math.floor(row / size)}`);
  const y = batch.map(
    (_, row) => 1500 + (start[Math.floor(row / size)] as number) + 50 * random.normal(),
  );

  it("has the estimates of the analysis of variance for REML", () => {
    const means = start.map((_, at) => mean(y.slice(at * size, (at + 1) * size)));
    const grand = mean(y);
    const between = (size * sumSquares(means, () => grand)) / (batches - 1);
    const within =
      sumSquares(y, (row) => means[Math.floor(row / size)] as number) / (batches * (size - 1));
    assert.ok(between > within);
    const fit = fitMixed("y ~ 1 + (1 | batch)", { y, batch });
    assertClose(fit.variances[0]?.variance, (between - within) / size, 1e-8);
    assertClose(fit.sigma ** 2, within, 1e-8);
    assertClose(fit.coefficients[0]?.estimate, grand, 1e-10);
    assertClose(fit.coefficients[0]?.se, Math.sqrt(between / y.length), 1e-8);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sumSquares(values: readonly number[], centre: (at: number) => number): number {
  return values.reduce((sum, value, at) => sum + (value - centre(at)) ** 2, 0);
}

function logBinomial(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
