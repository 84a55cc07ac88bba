// Agreement of any number of raters, corrected for chance in two ways: by the categories' shares (Fleiss
// 1971, Measuring Nominal Scale Agreement among Many Raters) and by Gwet 2008, Computing Inter-rater
// Reliability and its Variance in the Presence of High Agreement (AC1; AC2 with weights). Units may have
// different numbers of ratings, after Gwet 2014, Handbook of Inter-Rater Reliability, chapters 2 and 3.
import {
  categoriesOf,
  checkWeighting,
  compareRatings,
  disagreement,
  type Rating,
  type Ratings,
  type Weighting,
} from "./ratings";
import { sumDisagreements } from "./unit-counts";

/**
 * Gives Fleiss' kappa.
 *
 * @param counts how often each unit occurs; once by default.
 * @returns 1 for agreement, 0 for chance; null if no unit has two ratings, or all ratings are the same.
 *
 * @example
 * fleissKappa([["a", "a", "b"], ["b", "b", "b"], ["a", "a", "a"]])?.toFixed(2); // => "0.55"
 */
export function fleissKappa(ratings: Ratings, counts?: ArrayLike<number>): number | null {
  const shares = sharesOf(ratings, counts);
  // Judged by the categories: their shares sum to 1 only up to rounding.
  if (shares.size < 2) return null;
  const chance = [...shares.values()].reduce((sum, share) => sum + share ** 2, 0);
  return aboveChance(observedAgreement(ratings, "nominal", [], counts), chance);
}

/**
 * Gives Gwet's AC1, or AC2 where the weighting is not nominal.
 *
 * Unlike kappa it stays near the share of agreement where almost all ratings are of one category.
 *
 * @param categories the scale, where not all of it was used; the ratings that occur by default.
 * @param counts how often each unit occurs; once by default.
 * @returns null if no unit has two ratings, or there is one category only.
 *
 * @example
 * gwetAc([[1, 1], [1, 1], [1, 2], [1, 1]]); // => 0.68
 */
export function gwetAc(
  ratings: Ratings,
  weighting: Weighting = "nominal",
  categories: readonly Rating[] = categoriesOf(ratings),
  counts?: ArrayLike<number>,
): number | null {
  checkWeighting(weighting);
  const count = categories.length;
  if (count < 2) return null;
  const scale = [...categories].sort(compareRatings);
  const once = new Float64Array(count).fill(1);
  const apart = sumDisagreements(scale, once, weighting) / largestDisagreement(scale, weighting);
  const spread = [...sharesOf(ratings, counts).values()].reduce(
    (sum, share) => sum + share * (1 - share),
    0,
  );
  const chance = ((count ** 2 - apart) * spread) / (count * (count - 1));
  return aboveChance(observedAgreement(ratings, weighting, scale, counts), chance);
}

function aboveChance(observed: number | null, chance: number): number | null {
  return observed === null || chance >= 1 ? null : (observed - chance) / (1 - chance);
}

/** Each category's share of the ratings, units counting alike. */
function sharesOf(ratings: Ratings, counts?: ArrayLike<number>): Map<Rating, number> {
  const shares = new Map<Rating, number>();
  let units = 0;
  for (const [at, unit] of ratings.entries()) {
    const given = unit.filter((rating) => rating !== null);
    if (given.length === 0) continue;
    const count = counts?.[at] ?? 1;
    units += count;
    for (const rating of given) {
      shares.set(rating, (shares.get(rating) ?? 0) + count / given.length);
    }
  }
  for (const [rating, share] of shares) shares.set(rating, share / units);
  return shares;
}

function observedAgreement(
  ratings: Ratings,
  weighting: Weighting,
  scale: readonly Rating[],
  counts?: ArrayLike<number>,
): number | null {
  const largest = largestDisagreement(scale, weighting);
  let [sum, units] = [0, 0];
  for (const [at, unit] of ratings.entries()) {
    const given = unit.filter((rating) => rating !== null);
    if (given.length < 2) continue;
    let apart = 0;
    for (const one of given)
      for (const other of given) apart += disagreement(one, other, weighting);
    const count = counts?.[at] ?? 1;
    sum += count * (1 - apart / largest / (given.length * (given.length - 1)));
    units += count;
  }
  return units === 0 ? null : sum / units;
}

/** The largest disagreement that a scale allows; 1 where it has one step. */
function largestDisagreement(scale: readonly Rating[], weighting: Weighting): number {
  return disagreement(scale[0] ?? 0, scale.at(-1) ?? 1, weighting) || 1;
}
