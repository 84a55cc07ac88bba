// Compares with the R package emmeans; marginal-means.R writes marginal-means.golden.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { UserError } from "kit";
import {
  type ContrastMethod,
  contrastMeans,
  fitMixed,
  type MarginalMeans,
  type MeanContrasts,
  type MixedFit,
  marginalMeans,
  type Table,
  upperQuantile,
} from "mixed-models";
import { interactionContrast } from "mixed-models/hypotheses";
import { projectPath } from "test-support/project";
import { adjustProbabilities } from "../src/inference/adjust";
import type { ContrastOptions } from "../src/inference/contrast-means";
import type { MarginalMeansOptions } from "../src/inference/marginal-means";
import { rangeQuantile, rangeUpperTail } from "../src/numerics/studentized-range";

type Values = (number | null)[] | number;
type Numbers = Readonly<Record<string, Values>>;

interface GoldenFit {
  readonly name: string;
  readonly formula: string;
  readonly family: "gaussian" | "binomial";
  readonly contrasts: "treatment" | "sum";
  readonly data: "data" | "holed";
  readonly names: string | readonly string[];
  readonly beta: number[];
  readonly vcov: number[];
}

interface Ask extends ContrastOptions {
  readonly method?: ContrastMethod;
  readonly interaction?: Readonly<Record<string, ContrastMethod>>;
}

interface GoldenCase {
  readonly fit: string;
  readonly options: MarginalMeansOptions;
  readonly means: {
    readonly levels: Readonly<Record<string, string | string[]>>;
    readonly link: Numbers;
    readonly response: Numbers | null;
  };
  readonly contrasts: readonly {
    readonly ask: Ask;
    readonly result: {
      readonly name: string | string[];
      readonly by: Readonly<Record<string, string | string[]>>;
      readonly link: Numbers;
      readonly odds: Numbers | null;
    };
  }[];
}

interface Golden {
  readonly data: Table;
  readonly holed: Table;
  readonly fits: readonly GoldenFit[];
  readonly cases: readonly GoldenCase[];
  readonly ranges: Readonly<Record<"q" | "k" | "integral" | "ptukey", number[]>>;
  readonly adjusted: Readonly<Record<"z" | "holm" | "bonferroni" | "holmOfEight", number[]>>;
}

const golden: Golden = JSON.parse(
  readFileSync(
    projectPath("packages", "mixed-models", "test", "marginal-means.golden.json"),
    "utf8",
  ),
);

/** Double precision, over about ten columns. */
const EXACT = 1e-9;
/** R's qtukey stops its search early: 2e-8 off at most here, in standard errors. */
const QTUKEY = 1e-6;
/** Two optimisers, in standard errors. */
const FITTED = 1e-4;

const fits = new Map<string, MixedFit>();

function ownFit(name: string): MixedFit {
  const known = fits.get(name);
  if (known) return known;
  const { formula, family, contrasts, data } = goldenFit(name);
  const fit = fitMixed(formula, golden[data], { family, contrasts });
  fits.set(name, fit);
  return fit;
}

function goldenFit(name: string): GoldenFit {
  return golden.fits.find((one) => one.name === name) as GoldenFit;
}

/** The fit with R's coefficients and covariance, so that the means alone are compared. */
function substitutedFit(name: string): MixedFit {
  const { names, beta, vcov } = goldenFit(name);
  const fit = ownFit(name);
  assert.deepEqual(fit.design.fixed.names, names);
  const coefficients = fit.coefficients.map((one, at) => ({
    ...one,
    estimate: beta[at] as number,
  }));
  return { ...fit, coefficients, covariance: Float64Array.from(vcov) };
}

type Row = Readonly<Record<string, unknown>> | null;

/** Compares fields: estimates and limits in units of their standard error. */
function assertNumbers(
  rows: readonly Row[],
  expected: Numbers,
  tolerance: number,
  wide = tolerance,
) {
  const errors = [expected.se].flat() as (number | null)[];
  for (const [field, values] of Object.entries(expected)) {
    const list = [values].flat() as (number | null)[];
    assert.equal(rows.length, list.length);
    for (const [at, value] of list.entries()) {
      const found = (rows[at]?.[field] ?? null) as number | null;
      const where = `${field} ${at}: ${found} instead of ${value}`;
      if (value === null || found === null) {
        assert.equal(found, value, where);
        continue;
      }
      const scale = field === "p" || field === "z" ? 1 + Math.abs(value) : (errors[at] as number);
      const allowed = (field === "lower" || field === "upper" ? wide : tolerance) * scale;
      const rounding = 1e-14 * Math.abs(value);
      assert.ok(Math.abs(found - value) <= allowed + rounding, where);
    }
  }
}

