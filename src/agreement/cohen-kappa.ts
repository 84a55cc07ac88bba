// Cohen 1960, A Coefficient of Agreement for Nominal Scales; Cohen 1968, Weighted Kappa, Psychological
// Bulletin 70. Checked against scikit-learn's cohen_kappa_score.
import { disagreement, type Rating, type Weighting } from "./ratings";

/**
 * Gives Cohen's kappa of two raters: one less the disagreement observed over that expected by chance.
 *
 * Units that either rater left out do not count.
 *
 * @param one the first rater's ratings, one a unit.
 * @param other the second rater's, of the same units.
 * @param weighting `nominal` for plain kappa (the default), `linear`, or `quadratic`.
 * @returns 1 for agreement, 0 for chance; null where chance alone leaves nothing to disagree on, as
 *   where both gave all units the same rating.
 * @throws RangeError where the two rate different numbers of units.
 *
 * @example
 * cohenKappa([0, 1, 1, 0], [0, 1, 0, 0]); // => 0.5
 */
export function cohenKappa(
  one: readonly Rating[],
  other: readonly Rating[],
  weighting: Weighting = "nominal",
): number | null {
  if (one.length !== other.length) {
    throw new RangeError(
      `cohenKappa: ${one.length} ratings beside ${other.length}; they should pair`,
    );
  }
  const rated = [...one.keys()].filter((unit) => one[unit] !== null && other[unit] !== null);
  const [rows, columns] = [countRatings(one, rated), countRatings(other, rated)];
  let observed = 0;
  for (const unit of rated) {
    observed += disagreement(one[unit] as Rating, other[unit] as Rating, weighting);
  }
  let expected = 0;
  for (const [rating, count] of rows) {
    for (const [against, times] of columns) {
      expected += count * times * disagreement(rating, against, weighting);
    }
  }
  return expected === 0 ? null : 1 - (observed * rated.length) / expected;
}

function countRatings(ratings: readonly Rating[], units: readonly number[]): Map<Rating, number> {
  const counts = new Map<Rating, number>();
  for (const unit of units) {
    const rating = ratings[unit] as Rating;
    counts.set(rating, (counts.get(rating) ?? 0) + 1);
  }
  return counts;
}
