// Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13: percentile intervals.
import { createGenerator } from "kit";
import { quantileOfSorted } from "../numerics/quantile";
import { drawCounts } from "./draw-counts";
import type { UnitCounts } from "./unit-counts";

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
 * @returns null if the statistic is defined on fewer than half of the resamples.
 */
export function bootstrapInterval<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number | null,
  options: BootstrapIntervalOptions = {},
): Interval | null {
  const random = createGenerator(options.seed ?? 1);
  const draw = () => units.map(() => units[Math.floor(random.uniform() * units.length)] as Unit);
  return percentiles(() => statistic(draw()), options);
}

// From here on a resample is drawn kind by kind. Up to here it is the one that `bootstrapInterval` draws.
const MANY_UNITS = 50_000;

/**
 * Gives the same interval for a statistic of how often each kind of unit occurs, without a copy of a unit.
 *
 * Of more than 50,000 units, resamples are drawn as the numbers of each kind: from the same distribution, by other random
 * numbers than `bootstrapInterval` takes.
 *
 * @param units as `countUnits` gives them.
 * @param statistic of the number of units of each kind; the array is used again.
 */
export function bootstrapCounts(
  { counts, kindOf }: Pick<UnitCounts, "counts" | "kindOf">,
  statistic: (counts: Float64Array) => number | null,
  options: BootstrapIntervalOptions = {},
): Interval | null {
  const random = createGenerator(options.seed ?? 1);
  const drawn = new Float64Array(counts.length);
  const units = kindOf.length;
  const draw = () => {
    if (units > MANY_UNITS) return drawCounts(counts, drawn, random);
    drawn.fill(0);
    for (let at = 0; at < units; at++) {
      (drawn[kindOf[Math.floor(random.uniform() * units)] as number] as number)++;
    }
  };
  return percentiles(() => {
    draw();
    return statistic(drawn);
  }, options);
}

/** Gives the percentiles of a statistic that is drawn again and again; null if fewer than half of the draws have one. */
export function percentiles(
  next: () => number | null,
  { resamples = 2000, confidence = 0.95 }: BootstrapIntervalOptions,
): Interval | null {
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const value = next();
    if (value !== null) values.push(value);
  }
  if (values.length < resamples / 2) return null;
  values.sort((one, other) => one - other);
  const tail = (1 - confidence) / 2;
  return { lower: quantileOfSorted(values, tail), upper: quantileOfSorted(values, 1 - tail) };
}