function askFor(means: MarginalMeans, { method, interaction, ...options }: Ask): MeanContrasts {
  const { adjust } = options;
  if (interaction) return interactionContrast(means, interaction, adjust ? { adjust } : {});
  return contrastMeans(means, { method: method as ContrastMethod, ...options });
}

function assertCase(fit: MixedFit, expected: GoldenCase, tolerance: number, names: boolean): void {
  const found = marginalMeans(fit, cleanOptions(expected.options));
  for (const [name, levels] of Object.entries(expected.means.levels)) {
    assert.deepEqual(
      found.means.map((mean) => String(mean.levels[name])),
      [levels].flat(),
    );
  }
  // Limits and standard errors move with the standard error's own difference.
  const wide = tolerance === EXACT ? EXACT : 10 * tolerance;
  assertNumbers(found.means as never, expected.means.link, tolerance, wide);
  const responses = found.means.map(({ response }) => response as Row);
  if (expected.means.response) assertNumbers(responses, expected.means.response, tolerance, wide);
  for (const { ask, result } of expected.contrasts) {
    const { contrasts, limits } = askFor(found, ask);
    if (names) assertNames(contrasts, result);
    const room = limits === "tukey" ? Math.max(QTUKEY, wide) : wide;
    assertNumbers(contrasts as never, result.link, tolerance, room);
    const odds = contrasts.map(({ oddsRatio }) => oddsRatio as Row);
    if (result.odds) assertNumbers(odds, result.odds, tolerance, 10 * room);
    else assert.ok(odds.every((one) => one === null));
  }
}

function assertNames(
  contrasts: MeanContrasts["contrasts"],
  { name, by }: GoldenCase["contrasts"][number]["result"],
): void {
  assert.deepEqual(
    contrasts.map((one) => one.name),
    [name].flat(),
  );
  for (const [variable, levels] of Object.entries(by)) {
    assert.deepEqual(
      contrasts.map((one) => String(one.by[variable])),
      [levels].flat(),
    );
  }
}

// R writes an empty list as [].
function cleanOptions({ at, ...options }: MarginalMeansOptions): MarginalMeansOptions {
  return Array.isArray(at) || !at ? options : { ...options, at };
}

function titleOf({ fit, options }: GoldenCase): string {
  const { over, weights, at } = cleanOptions(options);
  const held = at ? ` at ${JSON.stringify(at)}` : "";
  return `${goldenFit(fit).formula} (${fit}), over ${over.join(", ")}${held}, ${weights} weights`;
}

describe("marginalMeans and contrasts against emmeans", () => {
  for (const expected of golden.cases) {
    const title = titleOf(expected);
    // emmeans names a number's contrasts and levels that look like numbers by the variable too.
    const names = expected.fit !== "counted" && !expected.options.over.includes("x");

    it(`agree, given R's coefficients: ${title}`, () => {
      assertCase(substitutedFit(expected.fit), expected, EXACT, names);
    });

    it(`agree, from the package's own fit: ${title}`, () => {
      assertCase(ownFit(expected.fit), expected, FITTED, names);
    });
  }
});

function refuses(act: () => unknown, message: string): void {
  assert.throws(act, new UserError(message));
}

