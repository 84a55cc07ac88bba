import assert from "node:assert/strict";
import { createGenerator } from "kit";
import { studentQuantile, upperQuantile } from "mixed-models";
import {
  fitMeta,
  type MetaCoefficient,
  type MetaData,
  type MetaFit,
  type MetaMethod,
} from "mixed-models/meta";
import { maximise, maximiseOthers } from "../../src/meta/maximise";
import { toProblem } from "../../src/meta/meta-problem";
import { orthonormalBasis } from "../../src/meta/orthonormal-basis";

/** Groups of effects around means of their own, whose errors correlate through a shared comparison. */
function drawn(seed: number, sizes: readonly number[], tau: number): Required<MetaData> {
  const { normal, uniform } = createGenerator(seed);
  const groups = sizes.flatMap((size, group) => Array<string>(size).fill(`g${group}`));
  const own = groups.map(() => 0.02 + 0.1 * uniform());
  const shared = 0.02;
  const common = Math.sqrt(shared) * normal();
  const kinds = [...new Set(groups)];
  return {
    effects: groups.map(
      (group, at) =>
        kinds.indexOf(group) / 2 + common + (tau + Math.sqrt(own[at] as number)) * normal(),
    ),
    covariance: own.map((variance, i) => own.map((_, j) => (i === j ? variance + shared : shared))),
    moderators: {
      names: kinds,
      rows: groups.map((group) => kinds.map((kind) => (kind === group ? 1 : 0))),
    },
    groups,
    labels: groups.map((group, at) => `${group}-${at}`),
  };
}

function close(found: number | null, expected: number | null, tolerance = 1e-8): void {
  if (found === expected) return;
  if (found === null || expected === null) assert.equal(found, expected);
  else {
    const distance = Math.abs(found - expected);
    assert.ok(distance <= tolerance * Math.max(1, Math.abs(expected)), `${found} and ${expected}`);
  }
}

function first(fit: MetaFit): MetaCoefficient {
  return fit.coefficients[0] as MetaCoefficient;
}

const METHODS: readonly MetaMethod[] = ["REML", "ML", "FE"];
const data = drawn(3, [5, 7, 4], 0.4);
const diagonal = (variances: readonly number[]) =>
  variances.map((variance, i) => variances.map((_, j) => (i === j ? variance : 0)));

