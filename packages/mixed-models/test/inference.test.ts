import assert from "node:assert/strict";
import { UserError } from "kit";
import { fitMixed, predictFit, profileInterval, refit, upperQuantile } from "mixed-models";
import { quantileResiduals, simulateFit } from "mixed-models/diagnostics";
import { bootstrapFit } from "mixed-models/node";
import { contextOf } from "../src/fit/fit-context";
import { refitReplicate } from "../src/inference/bootstrap-worker";

// A made-up table; inference.R holds the same, and the commands that gave the values from R below.
const table = Array.from({ length: 120 }, (_, at) => {
  const g = at % 12;
  const x = ((at * 7) % 13) / 6 - 1;
  const n = 4 + (at % 3);
  const eta = 0.3 + 0.8 * x + Math.sin(5 * g) + 0.9 * Math.cos(11 * at);
  const s = Math.min(n, Math.floor(n / (1 + Math.exp(-eta))));
  const y = 2 + 1.5 * x + 2 * Math.sin(5 * g) + Math.cos(9 * at);
  return { g: String(g), x, n, s, y };
});
const binomial = fitMixed("cbind(s, n - s) ~ x + (1 | g)", table, { family: "binomial" });
const linear = fitMixed("y ~ x + (1 + x | g)", table, { method: "ML" });

function close(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} and ${expected}`);
}

describe("profileInterval", () => {
  // R interpolates the profile between points, so agreement ends at about 1e-4.
  const expected = [
    [binomial, "(Intercept)", -1.2741867193, 0.3467876044],
    [binomial, "x", 0.5107730096, 1.1366481095],
    [linear, "(Intercept)", 0.9500263392, 2.666766989],
    [linear, "x", 1.3377747659, 1.772160789],
  ] as const;
  for (const [fit, name, lower, upper] of expected) {
    it(`agrees with lme4's for ${name} (${fit.family})`, () => {
      const interval = profileInterval(fit, name);
      close(interval.lower, lower, 3e-4);
      close(interval.upper, upper, 3e-4);
    });
  }

  it("is narrower at a lower level, and holds the estimate", () => {
    const [wide, narrow] = [profileInterval(binomial, "x"), profileInterval(binomial, "x", 0.5)];
    assert.ok(wide.lower < narrow.lower && narrow.lower < wide.estimate);
    assert.ok(wide.estimate < narrow.upper && narrow.upper < wide.upper);
  });

  it("refuses a coefficient that is not there", () => {
    assert.throws(() => profileInterval(binomial, "z"), UserError);
  });
});

describe("predict", () => {
  it("agrees with lme4 on the fit's own rows", () => {
    const p = predictFit(binomial);
    for (const [row, expected] of [
      [0, 0.4097434269],
      [1, 0.2659720363],
      [49, 0.2161699141],
    ] as const) {
      close(p[row] as number, expected, 2e-5);
    }
    close(predictFit(linear)[49] as number, -0.1268263472, 2e-5);
  });

  it("agrees with lme4 on new rows, with and without random effects", () => {
    close(predictFit(linear, { rows: [{ x: 0.5, g: "3" }] })[0] as number, 3.989796158, 2e-5);
    const without = predictFit(linear, { rows: [{ x: 0.5 }], randomEffects: false });
    close(without[0] as number, 2.585919962, 2e-5);
  });

  it("gives the same for a row of the data, given as new", () => {
    const rows = table.slice(0, 20).map(({ g, x }) => ({ g, x }));
    const [own, fresh] = [predictFit(binomial), predictFit(binomial, { rows })];
    for (const [at, value] of fresh.entries()) close(value, own[at] as number, 1e-12);
  });

  it("answers on the link scale", () => {
    const [link, response] = [predictFit(binomial, { scale: "link" }), predictFit(binomial)];
    for (const [at, value] of link.entries()) {
      close(1 / (1 + Math.exp(-value)), response[at] as number, 1e-12);
    }
  });

  it("refuses a new group unless told otherwise", () => {
    const rows = [{ x: 0, g: "new" }];
    assert.throws(
      () => predictFit(linear, { rows }),
      /row 1: 'new' is not among the levels of 'g'/,
    );
    const mean = predictFit(linear, { rows, newLevels: "zero" })[0] as number;
    close(mean, linear.coefficients[0]?.estimate as number, 1e-12);
  });
});

