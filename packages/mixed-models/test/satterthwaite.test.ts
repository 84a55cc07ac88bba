// Compares with the R packages lmerTest and emmeans; satterthwaite.R writes satterthwaite.golden.json.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import {
  type Adjustment,
  contrastMeans,
  fitMixed,
  fitToHtml,
  fitToMarkdown,
  fitToText,
  type GridValues,
  type MarginalMeans,
  type MixedFit,
  marginalMeans,
  marginalSlopes,
  satterthwaite,
  type Table,
} from "mixed-models";
import { bootstrapFit, fitToJson } from "mixed-models/node";
import { itNeeds, lmerTest } from "test-support/needs";
import { projectPath } from "test-support/project";
import { temporaryFolder } from "test-support/temporary";
import { rangeQuantile, rangeUpperTail } from "../src/numerics/studentized-range";

type Numbers = Readonly<Record<string, number | readonly (number | null)[]>>;

interface GoldenFit {
  readonly name: string;
  readonly data: string;
  readonly formula: string;
  readonly method: "ML" | "REML";
  readonly weights: string | null;
  readonly coefficients: Numbers;
}

interface GoldenAsk {
  readonly fit: string;
  readonly slope: string | null;
  readonly over: readonly string[];
  /** R writes an empty list as []. */
  readonly at: GridValues | readonly [];
  readonly weights: "equal" | "proportional";
  readonly level: number;
  readonly by: readonly string[];
  readonly means: Numbers;
  readonly contrasts: readonly { readonly adjust: Adjustment; readonly result: Numbers }[];
}

interface Golden {
  readonly data: Readonly<Record<string, Table>>;
  readonly fits: readonly GoldenFit[];
  readonly asks: readonly GoldenAsk[];
  readonly ranges: Readonly<Record<"q" | "k" | "df" | "p", readonly number[]>>;
}

function readGolden(path: string): Golden {
  return JSON.parse(readFileSync(path, "utf8"));
}

const golden = readGolden(
  projectPath("packages", "mixed-models", "test", "satterthwaite.golden.json"),
);

/** Of degrees of freedom and probabilities, relative: lmerTest's are differences of differences, a tail magnifies t's own. */
const RELATIVE = 1e-4;
/** Of estimates and limits, in standard errors: two searches. */
const IN_ERRORS = 1e-4;

const fits = new Map<string, MixedFit>();

function fitOf(name: string): MixedFit {
  const known = fits.get(name);
  if (known) return known;
  const {
    data: table,
    formula,
    method,
    weights,
  } = golden.fits.find((one) => one.name === name) as GoldenFit;
  const options = { method, ...(weights === null ? {} : { weights }) };
  const fit = satterthwaite(fitMixed(formula, golden.data[table] as Table, options));
  fits.set(name, fit);
  return fit;
}

function assertNumbers(found: readonly object[], expected: Numbers, what: string): void {
  const errors = [expected.se].flat();
  for (const [field, values] of Object.entries(expected)) {
    const list = [values].flat();
    assert.equal(found.length, list.length, what);
    for (const [at, value] of list.entries()) {
      const own: unknown = (found[at] as Readonly<Record<string, unknown>>)[field];
      const where = `${what}, ${field} ${at}: ${own} instead of ${value}`;
      assert.ok(typeof own === "number" && typeof value === "number", where);
      const isRelative = field === "df" || field === "p";
      const allowed = isRelative
        ? RELATIVE * Math.abs(value)
        : field === "z"
          ? IN_ERRORS * Math.max(1, Math.abs(value))
          : IN_ERRORS * 3 * (errors[at] as number);
      assert.ok(Math.abs(own - value) <= allowed, where);
    }
  }
}

function answer(ask: GoldenAsk, fit: MixedFit): MarginalMeans {
  const { over, weights, level, slope, at } = ask;
  const held = Array.isArray(at) ? {} : { at: at as GridValues };
  const options = { over, weights, level, ...held };
  return slope === null
    ? marginalMeans(fit, options)
    : marginalSlopes(fit, { ...options, of: slope });
}

function titleOf({ fit, slope, over, at, weights }: GoldenAsk): string {
  const held = Array.isArray(at) ? "" : ` at ${JSON.stringify(at)}`;
  const what = slope === null ? "means" : `slopes of ${slope}`;
  return `${fit}: ${what} over ${over.join(", ") || "nothing"}${held}, ${weights} weights`;
}

function assertAsk(ask: GoldenAsk, fit: MixedFit): void {
  const found = answer(ask, fit);
  assertNumbers(found.means, ask.means, titleOf(ask));
  for (const { adjust, result } of ask.contrasts) {
    const { by } = ask;
    const { contrasts } = contrastMeans(found, { method: "pairwise", adjust, by });
    assertNumbers(contrasts, result, `${titleOf(ask)}, ${adjust}`);
  }
}