describe("fitMeta", () => {
  for (const method of METHODS) {
    it(`multiplies what is in the unit of the effects when these are rescaled (${method})`, () => {
      const factor = 1000;
      const matrix = data.covariance as readonly (readonly number[])[];
      const scaled = fitMeta(
        {
          ...data,
          effects: data.effects.map((effect) => factor * effect),
          covariance: matrix.map((row) => row.map((value) => value * factor ** 2)),
        },
        { method },
      );
      const fit = fitMeta(data, { method });
      for (const [at, one] of fit.coefficients.entries()) {
        const other = scaled.coefficients[at] as MetaCoefficient;
        close(other.estimate / factor, one.estimate);
        close(other.upper / factor, one.upper);
        close(other.df, one.df);
        close(other.p, one.p);
      }
      for (const [at, one] of fit.heterogeneity.entries()) {
        const other = scaled.heterogeneity[at] as typeof one;
        close(other.tau / factor, one.tau);
        close(other.i2, one.i2, 1e-7);
        if (other.tauUpper !== null) close(other.tauUpper / factor, one.tauUpper, 1e-7);
      }
    });

    it(`moves nothing but the coefficients when the effects are shifted (${method})`, () => {
      const shifted = { ...data, effects: data.effects.map((effect) => effect + 7) };
      const [fit, other] = [fitMeta(data, { method }), fitMeta(shifted, { method })];
      for (const [at, { estimate, se, df }] of fit.coefficients.entries()) {
        const moved = other.coefficients[at] as MetaCoefficient;
        close(moved.estimate, estimate + 7);
        close(moved.se, se);
        close(moved.df, df);
      }
      close(other.logLik, fit.logLik);
      close(other.q.statistic, fit.q.statistic);
    });

    it(`does not depend on the order of the effects (${method})`, () => {
      const order = data.effects.map((_, at) => (at * 7) % data.effects.length);
      const matrix = data.covariance as readonly (readonly number[])[];
      const pick = <T>(list: readonly T[]) => order.map((at) => list[at] as T);
      const turned = fitMeta(
        {
          effects: pick(data.effects),
          covariance: pick(matrix).map(pick),
          moderators: { ...data.moderators, rows: pick(data.moderators.rows) },
          groups: pick(data.groups),
        },
        { method },
      );
      const fit = fitMeta(data, { method });
      for (const [at, one] of fit.coefficients.entries()) {
        const other = turned.coefficients[at] as MetaCoefficient;
        close(other.estimate, one.estimate);
        close(other.lower, one.lower);
      }
      for (const one of fit.heterogeneity) {
        const other = turned.heterogeneity.find(({ group }) => group === one.group);
        close(other?.tau ?? null, one.tau);
        close(other?.tauUpper ?? null, one.tauUpper, 1e-7);
      }
    });
  }

  it("takes variances for a covariance matrix without covariances", () => {
    const variances = [0.1, 0.2, 0.05, 0.3];
    const effects = [0.4, -0.2, 0.9, 0.3];
    const [list, matrix] = [variances, diagonal(variances)].map((covariance) =>
      fitMeta({ effects, covariance }),
    );
    assert.deepEqual(JSON.stringify(list), JSON.stringify(matrix));
  });

  it("is the mean's t interval where all variances are one, by either correction", () => {
    const effects = [0.3, 1.2, -0.4, 0.8, 2.1];
    const mean = effects.reduce((sum, effect) => sum + effect, 0) / 5;
    const variance = effects.reduce((sum, effect) => sum + (effect - mean) ** 2, 0) / 4;
    for (const interval of ["hartung-knapp", "satterthwaite", "t"] as const) {
      const fit = fitMeta({ effects, covariance: effects.map(() => 0.1) }, { interval });
      const { estimate, se, df, upper } = first(fit);
      close(estimate, mean, 1e-12);
      close(se, Math.sqrt(variance / 5), 1e-10);
      close(df, 4, 1e-10);
      close(upper, mean + studentQuantile(0.025, 4) * se, 1e-10);
      close(fit.heterogeneity[0]?.tau2 as number, variance - 0.1, 1e-9);
    }
  });

  it("has the balanced closed form where all errors share one part", () => {
    const effects = [0.3, 1.2, -0.4, 0.8, 2.1];
    const covariance = effects.map((_, i) => effects.map((_, j) => (i === j ? 0.3 : 0.2)));
    const fit = fitMeta({ effects, covariance }, { interval: "satterthwaite" });
    const mean = effects.reduce((sum, effect) => sum + effect, 0) / 5;
    const spread = effects.reduce((sum, effect) => sum + (effect - mean) ** 2, 0) / 4;
    close(fit.heterogeneity[0]?.tau2 as number, spread - 0.1, 1e-9);
    close(first(fit).se, Math.sqrt(spread / 5 + 0.2), 1e-10);
  });

  it("gives two groups with means and variances of their own Welch's degrees of freedom", () => {
    const [a, b] = [
      [0.1, 1.4, 0.6, 2.2],
      [3.0, 5.5, 1.2, 9.1, 4.4, 2.0],
    ] as const;
    const effects = [...a, ...b];
    const groups = effects.map((_, at) => (at < 4 ? "a" : "b"));
    const rows = groups.map((group) => [1, group === "b" ? 1 : 0]);
    const fit = fitMeta({
      effects,
      groups,
      covariance: effects.map(() => 0.01),
      moderators: { names: ["intercept", "b"], rows },
    });
    const part = (list: readonly number[]) => {
      const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
      const squares = list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return squares / (list.length - 1) / list.length;
    };
    const [va, vb] = [part(a), part(b)];
    const { se, df } = fit.contrast([0, 1]);
    close(se, Math.sqrt(va + vb), 1e-9);
    close(df, (va + vb) ** 2 / (va ** 2 / 3 + vb ** 2 / 5), 1e-8);
  });

  it("keeps Satterthwaite's degrees of freedom at most at those of the residuals", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const some = drawn(seed, [3, 6, 4], 0.2);
      for (const { df } of fitMeta(some).coefficients) assert.ok(df > 0 && df <= 10 + 1e-12);
    }
  });

  it("finds variances that no neighbour beats, at zero too", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const some = drawn(seed, [3, 6, 4], 0.1 * (seed % 4));
      const fit = fitMeta(some, { method: "ML", interval: "z" });
      const tau2 = fit.heterogeneity.map((one) => one.tau2);
      const best = likelihoodAt(some, tau2);
      close(best, fit.logLik, 1e-9);
      for (const [at, value] of tau2.entries()) {
        for (const moved of [value * 0.9, value * 1.1 + 1e-3, value + 0.3]) {
          assert.ok(likelihoodAt(some, tau2.with(at, moved)) <= best + 1e-10);
        }
      }
    }
  });

  it("estimates larger variances by REML than by ML", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const { covariance, effects } = drawn(seed, [8], 0.3);
      const [reml, ml] = (["REML", "ML"] as const).map(
        (method) => fitMeta({ effects, covariance }, { method }).heterogeneity[0]?.tau2 as number,
      );
      assert.ok((ml as number) <= (reml as number) + 1e-12);
    }
  });

  it("leaves at the limits of tau a likelihood lower by the quantile, or the limit at zero", () => {
    const fit = fitMeta(drawn(5, [7], 0.5), { method: "ML" });
    const [group] = fit.heterogeneity;
    const some = drawn(5, [7], 0.5);
    close(
      fit.logLik - likelihoodAt(some, [(group?.tauUpper as number) ** 2]),
      upperQuantile(0.025) ** 2 / 2,
    );
    assert.equal(group?.tauInterval, "profile likelihood");
  });

  it("widens intervals with the truncated factor, or leaves them", () => {
    const close = { effects: [0.1, 0.12, 0.11, 0.13], covariance: [0.04, 0.05, 0.03, 0.06] };
    const [plain, truncated] = [false, true].map((truncated) => fitMeta(close, { truncated }));
    assert.equal(truncated?.scale, 1);
    assert.ok((plain?.scale as number) < 0.1);
    assert.match(plain?.warnings[0] as string, /narrower than those of the normal distribution/);
    assert.deepEqual(truncated?.warnings, []);
  });

  it("says that no variance agrees with effects that lie too close", () => {
    const tight = { effects: [0.1, 0.1001, 0.0999, 0.1], covariance: [0.04, 0.05, 0.03, 0.06] };
    const [group] = fitMeta(tight).heterogeneity;
    assert.deepEqual([group?.tau, group?.tauLower, group?.tauUpper], [0, null, null]);
  });

  it("does not lose digits where a moderator lies far from zero", () => {
    const effects = [0.3, 1.2, -0.4, 0.8, 2.1, 0.9];
    const fitAt = (start: number) => {
      const rows = effects.map((_, at) => [1, start + at]);
      const moderators = { names: ["intercept", "year"], rows };
      return fitMeta({ effects, covariance: effects.map(() => 0.1), moderators });
    };
    const [near, far] = [fitAt(0), fitAt(1e6)].map((fit) => fit.coefficients[1]);
    close(far?.estimate as number, near?.estimate as number, 1e-9);
    close(far?.se as number, near?.se as number, 1e-9);
  });
});

