import { lastDiagonal } from "../numerics/matrices";

/**
 * Finds the columns whose coefficients run to infinity: a slope of more than 4 logits over the covariate's range, with an
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
  const ranges = rangesOf(matrix, width);
  return Array.from(beta, (_, column) => column).filter((column) => {
    return isRunaway(beta[column]!, Math.sqrt(variances[column]!), ranges[column]!);
  });
}

/** Whether an effect and its standard error are both too large for data that determine them, over a column's range. */
export function isRunaway(estimate: number, se: number, range: number): boolean {
  return Math.abs(estimate) * range > 4 && se * range > 10;
}

/** The range of each column's values; of a constant column its size. */
export function rangesOf(X: Float64Array, width: number): Float64Array {
  const low = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  for (let start = 0; start < X.length; start += width) {
    for (let column = 0; column < width; column++) {
      const value = X[start + column]!;
      if (value < low[column]!) low[column] = value;
      if (value > high[column]!) high[column] = value;
    }
  }
  return high.map((most, column) => (most > low[column]! ? most - low[column]! : Math.abs(most)));
}
