import { categoriesOf, type Rating, ratedByBoth } from "./ratings";

/** How often one rater gave each rating where another gave each. */
export interface ConfusionTable {
  /** Every rating that either gave, once each; numbers in their order. */
  readonly categories: readonly Exclude<Rating, null>[];
  /** A row for each rating of the first, a column for each of the second. */
  readonly counts: readonly (readonly number[])[];
  /** Number of units that both rated. */
  readonly units: number;
}

/**
 * Counts the ratings of two raters, each pair of ratings by itself; units that either left out do not count.
 *
 * @throws RangeError if the two rate different numbers of units.
 * @example
 * confusionOf([0, 1, 1, null], [0, 1, 0, 1]).counts; // => [[1, 0], [1, 1]]
 */
export function confusionOf(one: readonly Rating[], other: readonly Rating[]): ConfusionTable {
  const pairs = ratedByBoth("confusionOf", one, other);
  const categories = categoriesOf(pairs);
  const places = new Map<Rating, number>(categories.map((category, at) => [category, at]));
  const counts = categories.map(() => categories.map(() => 0));
  for (const [first, second] of pairs) {
    const row = counts[places.get(first) as number] as number[];
    (row[places.get(second) as number] as number)++;
  }
  return { categories, counts, units: pairs.length };
}