describe("maximise", () => {
  // Few effects of very different precision make likelihoods with several tops.
  it("finds a top as high as any that forty random starts lead to", () => {
    let several = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const random = createGenerator(seed);
      const sizes = Array.from(
        { length: 1 + (seed % 4) },
        () => 2 + Math.floor(5 * random.uniform()),
      );
      const groups = sizes.flatMap((size, group) => Array<string>(size).fill(`g${group}`));
      const variances = groups.map(() => Math.exp(3 * random.normal() - 2));
      const effects = variances.map((variance) => (1 + Math.sqrt(variance)) * random.normal());
      const problem = toProblem({ effects, covariance: variances, groups });
      const { logLik, converged } = maximise(problem, "REML");
      assert.ok(converged);
      const tops = Array.from({ length: 40 }, () => {
        const start = Float64Array.from(sizes, () => Math.exp(4 * random.normal()));
        return maximiseOthers(problem, "REML", start, -1).logLik;
      });
      assert.ok(Math.max(...tops) <= logLik + 1e-8, `seed ${seed}`);
      if (Math.min(...tops) < logLik - 1e-3) several++;
    }
    assert.ok(several >= 3, `${several} likelihoods have several tops`);
  });
});

describe("contrast and predict", () => {
  it("give a coefficient for the weights that pick it", () => {
    const fit = fitMeta(data);
    const { name, ...coefficient } = fit.coefficients[1] as MetaCoefficient;
    assert.equal(name, "g1");
    assert.deepEqual(fit.contrast([0, 1, 0]), coefficient);
  });

  it("take a difference's variance from the covariance matrix", () => {
    const fit = fitMeta(data);
    const v = fit.covariance as number[][];
    const expected = Math.sqrt((v[0]?.[0] ?? 0) + (v[2]?.[2] ?? 0) - 2 * (v[0]?.[2] ?? 0));
    close(fit.contrast([1, 0, -1]).se, expected, 1e-10);
  });

  it("add the variances of the groups, weighted, for the next unit", () => {
    const fit = fitMeta(data);
    const tau2 = fit.heterogeneity.map((one) => one.tau2);
    const { estimate, se, df, predictionUpper } = fit.predict([1, -1, 0], {
      groups: { g0: 1, g1: -1 },
    });
    const reach = studentQuantile(0.025, df);
    const expected = Math.sqrt(se ** 2 + (tau2[0] as number) + (tau2[1] as number));
    close((predictionUpper - estimate) / reach, expected, 1e-10);
  });
});

