import { lastDiagonal } from "../numerics/matrices";

/**
 * Finds the columns whose coefficients run to infinity: a slope of more than 4 logits over the covariate's spread, with an
 * error of more than 10, means that the likelihood has no maximum.
 *
 * @param matrix the fixed effects' distinct rows, row-major.
 * @param covariance of the coefficients, perhaps after other parameters.
 * @returns positions among the coefficients.
 */
export function separatedColumns(
  matrix: Float64Array,
  beta: ArrayLike<number>,
  covariance: Float64Array,
): number[] {
  const width = beta.length;
  const variances = lastDiagonal(covariance, width);
  const spreads = spreadsOf(matrix, width);
  return Array.from(beta, (_, at) => at).filter((at) => {
    return isRunaway(beta[at]!, Math.sqrt(variances[at]!), spreads[at]!);
  });
}

/** Whether an effect and its standard error are both too large for data that determine them, over a column's range. */
export function isRunaway(estimate: number, se: number, spread: number): boolean {
  return Math.abs(estimate) * spread > 4 && se * spread > 10;
}

/** The range of each column's values; of a constant column its size. */
export function spreadsOf(X: Float64Array, width: number): Float64Array {
  const low = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (let start = 0; start < X.length; start += width) {
    for (let at = 0; at < width; at++) {
      const value = X[start + at]!;
      if (value < low[at]!) low[at] = value;
      if (value > high[at]!) high[at] = value;
    }
  }
  return high.map((most, at) => (most > low[at]! ? most - low[at]! : Math.abs(most)));
}
