import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import {
  compareFits,
  digitsFor,
  fitMixed,
  fitToHtml,
  fitToMarkdown,
  fitToText,
  satterthwaite,
  varianceExplained,
} from "mixed-models";
import { fitToJson, restoreFit } from "mixed-models/node";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { separatedColumns } from "../src/fit/separation";
import { chiSquareTail } from "../src/numerics/chi-square";

// Eight schools of ten pupils, by hand: a made-up example with an obvious effect of x.
function schools() {
  const rows = Array.from({ length: 80 }, (_, at) => {
    const school = at % 8;
    const x = ((at * 7) % 11) / 5 - 1;
    const score = 50 + 4 * x + 3 * Math.sin(5 * school) + 2 * Math.cos(9 * at);
    return { school: `s${school}`, x, kind: at % 3 === 0 ? "a" : "b", score };
  });
  return rows.map((row) => ({ ...row, passed: row.score > 50 ? 1 : 0 }));
}

const linear = fitMixed("score ~ x + kind + (1 | school)", schools(), { method: "ML" });

import { Random } from "./random";

describe("a fit's print", () => {
  const text = fitToText(linear);

  it("shows the method, the formula and a row for every coefficient and variance", () => {
    assert.match(
      text,
      /^Linear mixed model fitted by maximum likelihood\nFormula: score ~ x \+ kind/,
    );
    for (const { name } of linear.coefficients) assert.ok(text.includes(` ${name} `), name);
    assert.match(text, /\n school +\(Intercept\) +\d/);
    assert.match(text, /\n Residual +\d/);
    assert.match(text, /Observations: 80; levels: school 8\./);
  });

  it("names the slope that a singular fit ties to its intercept", () => {
    const random = new Random(1);
    const own = random.normals(8, 1.5);
    const rows = Array.from({ length: 64 }, (_, row) => {
      const g = row % 8;
      const x = (Math.floor(row / 8) % 5) - 2;
      // One number of each group moves intercept and slope alike.
      return { y: (own[g] as number) * (1 + 0.3 * x) + 1.5 * random.normal(), x, g };
    });
    const [warning] = fitMixed("y ~ x + (1 + x | g)", rows).warnings;
    assert.match(
      warning?.message ?? "",
      /^Singular fit: x by g is estimated as fully correlated with \(Intercept\) \(drop it, or part them by \|\|\)/,
    );
  });

  it("puts warnings before the tables, with what to do", () => {
    const rows = schools().map((row) => ({ ...row, twice: 2 * row.x, noise: row.score % 1 }));
    rows.push({ ...(rows[0] as (typeof rows)[number]), x: Number.NaN });
    const fit = fitMixed("noise ~ x + twice + (1 | school)", rows);
    const kinds = fit.warnings.map(({ kind }) => kind);
    assert.deepEqual(kinds, ["singular", "dropped-columns", "dropped-rows"]);
    const printed = fitToText(fit);
    assert.ok(printed.indexOf("! Singular fit") < printed.indexOf("Random effects:"));
    assert.match(
      printed,
      /Singular fit: the variance of school is estimated as zero \(drop its term\)\. The data do not/,
    );
    assert.match(printed, /! Dropped, because earlier columns determine them: twice\./);
    assert.match(printed, /! 1 row with a missing value was left out \(x 1\)\./);
  });

  it("says the same in Markdown and in HTML", () => {
    const markdown = fitToMarkdown(linear);
    assert.match(markdown, /\| name \| estimate \| se \|/);
    assert.match(markdown, /\| --- \| ---: \| ---: \|/);
    const html = fitToHtml(linear);
    for (const { estimate } of linear.coefficients) {
      assert.ok(markdown.includes(estimate.toFixed(4)) && html.includes(estimate.toFixed(4)));
    }
    assert.equal((html.match(/<table>/g) ?? []).length, 3);
  });
});

