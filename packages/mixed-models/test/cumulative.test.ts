// What must hold for any cumulative link mixed model, whatever its estimates.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import {
  compareFits,
  type FitOptions,
  fitMixed,
  fitToHtml,
  fitToMarkdown,
  fitToText,
  type MixedFit,
  type OrdinalPart,
  predictFit,
  predictGrades,
  profileInterval,
  refit,
  type Table,
  varianceExplained,
} from "mixed-models";
import { quantileResiduals, simulateFit } from "mixed-models/diagnostics";
import { bootstrapFit, fitToJson, restoreFit } from "mixed-models/node";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { assertClose, assertSameEstimates } from "./assert-fits";
import { simulate } from "./parity/simulate";

const GRADES = ["Bad", "Okay", "Good"];
const FORMULA = "y ~ x + type + (1 | dialogue) + (1 | rater)";
const cumulative: FitOptions = { family: "cumulative" };
const named: FitOptions = { ...cumulative, levels: { y: GRADES } };

const numbers = simulate("grades-crossed");
const texts = { ...numbers, y: (numbers.y as number[]).map((grade) => GRADES[grade - 1]) };
const slopes = simulate("grades-slopes");
const weighted = simulate("grades-weights") as Readonly<Record<string, number[]>>;

function ordinalOf({ ordinal }: MixedFit): OrdinalPart {
  assert.ok(ordinal);
  return ordinal;
}

function refuses(formula: string, table: Table, options: FitOptions, message: RegExp): void {
  assert.throws(
    () => fitMixed(formula, table, options),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    },
  );
}

describe("a cumulative fit", () => {
  const fit = fitMixed(FORMULA, texts, named);

  it("names thresholds after the grades on both sides, and has no intercept", () => {
    const { thresholds, grades, link, kind, spacing } = ordinalOf(fit);
    assert.deepEqual(grades, GRADES);
    assert.deepEqual(
      thresholds.map(({ name }) => name),
      ["Bad|Okay", "Okay|Good"],
    );
    assert.deepEqual(
      fit.coefficients.map(({ name }) => name),
      ["x", "typellm"],
    );
    assert.deepEqual([link, kind, spacing], ["logit", "flexible", null]);
    assert.equal(fit.df, 6);
    assert.deepEqual([fit.method, fit.integration], ["ML", "Laplace"]);
  });

  it("has one covariance matrix of thresholds and coefficients", () => {
    const { thresholds, covariance } = ordinalOf(fit);
    const all = [...thresholds, ...fit.coefficients];
    assert.equal(covariance.length, all.length ** 2);
    for (const [at, { se }] of all.entries()) {
      assertClose(Math.sqrt(covariance[at * (all.length + 1)] as number), se, 1e-12);
    }
    assertClose(fit.covariance[3], covariance.at(-1), 1e-15);
  });

  it("is the same for numbers as for texts whose order is declared", () => {
    const other = fitMixed(FORMULA, numbers, cumulative);
    assert.deepEqual(ordinalOf(other).grades, ["1", "2", "3"]);
    assert.equal(other.logLik, fit.logLik);
  });

  it("turns round with the order of the grades", () => {
    const reversed = fitMixed(FORMULA, texts, { ...named, levels: { y: [...GRADES].reverse() } });
    assertClose(reversed.logLik, fit.logLik, 1e-10);
    for (const [at, { estimate, se }] of fit.coefficients.entries()) {
      assertClose((reversed.coefficients[at]?.estimate ?? 0) / se, -estimate / se, 1e-5);
    }
    const [low, high] = ordinalOf(fit).thresholds;
    const [first, second] = ordinalOf(reversed).thresholds;
    assertClose(first?.estimate, -(high?.estimate ?? 0), 1e-5);
    assertClose(second?.estimate, -(low?.estimate ?? 0), 1e-5);
  });

  it("does not depend on the order of the rows", () => {
    const turned = Object.fromEntries(
      Object.entries(numbers).map(([name, column]) => [name, [...column].reverse()]),
    );
    assertSameEstimates(fitMixed(FORMULA, turned, cumulative), fit);
  });

  it("has an optimum: the objective is no better nearby", () => {
    assert.ok(fit.converged && fit.gradientNorm < 1e-4, `${fit.gradientNorm}`);
    assert.deepEqual(fit.warnings, []);
  });

  it("comes back from a saved file, equidistant thresholds too", () => {
    for (const thresholds of ["flexible", "equidistant"] as const) {
      const own = fitMixed("y ~ x + (1 | g)", slopes, { ...cumulative, thresholds });
      const path = join(temporaryFolder(), "fit.json");
      writeFileSync(path, JSON.stringify(fitToJson(own)));
      assert.equal(restoreFit(path, slopes).logLik, own.logLik);
    }
  });

  it("prints thresholds after the coefficients", () => {
    const text = fitToText(fit);
    assert.match(text, /^Cumulative link mixed model \(logit, flexible thresholds\) fitted by max/);
    assert.match(
      text,
      /Fixed effects \(log-odds\):[\s\S]*typellm[\s\S]*Thresholds:[\s\S]*Bad\|Okay +-\d/,
    );
    assert.match(fitToMarkdown(fit), /\| Bad\\\|Okay \| -\d/);
    assert.match(fitToHtml(fit), />Okay\|Good</);
    const even = fitMixed("y ~ 1 + (1 | g)", slopes, { ...cumulative, thresholds: "equidistant" });
    assert.match(fitToText(even), /equidistant thresholds[\s\S]*spacing +\d/);
    assert.doesNotMatch(fitToText(even), /Fixed effects/);
  });
});

