/** A mean with the limits of its 95 % interval (normal). */
export interface MeanWithInterval {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard error. */
  readonly se: number;
  /** Number of values. */
  readonly count: number;
}

/** How many standard errors a 95 % interval reaches to each side. */
export const Z95 = 1.959963984540054;

/**
 * Gives the mean of independent values, with a normal interval.
 *
 * @param values at least two.
 * @throws RangeError if there are fewer.
 * @example
 * meanWithInterval([0, 1, 2, 1]).mean; // => 1
 */
export function meanWithInterval(values: readonly number[]): MeanWithInterval {
  if (values.length < 2) {
    throw new RangeError(`meanWithInterval: needs two values, got ${values.length}`);
  }
  const count = values.length;
  const centre = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return withLimits(centre, Math.sqrt(squares / (count - 1) / count), count);
}

function withLimits(centre: number, se: number, count: number): MeanWithInterval {
  return { mean: centre, lower: centre - Z95 * se, upper: centre + Z95 * se, se, count };
}