describe("digitsFor", () => {
  it("shows two digits of a small error, 15 at most, and four where an error is large or zero", () => {
    const digits = [2000, 0.01, 0.00099, 0.0000137, 1e-14, 1e-30, 0].map(digitsFor);
    assert.deepEqual(digits, [4, 4, 5, 6, 15, 15, 4]);
  });
});

describe("the criteria of a fit", () => {
  it("follow from its likelihood, parameters and rows", () => {
    for (const { logLik, df, nobs, aic, aicc, bic, minusTwoLogLik } of [
      linear,
      fitMixed("passed ~ x + (1 | school)", schools(), { family: "binomial" }),
    ]) {
      assert.equal(minusTwoLogLik, -2 * logLik);
      assert.ok(Math.abs(aic - (-2 * logLik + 2 * df)) < 1e-9);
      assert.ok(Math.abs(aicc - aic - (2 * df * (df + 1)) / (nobs - df - 1)) < 1e-9);
      assert.ok(aicc > aic);
      assert.ok(Math.abs(bic - (-2 * logLik + df * Math.log(nobs))) < 1e-9);
    }
  });
});

describe("separatedColumns", () => {
  // A column of 0 and 1 beside the intercept: the spread is 1.
  const matrix = Float64Array.of(1, 0, 1, 1);
  const found = (beta: number, se: number) =>
    separatedColumns(matrix, [0, beta], Float64Array.of(1, 0, 0, se ** 2));
  it("names slopes above 4 logits with errors above 10, both over the covariate's spread", () => {
    assert.deepEqual(found(4.1, 10.1), [1]);
    assert.deepEqual(found(-4.1, 10.1), [1]);
    assert.deepEqual(found(3.9, 10.1), []);
    assert.deepEqual(found(4.1, 9.9), []);
  });
});

describe("a saved fit", () => {
  const path = join(temporaryFolder(), "fit.json");

  it("is read back on the same data", () => {
    writeFileSync(path, JSON.stringify(fitToJson(linear)));
    const restored = restoreFit(path, schools());
    assert.deepEqual(restored.coefficients, linear.coefficients);
    const binomial = fitMixed("passed ~ x + (1 | school)", schools(), { family: "binomial" });
    writeFileSync(path, JSON.stringify(fitToJson(binomial)));
    assert.equal(restoreFit(path, schools()).logLik, binomial.logLik);
  });

  it("is not searched again, and answers as the fit did", () => {
    const options = { family: "binomial", nodes: 5 } as const;
    for (const fit of [linear, fitMixed("passed ~ x + (1 | school)", schools(), options)]) {
      writeFileSync(path, JSON.stringify(fitToJson(fit)));
      const restored = restoreFit(path, schools());
      assert.deepEqual(restored.evaluations, fit.evaluations);
      for (const [at, { estimate, se }] of fit.coefficients.entries()) {
        const own = restored.coefficients[at] as (typeof fit.coefficients)[0];
        assert.equal(own.estimate, estimate);
        assert.ok(Math.abs(own.se / se - 1) < 1e-6, `${own.se}, not ${se}`);
      }
      const [modes, then] = [restored, fit].map((one) => [
        ...(one.conditionalModes()[0]?.modes ?? []),
      ]);
      for (const [at, mode] of (modes ?? []).entries()) {
        assert.ok(Math.abs(mode - (then?.[at] as number)) < 1e-8);
      }
      // A search that stopped elsewhere would end here.
      const saved = fitToJson(fit);
      const search = { ...saved.search, theta: saved.search.theta.map((value) => value + 0.1) };
      writeFileSync(path, JSON.stringify({ ...saved, search }));
      assert.throws(() => restoreFit(path, schools()), /where the search ended the objective is/);
    }
  });

  it("is refused on other data", () => {
    const changed = schools();
    changed[3] = { ...(changed[3] as (typeof changed)[number]), passed: 0, x: 0.123 };
    assert.throws(
      () => restoreFit(path, changed),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /at the saved estimates the objective is .*; fit again/);
        return true;
      },
    );
  });

  it("says how many estimates are missing, or too many", () => {
    const binomial = fitMixed("passed ~ x + (1 | school)", schools(), { family: "binomial" });
    const whole = fitToJson(binomial);
    for (const [change, message] of [
      [{ theta: [] }, "0 variance parameters are given, and the model has 1; give one for each"],
      [{ coefficients: [] }, "0 fixed effects are given, and the model has 2; give one for each"],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...whole, ...change }));
      assert.throws(() => restoreFit(path, schools()), new UserError(message));
    }
  });

  it("is refused where the file holds none", () => {
    const binomial = fitMixed("passed ~ x + (1 | school)", schools(), { family: "binomial" });
    const whole = JSON.parse(JSON.stringify(fitToJson(binomial))) as Record<string, unknown>;
    const damaged = [
      { theta: null },
      { theta: ["a"] },
      { theta: [] },
      { theta: [1, 2, 3] },
      { theta: [1e200] },
      { formula: 7 },
      { formula: null },
      { formula: "y ~" },
      { options: null },
      { minusTwoLogLik: "12" },
      { coefficients: [1, null] },
      { coefficients: {} },
      { coefficients: [] },
      { ordinal: null },
      { ordinal: {} },
      { search: {} },
      { search: { theta: [1], own: [], beta: [1, 1], inverseHessian: [1] } },
      { evaluations: null },
    ].map((part) => JSON.stringify({ ...whole, ...part }));
    for (const content of ["", "{}", "[1]", "null", ...damaged]) {
      writeFileSync(path, content);
      assert.throws(
        () => restoreFit(path, schools()),
        (error: Error) => error instanceof UserError,
        content.slice(0, 200),
      );
    }
  });
});

