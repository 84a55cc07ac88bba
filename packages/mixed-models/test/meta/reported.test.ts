// What a meta-analysis reports beside its estimates: shares, limits, weights and warnings, by hand.
import assert from "node:assert/strict";
import { UserError } from "kit";
import { studentQuantile, upperQuantile } from "mixed-models";
import { fitMeta, type MetaInterval, type MetaOptions } from "mixed-models/meta";

const VARIANCES = [0.1, 0.2, 0.1, 0.3];
const one = { effects: [0.1, 0.5, 0.9, 1.4], covariance: VARIANCES };
const groups = ["a", "a", "a", "b", "b", "b", "b", "c", "c"];
const three = { effects: [1, 5, 2, 0, 3, -2, 4, 7, 3], covariance: groups.map(() => 0.01), groups };

/** The means of groups that have nothing in common. */
function fitThree(options: MetaOptions = {}) {
  const names = ["a", "b", "c"];
  const rows = groups.map((group) => names.map((name) => Number(name === group)));
  return fitMeta({ ...three, moderators: { names, rows } }, options);
}

function close(found: number, wanted: number, within = 1e-9): void {
  assert.ok(Math.abs(found - wanted) <= within * Math.abs(wanted), `${found} is not ${wanted}`);
}

describe("what fitMeta reports under FE", () => {
  it("is normal unless it is told otherwise, and has no variance between effects", () => {
    const fit = fitMeta(one, { method: "FE" });
    assert.equal(fit.interval, "z");
    assert.equal(fit.coefficients[0]?.df, Number.POSITIVE_INFINITY);
    const { i2, ...rest } = fit.heterogeneity[0] ?? {};
    assert.deepEqual(rest, {
      group: "all",
      effects: 4,
      tau2: 0,
      tau: 0,
      tau2Se: null,
      tauLower: null,
      tauUpper: null,
      tauInterval: null,
    });
    const { statistic, df } = fit.q;
    close(i2 as number, (100 * (statistic - df)) / statistic);
  });

  it("has the residuals' degrees of freedom where Satterthwaite's are asked for", () => {
    const { coefficients } = fitMeta(one, { method: "FE", interval: "satterthwaite" });
    assert.equal(coefficients[0]?.df, 3);
  });

  it("has a share of zero where all effects are alike, and none for several groups", () => {
    const alike = { effects: [2, 2, 2], covariance: [1, 1, 1] };
    assert.equal(fitMeta(alike, { method: "FE" }).heterogeneity[0]?.i2, 0);
    const shares = fitThree({ method: "FE" }).heterogeneity.map(({ i2 }) => i2);
    assert.deepEqual(shares, [null, null, null]);
  });
});

describe("what fitMeta reports of heterogeneity", () => {
  it("counts each group's effects, and gives each variance its own error", () => {
    const { heterogeneity } = fitThree();
    assert.deepEqual(
      heterogeneity.map(({ group, effects }) => [group, effects]),
      [
        ["a", 3],
        ["b", 4],
        ["c", 2],
      ],
    );
    // The sum of both variances is estimated by s^2, with n - 1 degrees of freedom.
    for (const { effects, tau2, tau2Se } of heterogeneity) {
      close(tau2Se as number, (tau2 + 0.01) * Math.sqrt(2 / (effects - 1)), 1e-6);
    }
  });

  it("has no error of a variance that moments estimate", () => {
    for (const method of ["DL", "PM"] as const) {
      assert.equal(fitMeta(one, { method }).heterogeneity[0]?.tau2Se, null);
    }
  });

  it("says how the limits of tau were found: by the squares of one group of independent effects only", () => {
    const found = (covariance: number[] | number[][]) =>
      fitMeta({ ...one, covariance }).heterogeneity[0]?.tauInterval;
    assert.equal(found(VARIANCES), "Q-profile");
    const correlated = VARIANCES.map((value, i) => VARIANCES.map((_, j) => (i === j ? value : 0)));
    assert.equal(found(correlated), "Q-profile");
    correlated[0] = [0.1, 0.05, 0, 0];
    correlated[1] = [0.05, 0.2, 0, 0];
    assert.equal(found(correlated), "profile likelihood");
    assert.equal(fitThree().heterogeneity[2]?.tauInterval, "profile likelihood");
  });

  it("leaves the limits out where they are not wanted", () => {
    const { tauLower, tauUpper, tauInterval, tau } =
      fitMeta(one, { tauIntervals: false }).heterogeneity[0] ?? {};
    assert.deepEqual([tauLower, tauUpper, tauInterval], [null, null, null]);
    assert.equal(tau, fitMeta(one).heterogeneity[0]?.tau);
  });
});

