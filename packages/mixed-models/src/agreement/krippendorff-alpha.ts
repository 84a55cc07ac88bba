// Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; its worked example is in the tests. Computed from the counts
// of values (Hayes and Krippendorff 2007, Answering the Call for a Standard Reliability Measure for Coding Data).
import { checkChoice } from "kit";
import type { Ratings } from "./ratings";
import { countUnits, sumAcross, type UnitCounts } from "./unit-counts";
import type { Weighting } from "./weighting";

/** What the ratings are: names, an order, or a scale with equal steps. */
export type MeasurementLevel = "nominal" | "ordinal" | "interval";

/**
 * Gives Krippendorff's alpha: one less the disagreement within units over that among all ratings.
 *
 * Any number of raters, any ratings missing; a unit with fewer than two ratings does not count. Time grows with the number of
 * ratings, whatever their values are.
 *
 * @returns 1 for agreement, 0 for chance; null if all ratings are the same.
 * @throws RangeError if an order or a scale is asked of ratings that are no numbers.
 *
 * @example
 * krippendorffAlpha([[1, 1, null], [2, 2, 3], [3, 3, 3]], "nominal")?.toFixed(2); // => "0.65"
 */
export function krippendorffAlpha(ratings: Ratings, level: MeasurementLevel): number | null {
  return alphaOfCounts(countUnits(ratings), level);
}

/**
 * Gives Krippendorff's alpha of units that are given by their counts.
 *
 * @param counts how often each kind of unit occurs; as often as it was found by default.
 */
export function alphaOfCounts(
  units: UnitCounts,
  level: MeasurementLevel,
  counts: Float64Array = units.counts,
): number | null {
  checkChoice("level", level, ["nominal", "ordinal", "interval"]);
  const { categories, kinds } = units;
  if (level !== "nominal" && categories.some((category) => typeof category !== "number")) {
    throw new RangeError(`krippendorffAlpha: ${level} ratings should be numbers`);
  }
  const totals = new Float64Array(categories.length);
  let ratingCount = 0;
  for (const [at, kind] of kinds.entries()) {
    const count = counts[at] as number;
    if (kind.length < 2 || count === 0) continue;
    ratingCount += count * kind.length;
    for (const code of kind) (totals[code] as number) += count;
  }
  const weighting: Weighting = level === "nominal" ? "nominal" : "quadratic";
  const values = level === "ordinal" ? middleRanks(totals) : (categories as readonly number[]);
  const expected = sumAcross(values, totals, totals, weighting);
  if (expected === 0) return null;
  let observed = 0;
  for (const [at, kind] of kinds.entries()) {
    const count = counts[at] as number;
    if (kind.length < 2 || count === 0) continue;
    observed += (count * sumWithin(kind, values, weighting)) / (kind.length - 1);
  }
  return 1 - ((ratingCount - 1) * observed) / expected;
}

/** How many ratings lie below the middle of each category: two middles are as far apart as the ratings between them. */
function middleRanks(totals: Float64Array): number[] {
  let below = 0;
  return Array.from(totals, (count) => {
    below += count;
    return below - count / 2;
  });
}

/** The disagreements of a unit's ratings, each with each, both ways. */
function sumWithin(kind: Int32Array, values: readonly number[], weighting: Weighting): number {
  let [sum, mean, count] = [0, 0, 0];
  if (weighting === "nominal") {
    const sorted = kind.toSorted();
    let run = 0;
    for (let at = 0; at < sorted.length; at++) {
      run = at > 0 && sorted[at] === sorted[at - 1] ? run + 1 : 1;
      sum += 2 * (at + 1 - run);
    }
    return sum;
  }
  // Welford's sum of squares about the mean, twice as many times as there are ratings.
  for (const code of kind) {
    const value = values[code] as number;
    count++;
    const off = value - mean;
    mean += off / count;
    sum += off * (value - mean);
  }
  return 2 * count * sum;
}