describe("equidistant thresholds of three grades", () => {
  it("are flexible ones, with their errors and covariances", () => {
    const flexible = fitMixed(FORMULA, numbers, cumulative);
    const even = fitMixed(FORMULA, numbers, { ...cumulative, thresholds: "equidistant" });
    assertSameEstimates(even, flexible);
    const [own, other] = [ordinalOf(even), ordinalOf(flexible)];
    for (const [at, { estimate, se }] of other.thresholds.entries()) {
      assertClose(own.thresholds[at]?.estimate, estimate, 1e-6);
      assertClose(own.thresholds[at]?.se, se, 1e-5);
    }
    for (const [at, value] of other.covariance.entries()) {
      assertClose(own.covariance[at], value, 1e-5);
    }
    const [low, high] = other.thresholds;
    assertClose(own.spacing?.estimate, (high?.estimate ?? 0) - (low?.estimate ?? 0), 1e-6);
  });
});

describe("a cumulative fit of two grades", () => {
  const table = { ...slopes, two: (slopes.y as number[]).map((grade) => (grade > 2 ? 1 : 0)) };

  for (const formula of ["two ~ x + (1 | g)", "two ~ x + (1 + x | g)"]) {
    it(`is the binomial fit, its threshold minus the intercept: ${formula}`, () => {
      const binomial = fitMixed(formula, table, { family: "binomial" });
      const fit = fitMixed(formula, table, cumulative);
      const [intercept, ...coefficients] = binomial.coefficients;
      assertSameEstimates(fit, { ...binomial, coefficients });
      const [threshold] = ordinalOf(fit).thresholds;
      assertClose(threshold?.estimate, -(intercept?.estimate ?? 0), 1e-6);
      assertClose(threshold?.se, intercept?.se, 1e-4);
      assert.equal(fit.df, binomial.df);
    });
  }
});