describe("satterthwaite against lmerTest", () => {
  for (const { name, formula, method, coefficients } of golden.fits) {
    it(`has its degrees of freedom, t and p: ${name}, ${formula}, ${method}`, () => {
      assertNumbers(fitOf(name).coefficients, coefficients, name);
    });
  }

  itNeeds(lmerTest, "agrees with what R gives here and now", () => {
    const path = join(temporaryFolder(), "satterthwaite.json");
    const script = projectPath("packages", "mixed-models", "test", "satterthwaite.R");
    const { status, stderr } = spawnSync("Rscript", [script, path], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const fresh = readGolden(path);
    for (const { name, coefficients } of fresh.fits) {
      assertNumbers(fitOf(name).coefficients, coefficients, name);
    }
    for (const ask of fresh.asks) assertAsk(ask, fitOf(ask.fit));
  });
});

describe("means, slopes and contrasts against emmeans with Satterthwaite's degrees of freedom", () => {
  for (const ask of golden.asks) {
    it(titleOf(ask), () => assertAsk(ask, fitOf(ask.fit)));
  }
});

describe("satterthwaite", () => {
  const sleep = golden.data.sleep as Table;

  it("leaves the fit that it is given as it was", () => {
    const fit = fitMixed("Reaction ~ Days + (1 | Subject)", sleep);
    const before = JSON.stringify(fitToJson(fit));
    const tested = satterthwaite(fit);
    assert.equal(JSON.stringify(fitToJson(fit)), before);
    assert.equal(fit.coefficients[0]?.df, undefined);
    assert.equal(tested.coefficients[0]?.se, fit.coefficients[0]?.se);
  });

  it("has the degrees of freedom of a regression where the variance is zero", () => {
    for (const method of ["REML", "ML"] as const) {
      const table = golden.data.few as Table;
      const fit = satterthwaite(fitMixed("y ~ a * x + (1 | g)", table, { method }));
      assert.ok(fit.singular);
      for (const { df } of fit.coefficients) {
        assert.ok(Math.abs((df as number) - (method === "REML" ? 54 : 60)) < 1e-6, `${df}`);
      }
    }
  });

  it("does not depend on the unit, the zero or the sign of a covariate", () => {
    const columns = sleep as Readonly<Record<string, readonly number[]>>;
    const scaled = columns.Days?.map((day) => -1e5 * day + 3e5) as readonly number[];
    const other = { ...columns, Days: scaled } as unknown as Table;
    const formula = "Reaction ~ Days + (Days | Subject)";
    const [own, moved] = [sleep, other].map((table) => satterthwaite(fitMixed(formula, table)));
    const [first, second] = [own, moved].map((fit) => fit?.coefficients[1]?.df as number);
    assert.ok(Math.abs((first as number) / (second as number) - 1) < 1e-6, `${first}, ${second}`);
  });

  it("gives limits at which t has its quantile", () => {
    const [, days] = fitOf("slopes").coefficients;
    assert.ok(days);
    // qt(0.975, 17), R 4.2.2
    assert.ok(Math.abs((days.upper - days.estimate) / days.se - 2.10981557783) < 1e-5);
  });

  it("has none for what the data do not determine, and leaves the rest as it is", () => {
    const columns = golden.data.cake as Readonly<Record<string, readonly (string | number)[]>>;
    const rows = (columns.angle ?? []).map((angle, at) => ({
      angle,
      recipe: String(columns.recipe?.[at]),
      heat: Number(columns.temp?.[at]) > 200 ? "high" : "low",
      batch: String(columns.batch?.[at]),
    }));
    const held = rows.filter(({ recipe, heat }) => recipe !== "C" || heat === "low");
    const fit = satterthwaite(
      fitMixed("angle ~ recipe * heat + (1 | batch)", held as unknown as Table),
    );
    const { means } = marginalMeans(fit, { over: ["recipe", "heat"] });
    assert.deepEqual(
      means.map(({ df }) => df === undefined),
      [false, false, true, false, false, false],
    );
    const [first] = fit.coefficients;
    assert.ok(Math.abs((means[0]?.df as number) - (first?.df as number)) < 1e-9);
  });

  it("gives a bootstrap what it needs", async () => {
    const { failed } = await bootstrapFit(fitOf("one-way"), { replicates: 4, seed: 1 });
    assert.equal(failed, 0);
  });

  it("refuses fits whose statistics are normal", () => {
    const table = Array.from({ length: 40 }, (_, at) => ({ y: (at * 7) % 3 > 0, g: `g${at % 8}` }));
    const fit = fitMixed("y ~ 1 + (1 | g)", table, { family: "binomial" });
    assert.throws(
      () => satterthwaite(fit),
      new UserError(
        "Satterthwaite's degrees of freedom are for the gaussian family; the fit is binomial, whose tests are normal",
      ),
    );
  });

  it("is printed with df and t in place of z, in every format", () => {
    const fit = fitOf("slopes");
    const text = fitToText(fit);
    assert.match(text, /\n name +estimate +se +df +t +p +95 % from +to\n/);
    assert.match(text, /\n Days +10\.4673 +1\.5458 +17\.0 +6\.77 +<\.0001 /);
    assert.match(text, /t, p and intervals: Student's t with Satterthwaite's degrees of freedom\./);
    assert.match(fitToMarkdown(fit), /\| name \| estimate \| se \| df \| t \| p \|/);
    assert.match(fitToHtml(fit), /<th [^>]*>df<\/th><th [^>]*>t<\/th>/);
    const { coefficients, degreesOfFreedom } = fitToJson(fit);
    assert.equal(degreesOfFreedom, "Satterthwaite");
    const names = ["name", "estimate", "se", "p", "lower", "upper", "df", "t"];
    assert.deepEqual(Object.keys(coefficients[1] as object), names);
  });
});

describe("marginalSlopes", () => {
  it("are coefficients where the covariate enters by itself", () => {
    const fit = fitOf("slopes");
    const [slope] = marginalSlopes(fit, { of: "Days" }).means;
    const [, days] = fit.coefficients;
    assert.ok(Math.abs((slope?.estimate as number) - (days?.estimate as number)) < 1e-9);
    assert.ok(Math.abs((slope?.df as number) - (days?.df as number)) < 1e-6);
  });

  it("are normal where the fit is, and of log-odds for a binomial fit", () => {
    const table = Array.from({ length: 90 }, (_, at) => ({
      y: Math.sin(7 * at) + (at % 9) / 9 > 0.4,
      x: at % 9,
      g: `g${at % 10}`,
    }));
    const fit = fitMixed("y ~ x + (1 | g)", table, { family: "binomial" });
    const { means } = marginalSlopes(fit, { of: "x" });
    const [, x] = fit.coefficients;
    assert.ok(Math.abs((means[0]?.upper as number) - (x?.upper as number)) < 1e-9);
    assert.deepEqual([means[0]?.df, means[0]?.response], [undefined, null]);
  });

  it("refuse what has no slope, naming the nearest", () => {
    const ask = (of: string, more: object = {}) => {
      return () => marginalSlopes(fitOf("split-plot"), { of, ...more });
    };
    const refusals: readonly (readonly [() => unknown, string])[] = [
      [
        ask("tmp"),
        "'tmp' is not a variable of the fixed effects; a slope is of a covariate; did you mean 'temp'?",
      ],
      [ask("recipe"), "'recipe' is a factor; a slope is of a covariate; they are: temp"],
      [ask("temp", { over: ["temp"] }), "the slope of 'temp' cannot be over 'temp' itself"],
      [
        ask("temp", { at: { temp: [1, 2] } }),
        "at: 'temp' needs one number, at which its slope is taken",
      ],
      [ask("temp", { level: 95 }), "level should be between 0 and 1, such as 0.95; it is 95"],
    ];
    for (const [act, message] of refusals) assert.throws(act, new UserError(message));
  });
});

describe("rangeUpperTail with degrees of freedom", () => {
  it("agrees with the integral by R's integrate", () => {
    const { q, k, df, p } = golden.ranges;
    for (const [at, expected] of p.entries()) {
      const found = rangeUpperTail(q[at] as number, k[at] as number, df[at]);
      const where = `q ${q[at]}, k ${k[at]}, df ${df[at]}: ${found} instead of ${expected}`;
      assert.ok(Math.abs(found - expected) < 1e-9, where);
    }
  });

  it("is Student's t for two variables", () => {
    // 2 * pt(2.5, c(0.7, 3, 40), lower.tail = FALSE), R 4.2.2
    const expected = [0.3197043626813, 0.0877066470081, 0.016620352831];
    for (const [at, df] of [0.7, 3, 40].entries()) {
      const found = rangeUpperTail(Math.SQRT2 * 2.5, 2, df);
      assert.ok(Math.abs(found - (expected[at] as number)) < 1e-11, `${df}: ${found}`);
    }
  });

  it("comes near the known deviation with many degrees of freedom", () => {
    assert.ok(Math.abs(rangeUpperTail(3.3, 4, 1e9) - rangeUpperTail(3.3, 4)) < 1e-8);
  });

  it("is inverted by rangeQuantile", () => {
    for (const df of [1, 4.4, 30]) {
      const found = rangeUpperTail(rangeQuantile(0.05, 5, df), 5, df);
      assert.ok(Math.abs(found - 0.05) < 1e-9, `${df}: ${found}`);
    }
  });
});
