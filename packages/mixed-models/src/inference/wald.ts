import { mapCovariance } from "../fit/ordinal-part";
import { factorise, solveFactored } from "../numerics/cholesky";
import { dot } from "../numerics/vectors";
import type { FixedEffects } from "./fixed-effects";

/**
 * Wald's statistic of several linear functions of the coefficients: a chi-square variable with as many degrees of freedom as there are
 * rows, if all are zero.
 *
 * @param rows linearly independent weights of the coefficients.
 * @returns NaN where the rows are not independent.
 */
export function waldStatistic(
  { beta, covariance }: FixedEffects,
  rows: readonly Float64Array[],
): number {
  const count = rows.length;
  const factor = mapCovariance(rows, covariance);
  if (factorise(factor, count) >= 0) return Number.NaN;
  const estimates = Float64Array.from(rows, (row) => dot(row, beta));
  return dot(estimates, solveFactored(factor, count, estimates.slice()));
}