describe("weights of a cumulative fit", () => {
  it("are so many rows, whether rows are added up or not", () => {
    const { y = [], n = [], g = [] } = weighted;
    const rows = n.flatMap((count, row) => Array<number>(count).fill(row));
    const repeated = { y: rows.map((row) => y[row]), g: rows.map((row) => g[row]) };
    const fit = fitMixed("y ~ 1 + (1 | g)", weighted, { ...cumulative, weights: "n" });
    const other = fitMixed("y ~ 1 + (1 | g)", repeated, cumulative);
    assertSameEstimates(fit, other);
    assert.deepEqual([fit.nobs, other.nobs], [y.length, rows.length]);
  });

  it("forbid simulation, whose rows are one grade each", async () => {
    const fit = fitMixed("y ~ 1 + (1 | g)", weighted, { ...cumulative, weights: "n" });
    assert.throws(() => simulateFit(fit, { seed: 1 }), /repeat the rows/);
    await assert.rejects(bootstrapFit(fit, { replicates: 4, seed: 1 }), UserError);
  });
});

describe("a response that is no scale of grades", () => {
  it("is refused in one line", () => {
    const f = "y ~ x + (1 | dialogue)";
    refuses(f, texts, cumulative, /Bad.*order is not known.*in levels/);
    refuses("x ~ type + (1 | dialogue)", texts, cumulative, /x is .* in row 1; grades are whole/);
    const many = { ...texts, y: texts.y.map((_, row) => row) };
    refuses(f, many, cumulative, /750 different numbers; .* 20 grades at most/);
    const one = { ...texts, y: texts.y.map(() => "Good") };
    refuses(f, one, named, /'Good' in all 750 used rows; .* two grades/);
    const short = { ...cumulative, levels: { y: ["Bad", "Good"] } };
    refuses(f, texts, short, /leave out 'Okay'/);
    refuses("cbind(y, x) ~ 1 + (1 | rater)", numbers, cumulative, /one column of grades/);
    refuses(f, texts, { ...named, reference: { y: "Good" } }, /have no reference level/);
    refuses("y ~ 0 + x + (1 | rater)", numbers, cumulative, /thresholds take the intercept/);
    refuses(f, numbers, { link: "probit" }, /for the binomial and cumulative families/);
    refuses(
      f,
      numbers,
      { ...cumulative, link: "cauchit" as "logit" },
      /logit, probit, cloglog, loglog/,
    );
    refuses(f, numbers, { ...cumulative, standardErrors: "conditional" }, /the binomial family/);
    refuses(f, numbers, { ...cumulative, thresholds: "free" as "flexible" }, /or equidistant/);
  });

  it("may be a truth value, or a factor of numbers", () => {
    const fit = fitMixed("y >= 2 ~ x + (1 | dialogue)", numbers, cumulative);
    assert.deepEqual(ordinalOf(fit).grades, ["FALSE", "TRUE"]);
    const factor = fitMixed("factor(y) ~ x + (1 | dialogue)", numbers, cumulative);
    assert.deepEqual(ordinalOf(factor).grades, ["1", "2", "3"]);
  });
});

describe("a grade that nobody gave", () => {
  it("is left out and named, whether declared or a hole between numbers", () => {
    const declared = { ...cumulative, levels: { y: ["Awful", ...GRADES] } };
    const fit = fitMixed(FORMULA, texts, declared);
    assert.deepEqual(
      fit.warnings.map(({ kind }) => kind),
      ["dropped-grades"],
    );
    assert.match(fitToText(fit), /! Nobody gave the grade Awful: left out/);
    const y = (numbers.y as number[]).map((grade) => (grade === 3 ? 5 : grade));
    const holed = fitMixed(FORMULA, { ...numbers, y }, cumulative);
    assert.match(holed.warnings[0]?.message ?? "", /grades 3, 4: left out/);
    assert.equal(holed.logLik, fit.logLik);
  });
});

describe("separation of grades", () => {
  it("is flagged", () => {
    const y = texts.y.map((grade, row) => (row % 6 === 0 ? "Good" : grade));
    const z = texts.y.map((_, row) => (row % 6 === 0 ? "always" : "often"));
    const fit = fitMixed("y ~ z + (1 | rater)", { ...texts, y, z }, named);
    const separation = fit.warnings.find(({ kind }) => kind === "separation");
    assert.match(separation?.message ?? "", /zoften predicts some rows perfectly/);
  });
});

