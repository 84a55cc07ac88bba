// Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13: percentile intervals.
import { quantileSorted } from "simple-statistics";
import { createGenerator } from "../random-generator";

/** How an interval is drawn. */
export interface BootstrapIntervalOptions {
  /** Number of resamples; 2,000 by default. */
  readonly resamples?: number;
  /** Of the random generator; 1 by default. */
  readonly seed?: number;
  /** Between 0 and 1; 0.95 by default. */
  readonly confidence?: number;
}

/** A percentile interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Gives a bootstrap percentile interval for a statistic of units, drawing units with replacement.
 *
 * Resamples on which the statistic is not defined are left out.
 *
 * @returns null where the statistic is defined on fewer than half of the resamples.
 */
export function bootstrapInterval<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number | null,
  options: BootstrapIntervalOptions = {},
): Interval | null {
  const { resamples = 2000, seed = 1, confidence = 0.95 } = options;
  const random = createGenerator(seed);
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const drawn = units.map(() => units[Math.floor(random.uniform() * units.length)] as Unit);
    const value = statistic(drawn);
    if (value !== null) values.push(value);
  }
  if (values.length < resamples / 2) return null;
  values.sort((one, other) => one - other);
  const tail = (1 - confidence) / 2;
  return { lower: quantileSorted(values, tail), upper: quantileSorted(values, 1 - tail) };
}
