// Agreement of any number of raters, corrected for chance in two ways: by the categories' shares (Fleiss
// 1971, Measuring Nominal Scale Agreement among Many Raters) and by Gwet 2008, Computing Inter-rater
// Reliability and its Variance in the Presence of High Agreement (AC1; AC2 with weights). Units may have
// different numbers of ratings, after Gwet 2014, Handbook of Inter-Rater Reliability, chapters 2 and 3.
import {
  categoriesOf,
  disagreement,
  pairable,
  type Rating,
  type Ratings,
  type Weighting,
} from "./ratings";

/**
 * Gives Fleiss' kappa.
 *
 * @returns 1 for agreement, 0 for chance; null where no unit has two ratings, or all ratings are the same.
 *
 * @example
 * fleissKappa([["a", "a", "b"], ["b", "b", "b"], ["a", "a", "a"]])?.toFixed(2); // => "0.55"
 */
export function fleissKappa(ratings: Ratings): number | null {
  const shares = sharesOf(ratings);
  // Judged by the categories: their shares sum to 1 only up to rounding.
  if (shares.size < 2) return null;
  const chance = [...shares.values()].reduce((sum, share) => sum + share ** 2, 0);
  return aboveChance(observedAgreement(ratings, "nominal"), chance);
}

/**
 * Gives Gwet's AC1, or AC2 where the weighting is not nominal.
 *
 * Unlike kappa it stays near the share of agreement where almost all ratings are of one category.
 *
 * @param categories the scale, where not all of it was used; the ratings that occur by default.
 * @returns null where no unit has two ratings, or there is one category only.
 *
 * @example
 * gwetAc([[1, 1], [1, 1], [1, 2], [1, 1]]); // => 0.68
 */
export function gwetAc(
  ratings: Ratings,
  weighting: Weighting = "nominal",
  categories: readonly Rating[] = categoriesOf(ratings),
): number | null {
  const count = categories.length;
  if (count < 2) return null;
  const similar = similarity(categories, weighting);
  const total = categories.flatMap((one) => categories.map((other) => similar(one, other)));
  const spread = [...sharesOf(ratings).values()].reduce(
    (sum, share) => sum + share * (1 - share),
    0,
  );
  const weightSum = total.reduce((sum, weight) => sum + weight, 0);
  const chance = (weightSum * spread) / (count * (count - 1));
  return aboveChance(observedAgreement(ratings, weighting, categories), chance);
}

function aboveChance(observed: number | null, chance: number): number | null {
  return observed === null || chance >= 1 ? null : (observed - chance) / (1 - chance);
}

/** Each category's share of the ratings, units counting alike. */
function sharesOf(ratings: Ratings): Map<Rating, number> {
  const rated = ratings
    .map((unit) => unit.filter((rating) => rating !== null))
    .filter(({ length }) => length > 0);
  const shares = new Map<Rating, number>();
  for (const unit of rated) {
    for (const rating of unit) {
      shares.set(rating, (shares.get(rating) ?? 0) + 1 / (unit.length * rated.length));
    }
  }
  return shares;
}

function observedAgreement(
  ratings: Ratings,
  weighting: Weighting,
  categories: readonly Rating[] = categoriesOf(ratings),
): number | null {
  const units = pairable(ratings);
  if (units.length === 0) return null;
  const similar = similarity(categories, weighting);
  const agreement = units.map((unit) => {
    let sum = -unit.length;
    for (const one of unit) for (const other of unit) sum += similar(one, other);
    return sum / (unit.length * (unit.length - 1));
  });
  return agreement.reduce((sum, share) => sum + share, 0) / units.length;
}

/** One less the disagreement, over the largest that the scale allows. */
function similarity(categories: readonly Rating[], weighting: Weighting) {
  const largest = disagreement(categories[0] ?? 0, categories.at(-1) ?? 1, weighting) || 1;
  return (one: Rating, other: Rating) => 1 - disagreement(one, other, weighting) / largest;
}
