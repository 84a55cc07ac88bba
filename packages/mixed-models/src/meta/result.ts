import type { MetaInterval, MetaMethod } from "./meta-data";

/** An estimate with its interval and its test against zero, in the unit of the effects. */
export interface MetaEstimate {
  readonly estimate: number;
  readonly se: number;
  /** Degrees of freedom of the t distribution; `Infinity` for the standard normal one (null in JSON). */
  readonly df: number;
  /** Estimate over standard error. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  /** Limits of the confidence interval. */
  readonly lower: number;
  readonly upper: number;
}

/** One coefficient of the meta-regression. */
export interface MetaCoefficient extends MetaEstimate {
  readonly name: string;
}

/** An estimate with the interval in which the true effect of a next unit is expected. */
export interface MetaPrediction extends MetaEstimate {
  readonly predictionLower: number;
  readonly predictionUpper: number;
}

/** How far the true effects of one group differ. */
export interface MetaHeterogeneity {
  readonly group: string;
  /** Number of effects in the group. */
  readonly effects: number;
  /** Variance of the true effects, in squared units of the effects; 0 under `FE`. */
  readonly tau2: number;
  /** Its square root, in the unit of the effects. */
  readonly tau: number;
  /** Standard error of `tau2` from the expected information; null for `FE`, `DL` and `PM`. */
  readonly tau2Se: number | null;
  /**
   * Limits of the confidence interval of `tau`; 0 where no positive value is refuted from below. Null under `FE`, and
   * where Q lies so low that no value of tau at all is compatible with it (metafor's "null set").
   */
  readonly tauLower: number | null;
  readonly tauUpper: number | null;
  /** How the limits were found; null where there are none under `FE`. */
  readonly tauInterval: "Q-profile" | "profile likelihood" | null;
  /** Share of the variance that lies between true effects, in percent; null under `FE` with several groups. */
  readonly i2: number | null;
}

/** The weights of the groups whose next unit is predicted: 1 for one unit, 1 and -1 for a difference of two. */
export type GroupWeights = Readonly<Record<string, number>>;

/** A fitted meta-analysis. */
export interface MetaFit {
  readonly method: MetaMethod;
  readonly interval: MetaInterval;
  /** Coverage of all intervals. */
  readonly level: number;
  /** Number of effects, k. */
  readonly effects: number;
  readonly coefficients: readonly MetaCoefficient[];
  /** Covariance matrix of the coefficients, p x p; scaled by the Hartung-Knapp factor where that is asked for. */
  readonly covariance: readonly (readonly number[])[];
  /** What the covariance was multiplied by: the Hartung-Knapp factor, or 1. */
  readonly scale: number;
  readonly heterogeneity: readonly MetaHeterogeneity[];
  /** Cochran's Q of residual heterogeneity, with generalised weights; chi-square with k - p degrees of freedom. */
  readonly q: { readonly statistic: number; readonly df: number; readonly p: number };
  /** Test that all coefficients but the intercept are zero; of all of them where there is no other. */
  readonly moderatorTest: {
    readonly kind: "F" | "chi-square";
    readonly statistic: number;
    readonly df: number;
    /** Of the denominator; `Infinity` for chi-square. */
    readonly denominatorDf: number;
    readonly p: number;
    readonly coefficients: readonly string[];
  };
  /** Of the restricted likelihood under `REML`, else of the full one. */
  readonly logLik: number;
  readonly converged: boolean;
  /** What a reader must know of this fit; often empty. */
  readonly warnings: readonly string[];
  /**
   * How much each effect weighs in a combination of the coefficients, given the variances.
   *
   * @param weights one a coefficient.
   * @returns k numbers: the combination's estimate is the sum of the effects times them.
   * @throws UserError as `contrast`.
   */
  effectWeights(weights: readonly number[]): readonly number[];
  /**
   * Estimates a combination of the coefficients.
   *
   * @param weights one a coefficient.
   * @throws UserError if there are not as many as coefficients, or one is not a finite number.
   */
  contrast(weights: readonly number[]): MetaEstimate;
  /**
   * Estimates a combination of the coefficients, and says where a next unit's true effect is expected: the variance is
   * that of the estimate plus, for every group, its squared weight times its tau squared; the degrees of freedom are
   * those of the estimate.
   *
   * @param options.groups the groups that the next unit is of; may be left out where there is one group only.
   * @throws UserError as `contrast`, and where a group is unknown or none is named among several.
   */
  predict(weights: readonly number[], options?: { readonly groups?: GroupWeights }): MetaPrediction;
}