describe("simulate and refit", () => {
  it("give the same for the same seed, and other values for another", () => {
    assert.deepEqual(simulateFit(binomial, { seed: 1 }), simulateFit(binomial, { seed: 1 }));
    assert.notDeepEqual(simulateFit(binomial, { seed: 1 }), simulateFit(binomial, { seed: 2 }));
    const [first, second] = simulateFit(linear, { seed: 1, count: 2 });
    assert.notDeepEqual(first, second);
  });

  it("refit the fit's own response to the same estimates", () => {
    for (const fit of [binomial, linear]) {
      const again = refit(fit, fit.design.response.y);
      assert.deepEqual(again.coefficients, fit.coefficients);
      assert.equal(again.logLik, fit.logLik);
    }
  });

  it("simulate responses whose mean is the model's", () => {
    const draws = simulateFit(linear, { seed: 4, count: 400 });
    const mean = draws.reduce((sum, y) => sum + (y[7] as number), 0) / draws.length;
    const spread = Math.sqrt(
      draws.reduce((sum, y) => sum + ((y[7] as number) - mean) ** 2, 0) / 399,
    );
    const expected = predictFit(linear, { randomEffects: false })[7] as number;
    close(mean, expected, (4 * spread) / Math.sqrt(400));
  });

  it("refuse a response of another length or without variation", () => {
    assert.throws(() => refit(binomial, new Float64Array(3)), /has 3 values; the fit has 120 rows/);
    assert.throws(() => refit(binomial, new Float64Array(120)), /is 0 in every row/);
  });
});

describe("quantileResiduals", () => {
  it("are near standard normal on data from the model, and follow the seed", () => {
    const y = simulateFit(binomial, { seed: 9 })[0] as Float64Array;
    const fit = refit(binomial, y);
    const residuals = quantileResiduals(fit, 1);
    assert.deepEqual(quantileResiduals(fit, 1), residuals);
    assert.notDeepEqual(quantileResiduals(fit, 2), residuals);
    const mean = residuals.reduce((sum, r) => sum + r, 0) / residuals.length;
    const square = residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length;
    close(mean, 0, 4 / Math.sqrt(120));
    close(square, 1, 0.4);
  });

  it("are the scaled differences of a linear model", () => {
    const residuals = quantileResiduals(linear, 1);
    const expected = ((table[3]?.y as number) - (predictFit(linear)[3] as number)) / linear.sigma;
    close(residuals[3] as number, expected, 1e-12);
  });
});

describe("upperQuantile", () => {
  // R 4.2.2: qnorm(c(0.025, 1e-10, 0.7), lower.tail = FALSE)
  it("agrees with R", () => {
    close(upperQuantile(0.025), 1.959963984540054, 1e-12);
    close(upperQuantile(1e-10), 6.361340902404056, 1e-11);
    close(upperQuantile(0.7), -0.5244005127080407, 1e-12);
  });
});

describe("bootstrap", function () {
  this.timeout(60_000);

  it("does not depend on the number of threads, and reports progress", async () => {
    let done = 0;
    const one = await bootstrapFit(binomial, { replicates: 12, seed: 1, workers: 1 });
    for (const { values, se } of one.coefficients) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      assert.ok(Math.abs(se - Math.sqrt(squares / (values.length - 1))) < 1e-12);
    }
    const three = await bootstrapFit(binomial, {
      replicates: 12,
      seed: 1,
      workers: 3,
      onProgress: (count) => {
        done = count;
      },
    });
    assert.deepEqual(three, one);
    assert.equal(done, 12);
  });

  it("gives standard errors like those of the Hessian", async () => {
    const { coefficients, failed } = await bootstrapFit(linear, { replicates: 300, seed: 2 });
    assert.ok(failed < 3);
    const x = coefficients[1] as (typeof coefficients)[number];
    close(x.se / (linear.coefficients[1]?.se as number), 1, 0.2);
    assert.ok(x.lower < x.estimate && x.estimate < x.upper);
  });

  it("counts a replicate without a finite likelihood as failed, and throws any other error", () => {
    const { data, start, parameters, estimateOptions } = contextOf(binomial);
    const job = {
      data,
      start,
      parameters,
      options: estimateOptions,
      seed: 1,
    };
    assert.equal(refitReplicate(job, 0).converged, true);
    const nowhere = { ...start, theta: start.theta.map(() => Number.NaN) };
    assert.equal(refitReplicate({ ...job, start: nowhere }, 0).converged, false);
    const broken = { ...start, inverseHessian: undefined as unknown as Float64Array };
    assert.throws(() => refitReplicate({ ...job, start: broken }, 0), TypeError);
  });

  it("refuses fewer than two replicates", async () => {
    await assert.rejects(bootstrapFit(linear, { replicates: 1, seed: 1 }), UserError);
  });
});
