// Probit and complementary log-log models and offsets beside R; see links.R.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import {
  contrastMeans,
  type FitOptions,
  fitMixed,
  fitToText,
  marginalMeans,
  predictFit,
  profileInterval,
  regridMeans,
  type Table,
  varianceExplained,
} from "mixed-models";
import { simulateFit } from "mixed-models/diagnostics";
import { projectPath } from "test-support/project";

interface Case {
  readonly id: string;
  readonly formula: string;
  readonly family: "gaussian" | "binomial" | "cumulative";
  readonly options: FitOptions;
  /** Of a cumulative model the thresholds, then the coefficients. */
  readonly estimates: readonly number[];
  readonly se: readonly number[];
  readonly logLik: number;
  /** In standard errors. */
  readonly tolerance: number;
}

const GOLDEN = projectPath(join("packages", "mixed-models", "test", "links.golden.json"));
const { data, cases } = JSON.parse(readFileSync(GOLDEN, "utf8")) as {
  readonly data: Table;
  readonly cases: readonly Case[];
};

describe("links and offsets beside R", () => {
  for (const { id, formula, family, options, estimates, se, logLik, tolerance } of cases) {
    it(`fits ${id}`, () => {
      const fit = fitMixed(formula, data, { family, ...options });
      const found = [...(fit.ordinal?.thresholds ?? []), ...fit.coefficients];
      for (const [at, value] of estimates.entries()) {
        const [own, error] = [found[at], se[at] as number];
        assert.ok(
          own && Math.abs(own.estimate - value) < tolerance * error,
          `${own?.estimate}, not ${value}`,
        );
        assert.ok(
          Math.abs(own.se / error - 1) < 10 * tolerance,
          `${own.name}: se ${own.se}, not ${error}`,
        );
      }
      // Not below R's optimum; lme4's quadrature leaves the binomial coefficients and a constant out.
      if (!id.endsWith("nodes")) {
        assert.ok(
          fit.logLik > logLik - 1e-4 && fit.logLik < logLik + 1e-2,
          `${fit.logLik}, not ${logLik}`,
        );
      }
    });
  }
});

describe("the link of a fit", () => {
  const probit = () => fitMixed("y ~ x + (1 | g)", data, { family: "binomial", link: "probit" });

  it("is named in print, and its units are no log-odds", () => {
    const text = fitToText(probit());
    assert.match(text, /Binomial mixed model \(probit link\)/);
    assert.doesNotMatch(text, /log-odds/);
  });

  it("turns linear predictors into probabilities", () => {
    const fit = probit();
    const [eta, p] = [predictFit(fit, { scale: "link" }), predictFit(fit)];
    const zero = predictFit(fit, { rows: [{ x: 0, g: "g01" }], randomEffects: false });
    const [first] = fit.coefficients;
    assert.ok(eta.every((value, row) => value > 0 === (p[row] as number) > 0.5));
    // R: pnorm of the intercept.
    assert.ok(Math.abs((zero[0] as number) - normalArea(first?.estimate ?? 0)) < 1e-7);
  });

  it("draws what it fits", () => {
    const fit = fitMixed("cbind(s, f) ~ x + (1 | g)", data, {
      family: "binomial",
      link: "cloglog",
    });
    const drawn = simulateFit(fit, { seed: 1, count: 60 });
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((a, b) => a + b, 0) / values.length;
    const simulated = drawn.map(mean);
    const spread = Math.max(...simulated) - Math.min(...simulated);
    assert.ok(Math.abs(mean(simulated) - mean(fit.design.response.y)) < spread / 2);
  });

  it("has the latent variance that stands for it", () => {
    const fit = probit();
    const own = fit.variances[0]?.variance ?? 0;
    assert.ok(Math.abs((varianceExplained(fit).icc.g ?? 0) - own / (own + 1)) < 1e-12);
  });

  it("is that of marginal means and of differences of probabilities", () => {
    const fit = fitMixed("y ~ h + (1 | g)", data, { family: "binomial", link: "cloglog" });
    const means = marginalMeans(fit, { over: ["h"] });
    const [first, second] = means.means;
    const p = (eta: number | null | undefined) => 1 - Math.exp(-Math.exp(eta ?? Number.NaN));
    assert.ok(Math.abs((first?.response?.estimate ?? 0) - p(first?.estimate)) < 1e-12);
    assert.equal(means.isLogOdds, false);
    const [pair] = contrastMeans(regridMeans(means, "response"), { method: "pairwise" }).contrasts;
    assert.ok(Math.abs((pair?.estimate ?? 0) - (p(first?.estimate) - p(second?.estimate))) < 1e-12);
    assert.equal(pair?.oddsRatio, null);
  });

  for (const [options, message] of [
    [{ link: "probit" }, "link is for the binomial and cumulative families; leave it out"],
    [
      { family: "binomial", link: "loglog" },
      "unknown link 'loglog'; choose one of logit, probit, cloglog",
    ],
    [{ offset: "g" }, "the offset 'g' is not a column of numbers"],
  ] as const) {
    it(`is refused as ${JSON.stringify(options)}`, () => {
      const fit = () => fitMixed("z ~ x + (1 | h)", data, options as FitOptions);
      const binary = () => fitMixed("y ~ x + (1 | h)", data, options as FitOptions);
      assert.throws("family" in options ? binary : fit, new UserError(message));
    });
  }
});

describe("an offset", () => {
  const column = (name: string) =>
    (data as Readonly<Record<string, readonly number[]>>)[name] ?? [];

  it("is read from new rows, too", () => {
    const fit = fitMixed("z ~ x + (1 | g)", data, { offset: "o" });
    const at = (o: number | null) =>
      predictFit(fit, { rows: [{ x: 1, g: "g01", o }] })[0] as number;
    assert.ok(Math.abs(at(0.7) - at(0) - 0.7) < 1e-12);
    assert.throws(() => at(null), new UserError("row 1: the offset 'o' is null; give a number"));
  });

  it("stays where another effect is profiled", () => {
    const less = column("z").map((z, at) => z - (column("o")[at] as number));
    const moved = { w: less, x: column("x"), g: column("g") } as unknown as Table;
    const [own, plain] = [
      profileInterval(fitMixed("z ~ x + (1 | g)", data, { offset: "o" }), "x"),
      profileInterval(fitMixed("w ~ x + (1 | g)", moved), "x"),
    ];
    assert.ok(Math.abs(own.lower - plain.lower) < 1e-6 && Math.abs(own.upper - plain.upper) < 1e-6);
  });

  it("may not be missing in a row that is used", () => {
    const rows = [1, 2, 3, 4, 5, 6].map((y) => ({ y: y % 4, g: y % 2, o: y === 4 ? null : y }));
    assert.throws(
      () => fitMixed("y ~ 1 + (1 | g)", rows, { offset: "o" }),
      new UserError("the offset 'o' in row 4 is missing; fill it in, or leave the row out"),
    );
  });
});

// The area below z, by Simpson's rule.
function normalArea(z: number): number {
  const steps = 2000;
  const width = z / steps;
  const height = (at: number) => Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI);
  let sum = height(0) + height(z);
  for (let k = 1; k < steps; k++) sum += (k % 2 === 1 ? 4 : 2) * height(k * width);
  return 0.5 + (sum * width) / 3;
}
