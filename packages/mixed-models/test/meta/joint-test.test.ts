// The test of several coefficients at once, by hand: groups of their own, whose errors do not correlate. Then a group's
// mean has the variance s^2 / n, n - 1 degrees of freedom, and no part in the others.
import assert from "node:assert/strict";
import { fitMeta, type MetaInterval, type MetaMethod } from "mixed-models/meta";

const ERROR = 0.01;
const LARGE = [2, -1, 3, 0, 4, 4];

/** Fits one mean to each group. */
function fitMeans(
  groups: readonly (readonly number[])[],
  options: { interval: MetaInterval; method?: MetaMethod },
) {
  const names = groups.map((_, at) => `g${at}`);
  const rows = groups.flatMap((own, at) => own.map(() => names.map((_, to) => Number(at === to))));
  const effects = groups.flat();
  return fitMeta(
    {
      effects,
      covariance: effects.map((_, i) => effects.map((_, j) => (i === j ? ERROR : 0))),
      moderators: { names, rows },
      groups: groups.flatMap((own, at) => own.map(() => `g${at}`)),
    },
    options,
  );
}

function meanSquare(values: readonly number[]): number {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean ** 2 / (squares / (length - 1) / length);
}

function close(found: number, wanted: number, within: number): void {
  assert.ok(Math.abs(found - wanted) <= within * Math.abs(wanted), `${found} is not ${wanted}`);
}

describe("the test of several coefficients with Satterthwaite's degrees of freedom", () => {
  for (const [what, small, df] of [
    // The sum of df / (df - 2) over both is m; the denominator has 2 m / (m - 2).
    ["above two: as Fai and Cornelius have them", [1, 5, 2, 7], 3.5],
    ["alike: their own", [1, 5, 2, 7, 3, 6], 5],
    ["of which one has two: two", [1, 5, 2], 2],
    ["of which one has fewer than two: the fewest", [1, 5], 1],
  ] as const) {
    it(`takes parts ${what}`, () => {
      for (const groups of [
        [small, LARGE],
        [LARGE, small],
      ]) {
        const { moderatorTest } = fitMeans(groups, { interval: "satterthwaite" });
        const statistic = (meanSquare(small) + meanSquare(LARGE)) / 2;
        assert.equal(moderatorTest.kind, "F");
        assert.equal(moderatorTest.df, 2);
        assert.deepEqual(moderatorTest.coefficients, ["g0", "g1"]);
        // As far as the search for the variances goes.
        close(moderatorTest.statistic, statistic, 1e-6);
        close(moderatorTest.denominatorDf, df, 1e-6);
        // The upper tail of F with two degrees of freedom has a closed form.
        close(moderatorTest.p, (1 + (2 * statistic) / df) ** (-df / 2), 1e-6);
      }
    });
  }

  it("takes three parts as it takes two", () => {
    const { moderatorTest } = fitMeans([[1, 5, 2, 7], LARGE, [3, -2, 1, 4, 0]], {
      interval: "satterthwaite",
    });
    const sum = 3 / 1 + 5 / 3 + 4 / 2;
    close(moderatorTest.denominatorDf, (2 * sum) / (sum - 3), 1e-6);
    assert.deepEqual([moderatorTest.df, moderatorTest.coefficients], [3, ["g0", "g1", "g2"]]);
  });

  it("is a chi-square test where the variances are taken as known", () => {
    const groups = [[1, 5, 2], LARGE];
    const { moderatorTest } = fitMeans(groups, { interval: "z", method: "FE" });
    // Of means with variances of .01 / n: three effects with a mean of 8 / 3, and six with one of 2.
    const statistic = (8 / 3) ** 2 / (ERROR / 3) + 2 ** 2 / (ERROR / 6);
    assert.equal(moderatorTest.kind, "chi-square");
    assert.equal(moderatorTest.denominatorDf, Number.POSITIVE_INFINITY);
    assert.deepEqual(moderatorTest.coefficients, ["g0", "g1"]);
    close(moderatorTest.statistic, statistic, 1e-10);
  });

  it("leaves the intercept out where there is another coefficient", () => {
    const effects = [0, 1, 3, 4, 2, 5];
    const rows = effects.map((_, at) => [1, at]);
    const covariance = effects.map((_, i) => effects.map((_, j) => (i === j ? 1 : 0)));
    const moderators = { names: ["intercept", "slope"], rows };
    const { moderatorTest } = fitMeta({ effects, covariance, moderators }, { method: "FE" });
    assert.deepEqual([moderatorTest.df, moderatorTest.coefficients], [1, ["slope"]]);
  });
});