describe("compareFits", () => {
  const smaller = fitMixed("score ~ x + (1 | school)", schools(), { method: "ML" });

  it("tests the difference of nested fits, whichever comes first", () => {
    const test = compareFits(linear, smaller);
    assert.equal(test.df, 1);
    assert.ok(Math.abs(test.chiSquare - 2 * (linear.logLik - smaller.logLik)) < 1e-12);
    assert.deepEqual(compareFits(smaller, linear), test);
    assert.equal(test.isConservative, false);
  });

  it("says that a test of a variance is conservative", () => {
    const slopes = fitMixed("score ~ x + (1 + x | school)", schools(), { method: "ML" });
    assert.equal(compareFits(smaller, slopes).isConservative, true);
  });

  it("refuses fits that have no common likelihood, with the reason", () => {
    const reml = fitMixed("score ~ x + (1 | school)", schools());
    const remlMore = fitMixed("score ~ x + kind + (1 | school)", schools());
    const fewer = fitMixed("score ~ x + (1 | school)", schools().slice(1), { method: "ML" });
    const other = fitMixed("score ~ kind + (1 | school)", schools(), { method: "ML" });
    const binomial = fitMixed("passed ~ x + (1 | school)", schools(), { family: "binomial" });
    assert.throws(() => compareFits(linear, reml), /one is fitted by REML, the other by ML/);
    assert.throws(() => compareFits(reml, remlMore), /REML fits with different fixed effects/);
    assert.throws(() => compareFits(linear, fewer), /they use different rows/);
    assert.throws(() => compareFits(smaller, other), /not nested|same number of parameters/);
    assert.throws(() => compareFits(linear, binomial), /their families differ/);
  });
});