describe("effectWeights", () => {
  it("make every combination of the effects that the coefficients make", () => {
    const fit = fitThree();
    for (const weights of [
      [1, 0, 0],
      [0, 1, -1],
      [0.2, 0.3, 0.5],
    ]) {
      const own = fit.effectWeights(weights);
      assert.equal(own.length, groups.length);
      const sum = own.reduce((total, weight, at) => total + weight * (three.effects[at] ?? 0), 0);
      close(sum, fit.contrast(weights).estimate);
    }
    const [first, ...others] = fit.effectWeights([1, 0, 0]);
    close(first as number, 1 / 3);
    assert.ok(others.slice(2).every((weight) => Math.abs(weight) < 1e-12));
  });

  it("refuse what is no combination of the coefficients", () => {
    assert.throws(() => fitThree().effectWeights([1, Number.NaN, 0]), {
      name: "UserError",
      message: "the weights are 1, NaN, 0; give 3 finite numbers, one for each of: a, b, c",
    });
  });
});

describe("the warning that Hartung-Knapp's intervals are narrow", () => {
  // Residuals of -2 to 2 have a mean square of 2.5; all errors are 1.
  const spread = (scale: number) => {
    const factor = Math.sqrt(scale / 2.5);
    return {
      effects: [-2, -1, 0, 1, 2].map((value) => value * factor),
      covariance: Array(5).fill(1),
    };
  };

  for (const level of [0.8, 0.95]) {
    it(`comes where they are narrower than normal ones, at a level of ${level}`, () => {
      const tail = (1 - level) / 2;
      const border = (upperQuantile(tail) / studentQuantile(tail, 4)) ** 2;
      const below = fitMeta(spread(border * 0.99), { level });
      assert.deepEqual(below.warnings, [
        `Hartung-Knapp's factor is ${(border * 0.99).toPrecision(2)}, which makes its intervals narrower than those of the normal distribution; the truncated factor keeps them from that.`,
      ]);
      close(below.scale, border * 0.99);
      assert.deepEqual(fitMeta(spread(border * 1.01), { level }).warnings, []);
    });
  }

  it("comes with no other interval, and not with the truncated factor", () => {
    for (const interval of ["satterthwaite", "t", "z"] as const) {
      assert.deepEqual(fitMeta(spread(0.1), { interval }).warnings, []);
    }
    const { warnings, scale } = fitMeta(spread(0.1), { truncated: true });
    assert.deepEqual([warnings, scale], [[], 1]);
  });
});

describe("fitMeta refuses an option", () => {
  for (const level of [0, 1, -0.1, 1.5, Number.NaN]) {
    it(`such as a level of ${level}`, () => {
      assert.throws(() => fitMeta(one, { level }), {
        name: "UserError",
        message: `the level is ${level}; give a number between 0 and 1, such as 0.95`,
      });
    });
  }

  it("such as an unknown interval, and names those that there are", () => {
    const ask = () => fitMeta(one, { interval: "normal" as MetaInterval });
    assert.throws(ask, (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /interval 'normal'.*hartung-knapp, satterthwaite, t, z$/);
      return true;
    });
  });
});
