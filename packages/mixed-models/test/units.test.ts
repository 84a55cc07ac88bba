// The unit and the zero of a covariate are the table's choice, not the model's: estimates follow them exactly.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type FitOptions,
  fitMixed,
  type MixedFit,
  predictFit,
  profileInterval,
  refit,
} from "mixed-models";
import { quantileResiduals, simulateFit } from "mixed-models/diagnostics";
import { bootstrapFit, fitToJson, restoreFit } from "mixed-models/node";
import { temporaryFolder } from "test-support/temporary";
import { assertClose } from "./assert-fits";
import { Random } from "./random";

const binomial: FitOptions = { family: "binomial" };
const cumulative: FitOptions = { family: "cumulative" };
const even: FitOptions = { thresholds: "equidistant", link: "probit" };
const SCALES = [1e-8, 1e-6, 1e-3, 1, 1e3, 1e6, 1e8];
const SHIFTS = [-1e8, -2000, 1e-8, 45, 1e4, 1e8];

/** Sixteen groups with intercepts and slopes; numeric y, binary s and grades o. */
function grouped(seed: number, groups = 16, each = 30) {
  const random = new Random(seed);
  const starts = random.normals(groups, 0.8);
  const slopes = random.normals(groups, 0.6);
  const g = Array.from({ length: groups * each }, (_, row) => row % groups);
  const x = random.normals(g.length);
  const z = random.normals(g.length);
  const eta = x.map((value, row) => {
    const level = g[row] as number;
    return (starts[level] as number) + (0.5 + (slopes[level] as number)) * value;
  });
  return {
    y: eta.map((value, row) => value + 0.3 * (z[row] as number) + random.normal()),
    s: eta.map((value) => random.success(value)),
    o: eta.map((value) => [-1, 0.4, 1.5].filter((cut) => random.success(value - cut) === 1).length),
    x,
    z,
    g: g.map((level) => `g${level}`),
  };
}

const data = grouped(31);

interface Kind {
  readonly formula: string;
  readonly options: FitOptions;
  /** Whether a shift of x leaves the model the same. */
  readonly shifts: boolean;
}

const KINDS: readonly Kind[] = [
  { formula: "y ~ x + z + (1 | g)", options: {}, shifts: true },
  { formula: "y ~ x * z + (1 | g)", options: { method: "ML" }, shifts: true },
  { formula: "y ~ x + (1 + x | g)", options: {}, shifts: true },
  { formula: "y ~ x + (1 + x || g)", options: {}, shifts: false },
  { formula: "y ~ 1 + (0 + x | g)", options: { method: "ML" }, shifts: false },
  { formula: "s ~ x + (1 | g)", options: binomial, shifts: true },
  { formula: "s ~ x * z + (1 | g)", options: binomial, shifts: true },
  { formula: "s ~ x + (1 | g)", options: { ...binomial, nodes: 7 }, shifts: true },
  { formula: "s ~ x + (1 + x | g)", options: binomial, shifts: true },
  { formula: "s ~ x + (1 + x || g)", options: binomial, shifts: false },
  { formula: "o ~ x + z + (1 | g)", options: cumulative, shifts: true },
  { formula: "o ~ x * z + (1 | g)", options: { ...cumulative, ...even }, shifts: true },
  { formula: "o ~ x + (1 + x | g)", options: cumulative, shifts: true },
];

/** The same model with x replaced by `scale` (x + shift). */
function moved({ formula, options }: Kind, scale: number, shift: number): MixedFit {
  return fitMixed(formula, { ...data, x: data.x.map((x) => scale * (x + shift)) }, options);
}

const slopeOf = (fit: MixedFit, name = "x") => fit.coefficients.find((one) => one.name === name);

// Adding 1e8 leaves eight of the covariate's digits.
function assertEquivariant(found: MixedFit, fit: MixedFit, scale: number, shift: number): void {
  assert.equal(found.converged, fit.converged);
  assert.equal(found.singular, fit.singular);
  // The REML criterion is a density of contrasts, whose unit follows the covariates'.
  const names = fit.coefficients.filter(({ name }) => name.includes("x"));
  const jacobian = fit.method === "REML" ? names.length * Math.log(scale) : 0;
  assertClose(
    found.logLik + jacobian,
    fit.logLik,
    Math.max(1e-9, 1e-15 * Math.abs(shift)),
    "logLik",
  );
  for (const { name, estimate, se } of names) {
    const own = slopeOf(found, name);
    assertClose(((own?.estimate ?? 0) * scale) / se, estimate / se, 2e-5, name);
    assertClose(((own?.se ?? 0) * scale) / se, 1, 2e-4, `error of ${name}`);
  }
  for (const { group, name, sd } of fit.variances.filter((one) => one.name !== "(Intercept)")) {
    const own = found.variances.find((one) => one.group === group && one.name === name);
    const factor = name === "x" ? scale : 1;
    assertClose(((own?.sd ?? 0) * factor) / sd, 1, 1e-4, `deviation of ${name}`);
  }
  const [means, before] = [predictFit(found), predictFit(fit)];
  const worst = means.reduce((most, value, row) => {
    return Math.max(most, Math.abs(value - (before[row] as number)));
  }, 0);
  assert.ok(worst < 1e-5, `predictions are ${worst} apart`);
}

