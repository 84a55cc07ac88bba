// Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; its worked example is in the tests.
import { categoriesOf, pairable, type Rating, type Ratings } from "./ratings";

/** What the ratings are: names, an order, or a scale with equal steps. */
export type MeasurementLevel = "nominal" | "ordinal" | "interval";

/**
 * Gives Krippendorff's alpha: one less the disagreement within units over that among all ratings.
 *
 * Any number of raters, any ratings missing; a unit with fewer than two ratings does not count.
 *
 * @returns 1 for agreement, 0 for chance; null where all ratings are the same.
 * @throws RangeError where an order or a scale is asked of ratings that are no numbers.
 *
 * @example
 * krippendorffAlpha([[1, 1, null], [2, 2, 3], [3, 3, 3]], "nominal")?.toFixed(2); // => "0.65"
 */
export function krippendorffAlpha(ratings: Ratings, level: MeasurementLevel): number | null {
  const units = pairable(ratings);
  const categories = categoriesOf(units);
  if (level !== "nominal" && categories.some((category) => typeof category !== "number")) {
    throw new RangeError(`krippendorffAlpha: ${level} ratings should be numbers`);
  }
  const at = new Map(categories.map((category, position) => [category as Rating, position]));
  const totals = categories.map(() => 0);
  for (const rating of units.flat()) (totals[at.get(rating) as number] as number)++;
  const distance = distances(categories, totals, level);
  let observed = 0;
  for (const unit of units) {
    for (const one of unit) {
      for (const other of unit) {
        observed += distance(at.get(one) as number, at.get(other) as number) / (unit.length - 1);
      }
    }
  }
  let expected = 0;
  for (const [one, count] of totals.entries()) {
    for (const [other, times] of totals.entries()) expected += count * times * distance(one, other);
  }
  const ratingCount = units.flat().length;
  return expected === 0 ? null : 1 - ((ratingCount - 1) * observed) / expected;
}

function distances(
  categories: readonly Rating[],
  totals: readonly number[],
  level: MeasurementLevel,
) {
  if (level === "nominal") return (one: number, other: number) => (one === other ? 0 : 1);
  if (level === "interval") {
    return (one: number, other: number) =>
      ((categories[one] as number) - (categories[other] as number)) ** 2;
  }
  // How many ratings lie between two categories, half of each end counted.
  const below = totals.map((_, end) => totals.slice(0, end).reduce((sum, count) => sum + count, 0));
  const middle = totals.map((count, at) => (below[at] as number) + count / 2);
  return (one: number, other: number) => ((middle[one] as number) - (middle[other] as number)) ** 2;
}
