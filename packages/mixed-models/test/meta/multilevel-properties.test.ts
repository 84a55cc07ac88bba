import assert from "node:assert/strict";
import { createGenerator, UserError } from "kit";
import { clusterRobust, fitMeta, fitMultilevelMeta, type MultilevelFit } from "mixed-models/meta";
import { itNeeds, patience } from "test-support/needs";
import { identify } from "../../src/meta/identify";
import { maximise, maximiseOthers } from "../../src/meta/maximise";
import { toKnown, withComponents } from "../../src/meta/meta-problem";
import { toComponents } from "../../src/meta/random-terms";
import { close, drawn, FAMILIES, pickRows } from "./drawn-multilevel";

function closeFits(found: MultilevelFit, expected: MultilevelFit, factor = 1, shift = 0): void {
  for (const [at, one] of expected.coefficients.entries()) {
    const other = found.coefficients[at];
    close(((other?.estimate as number) - shift) / factor, one.estimate);
    close((other?.se as number) / factor, one.se);
    close(other?.df as number, one.df);
  }
  for (const one of expected.variances) {
    const other = found.variances.find(({ name }) => name === one.name);
    close((other?.variance as number) / factor ** 2, one.variance, 1e-7);
  }
}

const METHODS = ["REML", "ML"] as const;
const { clusters, ...data } = drawn(4, 6, 3);
const matrix = data.covariance as readonly (readonly number[])[];

