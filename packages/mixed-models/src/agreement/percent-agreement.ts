import { observedOn } from "./multi-rater";
import { categoriesOf, type Ratings } from "./ratings";

/**
 * Gives the share of pairs of ratings of the same unit that are equal, each unit counting alike.
 *
 * Units with fewer than two ratings are left out.
 *
 * @param counts how often each unit occurs; once by default.
 * @returns between 0 and 1; null if no unit has two ratings.
 *
 * @example
 * percentAgreement([[1, 1], [1, 2], [2, 2], [null, 1]]); // => 0.6666666666666666
 */
export function percentAgreement(ratings: Ratings, counts?: ArrayLike<number>): number | null {
  return observedOn(ratings, "nominal", categoriesOf(ratings))(counts);
}