for (const kind of KINDS) {
  const { formula, options, shifts } = kind;
  const name = `${formula}${options.nodes ? ", quadrature" : ""}`;
  describe(`fitMixed in other units, ${name}`, () => {
    let fit: MixedFit;

    before(() => {
      fit = moved(kind, 1, 0);
      assert.deepEqual(fit.warnings, []);
    });

    it("follows the scale of a covariate from 1e-8 to 1e8", () => {
      for (const scale of SCALES) {
        const found = moved(kind, scale, 0);
        assert.deepEqual(found.warnings, []);
        assertEquivariant(found, fit, scale, 0);
      }
    });

    if (!shifts) return;
    it("does not mind where a covariate's zero lies, and says where digits are lost", () => {
      for (const shift of SHIFTS) {
        const found = moved(kind, 1, shift);
        const expected = Math.abs(shift) > 1e6 ? ["far-from-zero"] : [];
        assert.deepEqual(
          found.warnings.map(({ kind: one }) => one),
          expected,
          `shift ${shift}`,
        );
        assertEquivariant(found, fit, 1, shift);
      }
    });
  });
}

describe("fitMixed with covariates in everyday units", () => {
  const UNITS: Readonly<Record<string, [number, number]>> = {
    year: [2010, 5],
    income: [45_000, 20_000],
    length: [300, 150],
    age: [45, 15],
  };
  for (const [name, [mean, sd]] of Object.entries(UNITS)) {
    it(`fits random slopes of ${name}, as of the standardised covariate`, () => {
      for (let seed = 100; seed < 120; seed++) {
        const own = grouped(seed, 16, 20);
        const fit = fitMixed("s ~ x + (1 + x | g)", own, binomial);
        const x = own.x.map((value) => mean + sd * value);
        const found = fitMixed("s ~ x + (1 + x | g)", { ...own, x }, binomial);
        assertClose(found.logLik, fit.logLik, 1e-9, `logLik of data ${seed}`);
        const [a, b] = [slopeOf(found), slopeOf(fit)];
        assertClose(((a?.estimate ?? 0) * sd) / (b?.se ?? 0), b?.z, 1e-5, `data ${seed}`);
        assert.equal(found.singular, fit.singular);
      }
    });
  }

  it("fits linear slopes in millionths and in millions alike", () => {
    for (let seed = 130; seed < 142; seed++) {
      const own = grouped(seed, 12, 10);
      for (const formula of ["y ~ x + (1 + x || g)", "y ~ x + (1 + x | g)"]) {
        const fit = fitMixed(formula, own, { method: "ML" });
        for (const scale of [1e-6, 1e6, 1e8]) {
          const x = own.x.map((value) => scale * value);
          const found = fitMixed(formula, { ...own, x }, { method: "ML" });
          assertClose(found.logLik, fit.logLik, 1e-10, `logLik of data ${seed} at ${scale}`);
          assertClose(slopeOf(found)?.z, slopeOf(fit)?.z, 1e-5);
        }
      }
    }
  });
});

describe("what is computed from a fit in other units", () => {
  const kind = KINDS[8] as Kind;
  const linear = KINDS[2] as Kind;

  it("has the same profile intervals", () => {
    for (const one of [kind, linear]) {
      const fit = profileInterval(moved(one, 1, 0), "x");
      const found = profileInterval(moved(one, 1e4, 2000), "x");
      assertClose(found.lower * 1e4, fit.lower, 1e-5);
      assertClose(found.upper * 1e4, fit.upper, 1e-5);
    }
  });

  it("has conditional modes and deviations that follow the units", () => {
    const [before] = moved(kind, 1, 0).conditionalModes();
    const [after] = moved(kind, 100, 20).conditionalModes();
    assert.ok(before && after);
    for (let at = 1; at < before.modes.length; at += 2) {
      assertClose((after.modes[at] as number) * 100, before.modes[at], 1e-5);
      assertClose((after.sd[at] as number) * 100, before.sd[at], 1e-5);
    }
  });

  it("simulates, refits and bootstraps around the same estimates", async () => {
    for (const one of [kind, linear]) {
      const fit = moved(one, 1e5, 30);
      const [y] = simulateFit(fit, { seed: 3 }) as [Float64Array];
      assert.ok(refit(fit, y).converged);
      const { coefficients, failed } = await bootstrapFit(fit, { replicates: 12, seed: 1 });
      assert.equal(failed, 0);
      const [, slope] = coefficients;
      const middle = ((slope?.lower ?? 0) + (slope?.upper ?? 0)) / 2;
      const own = slopeOf(fit);
      assert.ok(Math.abs(middle - (own?.estimate ?? 0)) < 2 * (own?.se ?? 0));
    }
  });

  it("comes back from a saved file", () => {
    for (const one of KINDS) {
      const shift = one.shifts ? 2000 : 0;
      const table = { ...data, x: data.x.map((x) => 1e-6 * (x + shift)) };
      const fit = fitMixed(one.formula, table, one.options);
      const path = join(temporaryFolder(), "fit.json");
      writeFileSync(path, JSON.stringify(fitToJson(fit)));
      assertClose(restoreFit(path, table).logLik, fit.logLik, 1e-12);
    }
  });

  it("has the same quantile residuals", () => {
    const [found, fit] = [moved(kind, 1e-7, 90), moved(kind, 1, 0)];
    const before = quantileResiduals(fit, 5);
    for (const [row, value] of quantileResiduals(found, 5).entries()) {
      assertClose(value, before[row], 1e-4);
    }
  });
});
