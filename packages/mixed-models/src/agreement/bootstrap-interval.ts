// Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 and 14: percentile intervals, plain and BCa.
import { checkChoice, createGenerator } from "kit";
import { quantileOfSorted } from "../numerics/quantile";
import { correctedShare, correctionOf, type LeftOut } from "./bias-correction";
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
  /** `percentile` (the default), or `bca`: corrected for bias and acceleration. */
  readonly method?: IntervalMethod;
}

/** How limits are taken from resamples. */
export type IntervalMethod = "percentile" | "bca";

/** An interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Gives a bootstrap interval for a statistic of units, drawing units with replacement.
 *
 * Resamples on which the statistic is not defined are left out.
 *
 * @returns null if the statistic is defined on fewer than half of the resamples; of BCa also where it is not defined on the
 *   units themselves, or all resamples lie on one side of it.
 */
export function bootstrapInterval<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number | null,
  options: BootstrapIntervalOptions = {},
): Interval | null {
  const random = createGenerator(options.seed ?? 1);
  const draw = () => units.map(() => units[Math.floor(random.uniform() * units.length)] as Unit);
  return percentiles(
    () => statistic(draw()),
    options,
    () => ({
      estimate: statistic(units),
      leftOut: units.map((_, at) => ({ value: statistic(units.toSpliced(at, 1)), count: 1 })),
    }),
  );
}

// From here on a resample is drawn kind by kind. Up to here it is the one that `bootstrapInterval` draws.
const MANY_UNITS = 50_000;
// From here on BCa leaves units out in so many parts: of more kinds, each in turn would take too long.
const MOST_LEFT_OUT = 1000;

/** A statistic of how often each kind of unit occurs; the array is used again. */
export type CountStatistic = (counts: Float64Array) => number | null;

/**
 * Gives the same interval for a statistic of how often each kind of unit occurs, without a copy of a unit.
 *
 * Of more than 50,000 units, resamples are drawn as the numbers of each kind: from the same distribution, by other random
 * numbers than `bootstrapInterval` takes. BCa leaves out the units of more than 1,000 kinds in 1,000 parts, in their order.
 *
 * @param units as `countUnits` gives them.
 */
export function bootstrapCounts(
  units: Pick<UnitCounts, "counts" | "kindOf">,
  statistic: CountStatistic,
  options: BootstrapIntervalOptions = {},
): Interval | null {
  const [interval] = bootstrapStatistics(units, [statistic], options);
  return interval as Interval | null;
}

/** Gives the intervals of several statistics, all from the same resamples. */
export function bootstrapStatistics(
  units: Pick<UnitCounts, "counts" | "kindOf">,
  statistics: readonly CountStatistic[],
  options: BootstrapIntervalOptions = {},
): (Interval | null)[] {
  const { resamples = 2000, seed = 1 } = options;
  const next = resampler(units, seed);
  const draws = statistics.map((): (number | null)[] => []);
  for (let round = 0; round < resamples; round++) {
    const drawn = next();
    for (const [at, statistic] of statistics.entries()) draws[at]?.push(statistic(drawn));
  }
  return statistics.map((statistic, which) => {
    let at = 0;
    const again = { ...options, resamples };
    return percentiles(
      () => draws[which]?.[at++] ?? null,
      again,
      () => ({
        estimate: statistic(units.counts.slice()),
        leftOut: leaveOut(units, statistic),
      }),
    );
  });
}

function resampler(
  { counts, kindOf }: Pick<UnitCounts, "counts" | "kindOf">,
  seed: number,
): () => Float64Array {
  const random = createGenerator(seed);
  const drawn = new Float64Array(counts.length);
  const units = kindOf.length;
  return () => {
    if (units > MANY_UNITS) drawCounts(counts, drawn, random);
    else {
      drawn.fill(0);
      for (let at = 0; at < units; at++) {
        (drawn[kindOf[Math.floor(random.uniform() * units)] as number] as number)++;
      }
    }
    return drawn;
  };
}

function leaveOut(
  { counts, kindOf }: Pick<UnitCounts, "counts" | "kindOf">,
  statistic: CountStatistic,
): LeftOut[] {
  if (counts.length <= MOST_LEFT_OUT) {
    return Array.from(counts, (count, kind) => {
      const left = counts.slice();
      left[kind] = count - 1;
      return { value: statistic(left), count };
    });
  }
  return Array.from({ length: MOST_LEFT_OUT }, (_, part) => {
    const left = counts.slice();
    for (let unit = part; unit < kindOf.length; unit += MOST_LEFT_OUT) {
      (left[kindOf[unit] as number] as number)--;
    }
    return { value: statistic(left), count: 1 };
  });
}

/** What BCa asks for besides the resamples. */
interface Observed {
  readonly estimate: number | null;
  readonly leftOut: readonly LeftOut[];
}

/** Gives the percentiles of a statistic that is drawn again and again; null if fewer than half of the draws have one. */
export function percentiles(
  next: () => number | null,
  { resamples = 2000, confidence = 0.95, method = "percentile" }: BootstrapIntervalOptions,
  observe?: () => Observed,
): Interval | null {
  checkChoice("method", method, ["percentile", "bca"]);
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const value = next();
    if (value !== null) values.push(value);
  }
  if (values.length < resamples / 2) return null;
  values.sort((one, other) => one - other);
  const tail = (1 - confidence) / 2;
  if (method === "percentile" || !observe) return between(values, tail, 1 - tail);
  const { estimate, leftOut } = observe();
  const correction = estimate === null ? null : correctionOf(values, estimate, leftOut);
  if (!correction) return null;
  return between(values, correctedShare(tail, correction), correctedShare(1 - tail, correction));
}

function between(sorted: readonly number[], from: number, to: number): Interval {
  return { lower: quantileOfSorted(sorted, from), upper: quantileOfSorted(sorted, to) };
}
