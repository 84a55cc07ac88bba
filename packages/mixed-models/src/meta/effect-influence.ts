// What each effect does to a meta-analysis of independent effects: Viechtbauer and Cheung 2010 (doi.org/10.1002/jrsm.11),
// each measure from a fit without the effect. Checked against metafor's influence.rma.uni.
import { UserError } from "kit";
import { chiSquareTail } from "../numerics/chi-square";
import { factorise, logDeterminant } from "../numerics/cholesky";
import { dot, sumOf } from "../numerics/vectors";
import { covarianceOf, precisionOf } from "./combination";
import type { EffectsOptions } from "./fit-effects";
import { fitMeta } from "./fit-meta";
import { internalsOf } from "./internals";
import { type LeftOut, leaveOneOut } from "./leave-one-out";
import { marginalAt } from "./marginal";
import type { MetaData } from "./meta-data";
import { isMatrix } from "./meta-problem";
import type { MetaFit } from "./result";

/** What one effect does to a meta-analysis; metafor's names in brackets. Null where the others do not carry the model. */
export interface EffectInfluence {
  /** Its label, or its number from 1. */
  readonly label: string;
  /** Distance from what the others predict, in its standard errors (`rstudent`). */
  readonly residual: number | null;
  /** How far its fitted value moves without it, in standard errors (`dffits`). */
  readonly dffits: number | null;
  /** How far all coefficients move together (`cook.d`). */
  readonly cooksDistance: number | null;
  /** Determinant of the coefficients' covariance without it, over that with it (`cov.r`); below 1, it costs precision. */
  readonly covarianceRatio: number | null;
  /** Variance of the true effects and Cochran's Q without it (`tau2.del`, `QE.del`). */
  readonly tau2: number | null;
  readonly q: number | null;
  /** Its weight in its own fitted value, from 0 to 1 (`hat`). */
  readonly hat: number;
  /** Its share in the sum of weights, in percent (`weight`). */
  readonly weight: number;
  /** How far each coefficient moves without it, in standard errors (`dfbs`). */
  readonly dfbetas: readonly number[] | null;
  /** Whether a measure passes metafor's limits: |DFFITS| 3 sqrt(p / (k - p)), Cook's distance the median of chi-square with p, hat 3 p / k, |DFBETAS| 1. */
  readonly isInfluential: boolean;
  /** Why it cannot be left out; else null. */
  readonly problem: string | null;
}

/**
 * Says what each effect does to a meta-analysis.
 *
 * @param data independent effects in one group, as `fitMeta` takes them.
 * @returns an entry an effect, in their order. Cost: a fit for each.
 * @throws UserError as `fitMeta`, or where effects covary or are in several groups: what leaving out one of them does,
 * `leaveOneOut` says, with Cook's distances.
 *
 * @example
 * const found = effectInfluence({ effects: [1, 1.2, 0.9, 1.1, 4], covariance: [1, 1, 1, 1, 1] });
 * found.filter(({ isInfluential }) => isInfluential).map(({ label }) => label); // => ["5"]
 */
export function effectInfluence(data: MetaData, options: EffectsOptions = {}): EffectInfluence[] {
  refuseDependent(data);
  const whole = fitMeta(data, { ...options, tauIntervals: false });
  const rows = data.moderators?.rows ?? data.effects.map(() => [1]);
  const by = data.effects.map((_, effect) => String(effect + 1));
  const without = leaveOneOut(data, by, options) as LeftOut<MetaFit>[];
  const weights = weightsOf(data, whole);
  return without.map((left, effect) => {
    const hat = whole.effectWeights(rows[effect]!)[effect]!;
    const own = { label: data.labels?.[effect] ?? by[effect]!, hat, weight: weights[effect]! };
    const place = {
      row: rows[effect]!,
      hat,
      effect: data.effects[effect]!,
      variance: varianceAt(data, effect),
    };
    const found = left.fit ? compare(whole, left.fit, place) : NONE;
    const { cooksDistance, problem } = left;
    const limits = { hat, cooksDistance, ...found };
    return { ...own, ...found, cooksDistance, isInfluential: passes(limits, whole), problem };
  });
}

type Measures = Pick<
  EffectInfluence,
  "residual" | "dffits" | "covarianceRatio" | "tau2" | "q" | "dfbetas"
>;

const NONE: Measures = {
  residual: null,
  dffits: null,
  covarianceRatio: null,
  tau2: null,
  q: null,
  dfbetas: null,
};

function refuseDependent({ covariance, groups }: MetaData): void {
  if (!isMatrix(covariance) && new Set(groups).size <= 1) return;
  throw new UserError(
    "influence is measured for independent effects in one group; use leaveOneOut for others, which gives Cook's distances",
  );
}

function varianceAt({ covariance }: MetaData, effect: number): number {
  return covariance[effect] as number;
}

function weightsOf(data: MetaData, { heterogeneity }: MetaFit): number[] {
  const tau2 = heterogeneity[0]!.tau2;
  const weights = data.effects.map((_, effect) => 1 / (varianceAt(data, effect) + tau2));
  const sum = sumOf(weights);
  return weights.map((weight) => (100 * weight) / sum);
}

interface Place {
  readonly row: readonly number[];
  readonly hat: number;
  readonly effect: number;
  readonly variance: number;
}

function compare(whole: MetaFit, other: MetaFit, { row, hat, effect, variance }: Place): Measures {
  const [now, then] = [whole, other].map(({ coefficients }) =>
    coefficients.map(({ estimate }) => estimate),
  ) as [number[], number[]];
  const { scale, covariance, q } = other;
  const tau2 = other.heterogeneity[0]!.tau2;
  const own = scale * (variance + tau2);
  const ofFitted = dot(
    row,
    covariance.map((cells) => dot(cells, row)),
  );
  const covarianceOfWhole = covarianceAt(whole, tau2);
  return {
    residual: (effect - dot(row, then)) / Math.sqrt(own + ofFitted),
    dffits: (dot(row, now) - dot(row, then)) / Math.sqrt(own * hat),
    covarianceRatio: Math.exp(logOf(covariance) - logOf(whole.covariance)),
    tau2,
    q: q.statistic,
    dfbetas: now.map(
      (value, column) =>
        (value - then[column]!) / Math.sqrt(scale * covarianceOfWhole[column]![column]!),
    ),
  };
}

// The coefficients' covariance on all data, with another variance of the true effects.
function covarianceAt(fit: MetaFit, tau2: number): number[][] {
  const { problem } = internalsOf(fit).precision;
  const marginal = marginalAt(problem, [tau2 / problem.unit ** 2]);
  return covarianceOf(precisionOf(problem, marginal, { interval: "z", method: "FE", scale: 1 }));
}

function logOf(covariance: MetaFit["covariance"]): number {
  const cells = Float64Array.from(covariance.flat());
  const failed = factorise(cells, covariance.length);
  return failed < 0 ? logDeterminant(cells, covariance.length) : Number.NEGATIVE_INFINITY;
}

function passes(
  {
    hat,
    cooksDistance,
    dffits,
    dfbetas,
  }: Pick<EffectInfluence, "hat" | "cooksDistance" | "dffits" | "dfbetas">,
  { effects, coefficients }: MetaFit,
): boolean {
  const p = coefficients.length;
  return (
    hat > (3 * p) / effects ||
    Math.abs(dffits ?? 0) > 3 * Math.sqrt(p / (effects - p)) ||
    (cooksDistance !== null && chiSquareTail(cooksDistance, p) < 0.5) ||
    (dfbetas ?? []).some((value) => Math.abs(value) > 1)
  );
}
