// Estimates of one variance from the weighted squares of the residuals: DerSimonian and Laird 1986
// (doi.org/10.1016/0197-2456(86)90046-2) and Paule and Mandel 1982 (doi.org/10.6028/jres.087.022), and the
// interval of all variances with which those squares agree (Viechtbauer 2007, doi.org/10.1002/sim.2514).
import { chiSquareTail } from "../numerics/chi-square";
import { findRoot } from "../numerics/find-root";
import { marginalAt, projection } from "./marginal";
import type { EffectsProblem, MetaProblem } from "./meta-problem";

/** Degrees of freedom of the residuals: effects less coefficients. */
export function residualDf({ y, names }: EffectsProblem): number {
  return y.length - names.length;
}

/** (Q - (k - p)) / tr P with the weights of the sampling covariance alone; 0 where that is negative. */
export function derSimonianLaird(problem: MetaProblem): number {
  const at = marginalAt(problem, [0]);
  return Math.max(
    0,
    (at.squares - residualDf(problem)) / traceOf(problem, projection(problem, at)),
  );
}

/** The variance at which the weighted squares are as large as expected, k - p; 0 where they are below it throughout. */
export function pauleMandel(problem: MetaProblem): number {
  return varianceWithSquares(problem, residualDf(problem)) ?? 0;
}

/** The trace of a k x k matrix. */
function traceOf({ y }: MetaProblem, matrix: Float64Array): number {
  return y.reduce((sum, _, at) => sum + matrix[at * y.length + at]!, 0);
}

/**
 * The interval of the one variance by inverting Q's chi-square test.
 *
 * @returns null if even a variance of 0 makes the squares too small: no variance agrees with them.
 */
export function qProfile(
  problem: MetaProblem,
  level: number,
): { readonly lower: number; readonly upper: number } | null {
  const df = residualDf(problem);
  const [most, least] = [(1 - level) / 2, (1 + level) / 2].map((tail) =>
    chiSquareQuantile(tail, df),
  );
  const upper = varianceWithSquares(problem, least!);
  if (upper === null) return null;
  return { lower: varianceWithSquares(problem, most!) ?? 0, upper };
}

// The squares fall as the variance grows.
function varianceWithSquares(problem: MetaProblem, squares: number): number | null {
  const excess = (tau2: number) => marginalAt(problem, [tau2]).squares - squares;
  if (excess(0) < 0) return null;
  let high = 1;
  while (excess(high) > 0) high *= 4;
  return findRoot(excess, 0, high);
}

/** The value that a chi-square variable exceeds with a probability. */
function chiSquareQuantile(tail: number, df: number): number {
  let high = df;
  while (chiSquareTail(high, df) > tail) high *= 2;
  return findRoot((value) => chiSquareTail(value, df) - tail, 0, high, 1e-15);
}