describe("compareFits of cumulative fits", () => {
  const flexible = fitMixed("y ~ x + (1 + x | g)", slopes, cumulative);

  it("tests equidistant thresholds within flexible ones", () => {
    const even = fitMixed("y ~ x + (1 + x | g)", slopes, {
      ...cumulative,
      thresholds: "equidistant",
    });
    const test = compareFits(flexible, even);
    assert.equal(test.df, 2);
    assertClose(test.chiSquare, 2 * (flexible.logLik - even.logLik), 1e-9);
    assert.equal(test.isConservative, false);
  });

  it("tests covariates and random effects", () => {
    assert.equal(compareFits(flexible, fitMixed("y ~ x + (1 | g)", slopes, cumulative)).df, 2);
    assert.equal(compareFits(flexible, fitMixed("y ~ 1 + (1 + x | g)", slopes, cumulative)).df, 1);
  });

  it("refuses other links, and flexible thresholds within equidistant ones", () => {
    const probit = fitMixed("y ~ 1 + (1 | g)", slopes, { ...cumulative, link: "probit" });
    assert.throws(() => compareFits(flexible, probit), /their links differ/);
    const even = fitMixed("y ~ x + (1 + x | g)", slopes, {
      ...cumulative,
      thresholds: "equidistant",
    });
    const small = fitMixed("y ~ 1 + (1 | g)", slopes, cumulative);
    assert.throws(() => compareFits(even, { ...small, df: 2 }), /not nested: flexible/);
  });
});

