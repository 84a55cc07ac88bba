import type { ReferenceCount } from "./reference-counts";

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

/**
 * Gives the mean error of our levels: ours less the reference level.
 *
 * @param counts those of one metric, and of whatever else is to be taken together; replies without a level
 *   of ours do not count.
 * @throws RangeError if fewer than two replies have a level.
 * @example
 * meanError([{ reference: 1, level: 2, replies: 3 }, { reference: 0, level: null, replies: 1 }]).mean; // => 1
 */
export function meanError(
  counts: readonly Pick<ReferenceCount, "reference" | "level" | "replies">[],
): MeanWithInterval {
  const errors = counts.flatMap(({ reference, level, replies }) =>
    level === null ? [] : [{ error: level - reference, replies }],
  );
  const count = errors.reduce((sum, { replies }) => sum + replies, 0);
  if (count < 2) throw new RangeError(`meanError: needs two replies with a level, got ${count}`);
  const centre = errors.reduce((sum, { error, replies }) => sum + replies * error, 0) / count;
  const squares = errors.reduce(
    (sum, { error, replies }) => sum + replies * (error - centre) ** 2,
    0,
  );
  return withLimits(centre, Math.sqrt(squares / (count - 1) / count), count);
}

/** The difference of two independent means, the first less the second. */
export function differenceOfMeans(
  one: MeanWithInterval,
  other: MeanWithInterval,
): MeanWithInterval {
  const se = Math.hypot(one.se, other.se);
  return withLimits(one.mean - other.mean, se, one.count + other.count);
}

function withLimits(centre: number, se: number, count: number): MeanWithInterval {
  return { mean: centre, lower: centre - Z95 * se, upper: centre + Z95 * se, se, count };
}
