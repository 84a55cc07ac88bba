import { quadraticForm } from "../numerics/matrices";
import { dot } from "../numerics/vectors";
import type { Estimability } from "./estimability";
import type { FixedEffects } from "./fixed-effects";

/** The estimate of a linear function of the coefficients, or why there is none. */
export type LinearEstimate =
  | {
      readonly estimate: number;
      readonly se: number;
      /** Degrees of freedom of its t statistic; without them the statistic is normal. */
      readonly df?: number;
      readonly reason: null;
    }
  | { readonly reason: string };

/** An estimate with its standard error and limits. */
export interface Interval {
  readonly estimate: number;
  readonly se: number;
  /** Degrees of freedom, where the limits are by Student's t. */
  readonly df?: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Estimates a linear function of the coefficients.
 *
 * @param row its weights: the kept columns', then, where the check knows them, the dropped ones'.
 */
export function estimateLinear(
  { beta, covariance }: FixedEffects,
  estimability: Estimability,
  row: Float64Array,
): LinearEstimate {
  const reason = estimability.reasonAgainst(row);
  if (reason !== null) return { reason };
  const variance = quadraticForm(covariance, beta.length, row);
  return { estimate: dot(beta, row), se: Math.sqrt(Math.max(0, variance)), reason: null };
}

/** Limits at a number of standard errors to both sides. */
export function limits(
  { estimate, se, df }: Pick<Interval, "estimate" | "se" | "df">,
  critical: number,
): Interval {
  const half = critical * se;
  return {
    estimate,
    se,
    ...(df === undefined ? {} : { df }),
    lower: estimate - half,
    upper: estimate + half,
  };
}