describe("fitMultilevelMeta", () => {
  for (const method of METHODS) {
    it(`multiplies what is in the unit of the effects when these are rescaled (${method})`, () => {
      const factor = 1000;
      const scaled = {
        ...data,
        effects: data.effects.map((effect) => factor * effect),
        covariance: matrix.map((row) => row.map((value) => value * factor ** 2)),
      };
      closeFits(fitMultilevelMeta(scaled, { method }), fitMultilevelMeta(data, { method }), factor);
    });

    it(`moves nothing but the coefficients when the effects are shifted (${method})`, () => {
      const shifted = { ...data, effects: data.effects.map((effect) => effect + 7) };
      const [fit, other] = [data, shifted].map((one) => fitMultilevelMeta(one, { method }));
      closeFits(other as MultilevelFit, fit as MultilevelFit, 1, 7);
      close(other?.logLik as number, fit?.logLik as number);
    });

    it(`does not depend on the order of the rows (${method})`, () => {
      const order = data.effects.map((_, at) => (at * 7 + 3) % data.effects.length);
      assert.equal(new Set(order).size, order.length);
      const turned = pickRows(data, order);
      const [fit, other] = [
        fitMultilevelMeta(data, { method }),
        fitMultilevelMeta(turned, { method }),
      ];
      closeFits(other, fit);
      const [tests, turnedTests] = [
        clusterRobust(fit, clusters),
        clusterRobust(
          other,
          order.map((at) => clusters[at] as string),
        ),
      ];
      for (const [at, { se, df }] of tests.contrasts.entries()) {
        close(turnedTests.contrasts[at]?.se as number, se as number);
        close(turnedTests.contrasts[at]?.df as number, df as number);
      }
    });

    it(`is fitMeta where each effect is a group of its own (${method})`, () => {
      const rows = data.effects.map((_, at) => `row ${at}`);
      const groups = data.random[0]?.by as readonly string[];
      const one = fitMeta({ ...data, groups }, { method, interval: "t" });
      const random = [{ name: "row", groups: rows, by: groups }];
      const other = fitMultilevelMeta({ ...data, random }, { method });
      for (const [at, { estimate, se, upper }] of one.coefficients.entries()) {
        close(other.coefficients[at]?.estimate as number, estimate);
        close(other.coefficients[at]?.se as number, se);
        close(other.coefficients[at]?.upper as number, upper);
      }
      for (const [at, { tau2 }] of one.heterogeneity.entries()) {
        close(other.variances[at]?.variance as number, tau2);
      }
      close(other.logLik, one.logLik);
      close(other.q.statistic, one.q.statistic);
      close(other.moderatorTest.p, one.moderatorTest.p);
    });

    it(`fits levels that share nothing as each by itself (${method})`, () => {
      const variances = matrix.map((row, at) => row[at] as number);
      const by = data.random[0]?.by as readonly string[];
      const groups = data.random[0]?.groups as readonly string[];
      const random = [{ name: "collection", groups, by }];
      const all = fitMultilevelMeta({ ...data, covariance: variances, random }, { method });
      for (const [at, family] of FAMILIES.entries()) {
        const rows = [...by.keys()].filter((row) => by[row] === family);
        const pick = <T>(list: readonly T[]) => rows.map((row) => list[row] as T);
        const part = fitMultilevelMeta(
          {
            effects: pick(data.effects),
            covariance: pick(variances),
            random: [{ name: "collection", groups: pick(groups) }],
          },
          { method },
        );
        close(all.coefficients[at]?.estimate as number, part.coefficients[0]?.estimate as number);
        close(all.coefficients[at]?.se as number, part.coefficients[0]?.se as number);
        close(all.variances[at]?.variance as number, part.variances[0]?.variance as number);
      }
    });
  }

  it("weighs effects so that their sum is the combination", () => {
    const fit = fitMultilevelMeta({
      effects: [1, 4, 2, 7, 3],
      covariance: [1, 2, 1, 3, 1],
      moderators: {
        names: ["one", "other"],
        rows: [
          [1, 0],
          [1, 0],
          [0, 1],
          [0, 1],
          [1, 0],
        ],
      },
      random: [{ name: "group", groups: ["a", "a", "b", "b", "c"] }],
    });
    const weights = fit.effectWeights([1, -1]);
    const sum = [1, 4, 2, 7, 3].reduce(
      (total, effect, at) => total + effect * (weights[at] as number),
      0,
    );
    assert.ok(Math.abs(sum - fit.contrast([1, -1]).estimate) < 1e-12);
    const ones = weights.reduce(
      (total, weight, at) => total + ([0, 1, 4].includes(at) ? weight : 0),
      0,
    );
    assert.ok(Math.abs(ones - 1) < 1e-12);
    assert.throws(() => fit.effectWeights([1]), UserError);
  });

  it("has the closed form of balanced groups", () => {
    const effects = [1, 3, 2, 8, 4, 9, 5, 5, 6, 6, 2, 7];
    const groups = effects.map((_, at) => `g${Math.floor(at / 3)}`);
    const covariance = effects.map(() => 0.5);
    const random = [
      { name: "group", groups },
      { name: "row", groups: effects.map((_, at) => `r${at}`) },
    ];
    const fit = fitMultilevelMeta({ effects, covariance, random });
    const means = [0, 1, 2, 3].map(
      (g) => effects.slice(3 * g, 3 * g + 3).reduce((a, b) => a + b) / 3,
    );
    const mean = means.reduce((a, b) => a + b) / 4;
    const between = means.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    const within = effects.reduce(
      (sum, one, at) => sum + (one - (means[Math.floor(at / 3)] as number)) ** 2,
      0,
    );
    const meanSquare = within / 8;
    const [group, row] = fit.variances.map(({ variance }) => variance);
    if ((3 * between) / 3 > meanSquare) {
      close(group as number, between / 3 - meanSquare / 3);
      close(row as number, meanSquare - 0.5);
    } else {
      assert.equal(group, 0);
      close(row as number, (3 * between + within) / 11 - 0.5);
    }
    close(fit.coefficients[0]?.estimate as number, mean);
  });

  it("has fixed effects only where there are no random terms", () => {
    const fixed = fitMeta(data, { method: "FE" });
    const none = fitMultilevelMeta({ ...data, random: [] }, { interval: "z" });
    close(none.coefficients[0]?.se as number, fixed.coefficients[0]?.se as number);
    assert.deepEqual(none.variances, []);
  });

  itNeeds(patience, "takes less than 50 ms for 40 rows", () => {
    const { clusters: _, ...some } = drawn(9, 7, 3);
    assert.equal(some.effects.length, 42);
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      fitMultilevelMeta(some);
      return performance.now() - start;
    });
    // The quickest: others share the machine, and the first is not compiled yet.
    assert.ok(Math.min(...times) < 50, `${Math.min(...times)} ms`);
  });

  it("finds a top as high as any that random starts lead to", () => {
    for (let seed = 1; seed <= 24; seed++) {
      const { normal, uniform } = createGenerator(seed);
      const { clusters: _, ...some } = drawn(seed, 3 + (seed % 3), 2);
      const covariance = some.effects.map(() => Math.exp(2.5 * normal() - 3));
      const known = toKnown({ effects: some.effects, covariance, moderators: some.moderators });
      const random = some.random.map((term) => ({ ...term, by: some.random[0]?.by }));
      const { components } = identify(known, toComponents(random, covariance.length, String));
      const problem = withComponents(known, components);
      const best = maximise(problem, "REML", 3);
      assert.ok(best.converged);
      for (let start = 0; start < 30; start++) {
        const from = Float64Array.from(components, () => Math.exp(8 * uniform() - 4));
        const { logLik } = maximiseOthers(problem, "REML", from, -1);
        assert.ok(logLik <= best.logLik + 1e-8, `seed ${seed}: ${logLik} above ${best.logLik}`);
      }
    }
  });
});