describe("orthonormalBasis", () => {
  it("splits a design into columns at right angles and a triangle", () => {
    const x = [
      [1, 1960],
      [1, 1961],
      [1, 1965],
    ];
    const basis = orthonormalBasis(x);
    assert.ok(typeof basis !== "number");
    const { q, r } = basis;
    for (const [row, [one, year]] of x.entries()) {
      close((q[2 * row] as number) * (r[0] as number), one as number, 1e-14);
      const sum =
        (q[2 * row] as number) * (r[1] as number) + (q[2 * row + 1] as number) * (r[3] as number);
      close(sum, year as number, 1e-14);
    }
  });

  it("names the first column that depends on those before it", () => {
    const dependent = [
      [1, 2, 3],
      [1, 5, 6],
      [1, 7, 8],
      [1, 0, 1],
    ];
    assert.equal(orthonormalBasis(dependent), 2);
  });
});

/** The full likelihood at given variances, from its definition and by elimination. */
function likelihoodAt(
  { effects, covariance, moderators, groups }: Required<MetaData>,
  tau2: readonly number[],
) {
  const kinds = [...new Set(groups)];
  const matrix = (covariance as readonly (readonly number[])[]).map((row, i) =>
    row.map((value, j) =>
      i === j ? value + (tau2[kinds.indexOf(groups[i] as string)] as number) : value,
    ),
  );
  // The matrix with the design and the effects beside it, eliminated together.
  const size = effects.length;
  const work = matrix.map((row, i) => [
    ...row,
    ...(moderators.rows[i] as readonly number[]),
    effects[i] as number,
  ]);
  let log = 0;
  for (let pivot = 0; pivot < size; pivot++) {
    const own = work[pivot] as number[];
    log += Math.log(own[pivot] as number);
    for (const row of work.slice(pivot + 1)) {
      const factor = (row[pivot] as number) / (own[pivot] as number);
      for (let at = pivot; at < row.length; at++) {
        row[at] = (row[at] as number) - factor * (own[at] as number);
      }
    }
  }
  // What is left beside each pivot d is L^-1 (X, y), weighted by 1 / d.
  const whitened = work.map((row, i) =>
    row.slice(size).map((value) => value / Math.sqrt(row[i] as number)),
  );
  const width = moderators.names.length;
  const residual = removeDesign(whitened, width);
  return -(size * Math.log(2 * Math.PI) + log + residual) / 2;
}

/** The squares of the last column that the columns before it leave. */
function removeDesign(rows: number[][], width: number): number {
  const columns = Array.from({ length: width + 1 }, (_, at) =>
    rows.map((row) => row[at] as number),
  );
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
  for (let at = 0; at < width; at++) {
    const own = columns[at] as number[];
    for (let later = at + 1; later <= width; later++) {
      const other = columns[later] as number[];
      const share = dot(own, other) / dot(own, own);
      columns[later] = other.map((value, row) => value - share * (own[row] as number));
    }
  }
  const last = columns[width] as number[];
  return dot(last, last);
}
