// Cohen 1960, A Coefficient of Agreement for Nominal Scales; Cohen 1968, Weighted Kappa, Psychological
// Bulletin 70. Checked against scikit-learn's cohen_kappa_score.
import { type Rating, ratedByBoth } from "./ratings";
import { countUnits, sumAcross, type UnitCounts } from "./unit-counts";
import { checkWeighting, measureOn, type Weighting } from "./weighting";

/**
 * Gives Cohen's kappa of two raters: one less the disagreement observed over that expected by chance.
 *
 * Units that either rater left out do not count.
 *
 * @param one the first rater's ratings, one a unit.
 * @param other the second rater's, of the same units.
 * @param weighting `nominal` for plain kappa (the default), `linear`, `quadratic`, or any other.
 * @returns 1 for agreement, 0 for chance; null if chance alone leaves nothing to disagree on, as
 *   where both gave all units the same rating.
 * @throws RangeError if the two rate different numbers of units.
 *
 * @example
 * cohenKappa([0, 1, 1, 0], [0, 1, 0, 0]); // => 0.5
 */
export function cohenKappa(
  one: readonly Rating[],
  other: readonly Rating[],
  weighting: Weighting = "nominal",
): number | null {
  return kappaOfCounts(countUnits(ratedByBoth("cohenKappa", one, other)), weighting)();
}

/**
 * Makes Cohen's kappa of units that two raters rated, given by their counts.
 *
 * @returns a function of how often each kind of unit occurs; as often as it was found by default.
 * @throws RangeError if a distance between categories without numbers is asked for.
 */
export function kappaOfCounts(
  { categories, kinds, counts: found }: UnitCounts,
  weighting: Weighting,
): (counts?: Float64Array) => number | null {
  checkWeighting(weighting);
  const measure = measureOn(categories, weighting);
  const apart = kinds.map(([one = 0, other = 0]) =>
    measure(categories[one] as Rating, categories[other] as Rating),
  );
  return (counts = found) => {
    const [rows, columns] = [categories, categories].map(
      ({ length }) => new Float64Array(length),
    ) as [Float64Array, Float64Array];
    let [observed, units] = [0, 0];
    for (const [at, [one = 0, other = 0]] of kinds.entries()) {
      const count = counts[at] as number;
      (rows[one] as number) += count;
      (columns[other] as number) += count;
      observed += count * (apart[at] as number);
      units += count;
    }
    const expected = sumAcross(categories, rows, columns, weighting);
    return expected === 0 ? null : 1 - (observed * units) / expected;
  };
}