describe("marginalMeans", () => {
  it("gives the same means for sum contrasts as for treatment contrasts", () => {
    const over = ["a", "b"];
    const sum = marginalMeans(ownFit("summed"), { over });
    const treatment = marginalMeans(ownFit("three"), { over });
    for (const [at, { estimate, se }] of treatment.means.entries()) {
      assert.ok(Math.abs((sum.means[at]?.estimate as number) - (estimate as number)) < 1e-4);
      assert.ok(Math.abs((sum.means[at]?.se as number) / (se as number) - 1) < 1e-4);
    }
  });

  it("lists the first variable fastest", () => {
    const { means } = marginalMeans(ownFit("two"), { over: ["b", "a"] });
    assert.deepEqual(
      means.slice(0, 3).map(({ levels }) => levels),
      [
        { b: "no", a: "hi" },
        { b: "yes", a: "hi" },
        { b: "no", a: "lo" },
      ],
    );
  });

  it("says why a mean is null", () => {
    const { means } = marginalMeans(ownFit("holed"), { over: ["a", "b"] });
    const reasons = means.map(({ reason }) => reason).filter((reason) => reason !== null);
    assert.deepEqual(reasons, ["not estimable: the data do not determine amid:byes"]);
  });

  it("is not misled by a covariate of large numbers", () => {
    const far = Array.from({ length: 360 }, (_, row) => 1e6 + ((row * 37) % 101));
    const columns = golden.data as unknown as Readonly<Record<string, unknown[]>>;
    const keep = far.map((_, row) => columns.a?.[row] !== "mid" || columns.b?.[row] !== "yes");
    const table = Object.fromEntries(
      Object.entries({ ...columns, far }).map(([name, values]) => [
        name,
        values.filter((_, row) => keep[row]),
      ]),
    );
    const fit = fitMixed("y ~ a * b + far + (1 | g)", table as Table);
    const { means } = marginalMeans(fit, { over: ["a", "b"] });
    assert.deepEqual(
      means.map(({ estimate }) => estimate === null),
      [false, false, false, false, false, true],
    );
  });

  it("gives no number where it cannot tell: a factor that doubles another", () => {
    const columns = golden.data as unknown as Readonly<Record<string, unknown[]>>;
    const twin = columns.a?.map((level) => `${level}2`);
    const fit = fitMixed("y ~ a + twin + (1 | g)", { ...columns, twin } as unknown as Table);
    for (const { estimate, reason } of marginalMeans(fit, { over: ["a"] }).means) {
      assert.equal(estimate, null);
      assert.match(reason as string, /does not tell whether it is estimable; remove twinlo2, twin/);
    }
  });

  it("gives the overall mean over nothing", () => {
    const { means } = marginalMeans(ownFit("one"), { over: [] });
    const each = marginalMeans(ownFit("one"), { over: ["a"] }).means;
    const mean = each.reduce((sum, { estimate }) => sum + (estimate as number), 0) / 3;
    assert.ok(Math.abs((means[0]?.estimate as number) - mean) < 1e-12);
  });

  it("refuses what is no variable, naming the nearest", () => {
    const fit = ownFit("counted");
    refuses(
      () => marginalMeans(fit, { over: ["flga"] }),
      "'flga' is not a variable of the fixed effects; did you mean 'flag'?",
    );
    refuses(
      () => marginalMeans(fit, { over: ["flag"], at: { group: 1 } }),
      "'group' is not a variable of the fixed effects; they read: n, flag, x",
    );
  });

  it("refuses a number in over without values, and takes it with them", () => {
    const fit = ownFit("covariate");
    refuses(
      () => marginalMeans(fit, { over: ["x"] }),
      "'x' in over is a number; say for which values: at: { x: [...] }",
    );
    const { means } = marginalMeans(fit, { over: ["x"], at: { x: [1, 2] } });
    assert.deepEqual(
      means.map(({ levels }) => levels),
      [{ x: 1 }, { x: 2 }],
    );
  });

  it("refuses values that cannot be", () => {
    const fit = ownFit("covariate");
    const ask = (at: MarginalMeansOptions["at"]) => () =>
      marginalMeans(fit, { over: ["a"], ...(at ? { at } : {}) });
    refuses(ask({ x: "two" }), "at: 'two' for 'x' is not a finite number; give one");
    refuses(ask({ x: [] }), "at gives no value for 'x'; give one at least");
    assert.throws(ask({ a: "high" }), UserError);
    refuses(
      () => marginalMeans(fit, { over: ["a", "a"] }),
      "'a' is listed twice in over; name it once",
    );
    refuses(
      () => marginalMeans(fit, { over: ["a"], level: 95 }),
      "level should be between 0 and 1, such as 0.95; it is 95",
    );
  });
});