describe("what is computed from a cumulative fit", () => {
  const fit = fitMixed("y ~ x + (1 + x | g)", slopes, cumulative);
  const probit = fitMixed("y ~ x + (1 | g)", slopes, { ...cumulative, link: "probit" });

  it("predicts probabilities that sum to one, their most probable grade and expectation", () => {
    const { grades, probabilities, classes } = predictGrades(fit);
    const expected = predictFit(fit);
    assert.equal(probabilities.length, fit.nobs * 5);
    for (const [row, one] of classes.entries()) {
      const own = [...probabilities.subarray(row * 5, row * 5 + 5)];
      assertClose(
        own.reduce((sum, value) => sum + value, 0),
        1,
        1e-12,
      );
      assert.equal(one, grades[own.indexOf(Math.max(...own))]);
      const mean = own.reduce((sum, value, at) => sum + (at + 1) * value, 0);
      assertClose(expected[row], mean, 1e-12);
    }
    assert.throws(
      () => predictGrades(fitMixed("x ~ 1 + (1 | g)", slopes)),
      /a gaussian fit has no grades/,
    );
  });

  it("predicts new rows, whose thresholds are compared with the link scale", () => {
    const rows = [{ x: 0.7, g: "g01" }];
    const { probabilities } = predictGrades(fit, { rows, randomEffects: false });
    const [eta = 0] = predictFit(fit, { rows, randomEffects: false, scale: "link" });
    assertClose(eta, 0.7 * (fit.coefficients[0]?.estimate ?? 0), 1e-12);
    const [first] = ordinalOf(fit).thresholds;
    assertClose(probabilities[0], 1 / (1 + Math.exp(eta - (first?.estimate ?? 0))), 1e-12);
  });

  it("simulates grades in the proportions that it predicts", () => {
    for (const one of [fit, probit]) {
      const draws = simulateFit(one, { seed: 4, count: 40 });
      const shares = [0, 1, 2, 3, 4].map((grade) => {
        const count = draws.reduce(
          (sum, y) => sum + y.filter((value) => value === grade).length,
          0,
        );
        return count / (40 * one.nobs);
      });
      const observed = [0, 1, 2, 3, 4].map(
        (grade) => (slopes.y as number[]).filter((value) => value === grade + 1).length / one.nobs,
      );
      for (const [at, share] of shares.entries()) assertClose(share, observed[at], 0.04, `${at}`);
    }
  });

  it("refits what it simulated, and refuses a response without a grade", () => {
    const [y] = simulateFit(fit, { seed: 5 }) as [Float64Array];
    const own = refit(fit, y);
    assert.ok(own.converged);
    const [slope] = own.coefficients;
    const [truth] = fit.coefficients;
    assert.ok(Math.abs((slope?.estimate ?? 0) - (truth?.estimate ?? 0)) < 3 * (truth?.se ?? 0));
    assert.throws(
      () =>
        refit(
          fit,
          y.map((grade) => Math.min(grade, 3)),
        ),
      /no row has the grade '5'/,
    );
  });

  it("bootstraps the same whatever the number of threads", async () => {
    const small = fitMixed("y ~ x + (1 | g)", slopes, cumulative);
    const one = await bootstrapFit(small, { replicates: 6, seed: 9, workers: 1 });
    const two = await bootstrapFit(small, { replicates: 6, seed: 9, workers: 2 });
    assert.deepEqual(one, two);
    assert.equal(one.failed, 0);
    assert.deepEqual(
      one.thresholds?.map(({ name }) => name),
      ordinalOf(small).thresholds.map(({ name }) => name),
    );
    for (const { estimate, values } of [...one.coefficients, ...(one.thresholds ?? [])]) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      assertClose(mean, estimate, 0.35);
    }
  });

  it("profiles a coefficient around its estimate", () => {
    const { lower, upper } = profileInterval(probit, "x");
    const [slope] = probit.coefficients;
    assertClose(lower, slope?.lower, 0.01);
    assertClose(upper, slope?.upper, 0.01);
  });

  it("has quantile residuals that look normal", () => {
    const residuals = quantileResiduals(fit, 3);
    const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
    const square = residuals.reduce((sum, value) => sum + value * value, 0) / residuals.length;
    assertClose(mean, 0, 0.1);
    assertClose(square, 1, 0.15);
  });

  it("explains variance with the link's own", () => {
    const [{ variance } = { variance: 0 }] = probit.variances;
    assertClose(varianceExplained(probit).icc.g, variance / (variance + 1), 1e-12);
  });
});

describe("empathy fit --family cumulative", function () {
  this.timeout(120_000);
  const path = join(temporaryFolder(), "grades.csv");
  const { y, x, type, dialogue, rater } = texts as Readonly<Record<string, (string | number)[]>>;
  const rows = texts.y.map((_, row) =>
    [y, x, type, dialogue, rater].map((column) => column?.[row]).join(","),
  );
  writeFileSync(path, ["y,x,type,dialogue,rater", ...rows, ""].join("\n"));
  const command = ["fit", "--data", path, "--formula", FORMULA, "--family", "cumulative"];

  it("prints the fit, with the grades in the order of --levels", async () => {
    const { stdout, stderr } = await runEmpathy([...command, "--levels", "Bad, Okay, Good"]);
    const fit = fitMixed(FORMULA, texts, named);
    assert.equal(stdout.replace(/^R².*\n/m, ""), fitToText(fit), stderr);
  });

  it("takes link and thresholds", async () => {
    const flags = ["--levels", GRADES.join(), "--link", "probit", "--thresholds", "equidistant"];
    const { stdout } = await runEmpathy([...command, ...flags, "--json"]);
    const { link, kind, thresholds } = JSON.parse(stdout).ordinal;
    assert.deepEqual([link, kind, thresholds.length], ["probit", "equidistant", 2]);
  });

  it("asks for the order of texts in one line", async () => {
    const { status, stdout, stderr } = await runEmpathy(command);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^empathy: the response y holds texts .*in levels.*\n$/);
  });
});