describe("chiSquareTail", () => {
  // R 4.2.2: pchisq(c(3.841458820694124, 0.5, 30, 100), c(1, 3, 10, 7), lower.tail = FALSE)
  it("agrees with R", () => {
    for (const [value, df, expected] of [
      [3.841458820694124, 1, 4.999999999999998e-2],
      [0.5, 3, 9.188914116546759e-1],
      [30, 10, 8.566412107753005e-4],
      [100, 7, 1.078797967170288e-18],
    ] as const) {
      const found = chiSquareTail(value, df);
      assert.ok(Math.abs(found / expected - 1) < 1e-12, `${found} and ${expected}`);
    }
  });
});

describe("varianceExplained", () => {
  it("divides the variance of the linear predictor", () => {
    const { icc, r2Marginal, r2Conditional } = varianceExplained(linear);
    const school = linear.variances[0]?.variance as number;
    assert.ok(Math.abs((icc.school as number) - school / (school + linear.sigma ** 2)) < 1e-12);
    assert.ok(r2Marginal > 0 && r2Marginal < r2Conditional && r2Conditional < 1);
  });

  it("uses the latent variance of the logit link", () => {
    const fit = fitMixed("passed ~ x + (1 | school)", schools(), { family: "binomial" });
    const school = fit.variances[0]?.variance as number;
    const icc = varianceExplained(fit).icc.school as number;
    assert.ok(Math.abs(icc - school / (school + Math.PI ** 2 / 3)) < 1e-12);
  });
});

describe("empathy fit", function () {
  this.timeout(120_000);
  const path = join(temporaryFolder(), "schools.csv");
  const cell = (value: unknown) => String(value);
  const rows = schools().map((row) => Object.values(row).map(cell).join(","));
  writeFileSync(path, ["school,x,kind,score,passed", ...rows, ""].join("\n"));
  const formula = "score ~ x + kind + (1 | school)";

  it("prints the fit as text and as JSON", async () => {
    const text = await runEmpathy(["fit", "--data", path, "--formula", formula, "--method", "ML"]);
    assert.equal(text.status, 0, text.stderr);
    const [explained = "", ...others] = text.stdout.match(/^R².*\n/gm) ?? [];
    const { r2Marginal, r2Conditional } = varianceExplained(linear);
    const shares = `${r2Marginal.toFixed(3)} by fixed effects, ${r2Conditional.toFixed(3)} with`;
    assert.ok(explained.includes(shares) && others.length === 0, explained);
    assert.equal(text.stdout.replace(explained, ""), fitToText(satterthwaite(linear)));
    const json = await runEmpathy([
      "fit",
      "--data",
      path,
      "--formula",
      "passed ~ x + (1 | school)",
      "--family",
      "binomial",
      "--json",
    ]);
    const fit = JSON.parse(json.stdout);
    for (const field of [
      "logLik",
      "minusTwoLogLik",
      "aic",
      "bic",
      "nobs",
      "gradientNorm",
      "fitMs",
    ]) {
      assert.equal(typeof fit[field], "number", field);
    }
    assert.deepEqual(Object.keys(fit.coefficients[0]).slice(0, 5), [
      "name",
      "estimate",
      "se",
      "z",
      "p",
    ]);
    assert.deepEqual(Object.keys(fit.variances[0]), ["group", "name", "variance", "sd", "corr"]);
    assert.deepEqual([fit.converged, fit.seMethod], [true, "Hessian"]);
  });

  const mistakes: [string[], RegExp][] = [
    [["--data", "absent.csv", "--formula", formula], /absent\.csv: no such file/],
    [["--data", path, "--formula", "score ~ z + (1 | school)"], /'z'/],
    [["--data", path, "--formula", "score ~ x + (1 | school"], /\^/],
    [["--data", path, "--formula", "score ~ x"], /has no random effect/],
    [["--data", path, "--formula", "kind ~ x + (1 | school)"], /use the binomial family/],
    [["--data", path], /give the model with --formula/],
  ];
  for (const [args, pattern] of mistakes) {
    it(`answers \`empathy fit ${args.at(-1)}\` without a stack trace`, async () => {
      const { status, stdout, stderr } = await runEmpathy(["fit", ...args]);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});