describe("contrastMeans", () => {
  const means = () => marginalMeans(ownFit("two"), { over: ["a", "b"] });
  const contrast = (method: ContrastMethod, options: ContrastOptions = {}) =>
    contrastMeans(means(), { method, by: ["b"], ...options });

  it("adjusts pairs by Tukey, a reference by Holm, and custom weights not, by default", () => {
    assert.equal(contrast("pairwise").adjust, "tukey");
    assert.equal(contrast({ reference: "lo" }).adjust, "holm");
    assert.equal(contrast({ custom: { ends: [1, 1, -2] } }).adjust, "none");
  });

  it("turns pairs and references round where the caller asks, with the same limits mirrored", () => {
    const forward = contrast("pairwise").contrasts;
    const backward = contrast("revpairwise").contrasts;
    assert.equal(contrast("revpairwise").adjust, "tukey");
    assert.deepEqual(
      backward.slice(0, 3).map(({ name }) => name),
      ["lo - hi", "mid - hi", "mid - lo"],
    );
    for (const [at, one] of forward.slice(0, 3).entries()) {
      const other = backward[at] as (typeof backward)[number];
      const { estimate, lower, upper } = one;
      assert.deepEqual(
        [other.estimate, other.lower, other.upper, other.se, other.p],
        [-(estimate as number), -(upper as number), -(lower as number), one.se, one.p],
      );
    }
    assert.deepEqual(
      contrast({ reference: "lo", reverse: true })
        .contrasts.slice(0, 2)
        .map(({ name }) => name),
      ["lo - hi", "lo - mid"],
    );
  });

  it("turns each variable of an interaction by itself", () => {
    const one = interactionContrast(means(), { a: "pairwise", b: "pairwise" }).contrasts[0];
    const turned = interactionContrast(means(), { a: "revpairwise", b: "pairwise" }).contrasts[0];
    assert.match(turned?.name as string, /^lo - hi : /);
    assert.equal(turned?.estimate, -(one?.estimate as number));
    assert.equal(turned?.lower, -(one?.upper as number));
  });

  it("says that Holm's limits are Bonferroni's", () => {
    assert.equal(contrast("pairwise", { adjust: "holm" }).limits, "bonferroni");
  });

  it("refuses custom weights that are no contrast", () => {
    const custom = (weights: number[]) => () => contrast({ custom: { mine: weights } });
    refuses(
      custom([1, 0, 0]),
      "the contrast 'mine' has weights that sum to 1; they should sum to zero",
    );
    refuses(custom([1, -1]), "the contrast 'mine' has 2 weights for 3 means (hi, lo, mid)");
    refuses(custom([0, 0, 0]), "the contrast 'mine' has weights that are all zero");
    refuses(
      custom([1, Number.NaN, 0]),
      "the contrast 'mine' has a weight that is not a finite number",
    );
  });

  it("refuses unknown names and Tukey's adjustment of other contrasts", () => {
    refuses(
      () => contrast({ reference: "midd" }),
      "the reference 'midd' is not one of the means; did you mean 'mid'?",
    );
    refuses(
      () => contrast("pairwise", { by: ["c"] }),
      "the means do not vary by 'c'; they are for: a, b",
    );
    const tukey = "the tukey adjustment is for pairwise contrasts; use holm, bonferroni or sidak";
    refuses(() => contrast({ reference: "lo" }, { adjust: "tukey" }), tukey);
    refuses(
      () => interactionContrast(means(), { a: "pairwise", b: "pairwise" }, { adjust: "tukey" }),
      tukey,
    );
  });

  it("refuses an interaction of unknown or single variables", () => {
    refuses(
      () => interactionContrast(means(), { a: "pairwise", x: "pairwise" }),
      "the means do not vary by 'x'; they are for: a, b",
    );
    refuses(
      () => interactionContrast(means(), { a: "pairwise" }),
      "an interaction contrast needs two variables at least; use contrastMeans",
    );
  });
});

describe("adjustProbabilities", () => {
  const { z, holm, bonferroni, holmOfEight } = golden.adjusted;
  const assertClose = (found: readonly (number | null)[], expected: readonly number[]) => {
    for (const [at, value] of expected.entries()) {
      assert.ok(Math.abs((found[at] as number) - value) < 1e-12, `${found[at]} not ${value}`);
    }
  };

  it("adjusts as R's p.adjust", () => {
    const family = { tests: 5, means: 5 };
    assertClose(adjustProbabilities(z, "holm", family), holm);
    assertClose(adjustProbabilities(z, "bonferroni", family), bonferroni);
  });

  it("counts tests that cannot be made", () => {
    const found = adjustProbabilities([null, ...z, null, null], "holm", { tests: 8, means: 5 });
    assert.equal(found[0], null);
    assertClose(found.slice(1, -2), holmOfEight);
  });
});

describe("rangeUpperTail", () => {
  // R's ptukey has 1e-10 for few variables only; from 10 on it is off by up to 2e-6 against the integral.
  it("agrees with the integral by R's integrate, and with ptukey as far as that is exact", () => {
    const { q, k, integral, ptukey } = golden.ranges;
    for (const [at, count] of k.entries()) {
      const found = rangeUpperTail(q[at] as number, count);
      const where = `q ${q[at]}, k ${count}: ${found}`;
      assert.ok(Math.abs(found - (integral[at] as number)) < 1e-12, where);
      assert.ok(Math.abs(found - (ptukey[at] as number)) < (count < 10 ? 1e-10 : 2e-6), where);
    }
  });

  it("is the two-sided normal probability for two variables", () => {
    const found = rangeUpperTail(Math.SQRT2 * 6, 2);
    assert.ok(Math.abs(found / 1.973175290075396e-9 - 1) < 1e-10);
  });

  it("is inverted by rangeQuantile", () => {
    for (const count of [2, 3, 8, 40]) {
      for (const p of [0.5, 0.05, 1e-6]) {
        assert.ok(Math.abs(rangeUpperTail(rangeQuantile(p, count), count) / p - 1) < 1e-10);
      }
    }
  });
});

describe("upperQuantile", () => {
  it("agrees with R's qnorm", () => {
    // qnorm(c(0.9, 0.5, 0.025, 1e-10), lower.tail = FALSE), R 4.2.2
    const expected = [-1.2815515655446, 0, 1.95996398454005, 6.36134090240406];
    for (const [at, p] of [0.9, 0.5, 0.025, 1e-10].entries()) {
      assert.ok(Math.abs(upperQuantile(p) - (expected[at] as number)) < 1e-12);
    }
  });
});
