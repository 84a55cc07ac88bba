// Agreement of any number of raters, corrected for chance in two ways: by the categories' shares (Fleiss
// 1971, Measuring Nominal Scale Agreement among Many Raters) and by Gwet 2008, Computing Inter-rater
// Reliability and its Variance in the Presence of High Agreement (AC1; AC2 with weights). Units may have
// different numbers of ratings, after Gwet 2014, Handbook of Inter-Rater Reliability, chapters 2 and 3.
import { dot } from "../numerics/vectors";
import { categoriesOf, compareRatings, type Rating, type Ratings, refuseStrange } from "./ratings";
import { sumAcross } from "./unit-counts";
import { checkWeighting, largestOn, measureOn, type Weighting } from "./weighting";

/** A coefficient of units that are given once: of how often each of them occurs, once by default. */
type OfCounts = (counts?: ArrayLike<number>) => number | null;

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
  return fleissOf(ratings)(counts);
}

/** Makes Fleiss' kappa of units that are drawn again and again. */
export function fleissOf(ratings: Ratings): OfCounts {
  const scale = categoriesOf(ratings);
  const [observed, sharesOf] = [observedOn(ratings, "nominal", scale), sharesOn(ratings, scale)];
  return (counts) => {
    const shares = sharesOf(counts);
    // Judged by the categories: their shares sum to 1 only up to rounding.
    if (shares.filter((share) => share > 0).length < 2) return null;
    return aboveChance(observed(counts), dot(shares, shares));
  };
}

/**
 * Gives Gwet's AC1, or AC2 where the weighting is not nominal.
 *
 * Unlike kappa it stays near the share of agreement where almost all ratings are of one category.
 *
 * @param categories the scale, where not all of it was used; the ratings that occur by default.
 * @param counts how often each unit occurs; once by default.
 * @returns null if no unit has two ratings, or there is one category only.
 * @throws UserError if a rating is none of the categories.
 *
 * @example
 * gwetAc([[1, 1], [1, 1], [1, 2], [1, 1]]); // => 0.68
 * gwetAc([[1, 1], [1, 2], [3, 3], [2, 3]], "ordinal")?.toFixed(3); // => "0.562"
 */
export function gwetAc(
  ratings: Ratings,
  weighting: Weighting = "nominal",
  categories: readonly Rating[] = categoriesOf(ratings),
  counts?: ArrayLike<number>,
): number | null {
  return acOf(ratings, weighting, categories)(counts);
}

/** Makes Gwet's coefficient of units that are drawn again and again. */
export function acOf(
  ratings: Ratings,
  weighting: Weighting,
  categories: readonly Rating[] = categoriesOf(ratings),
): OfCounts {
  checkWeighting(weighting);
  const count = categories.length;
  if (count < 2) return () => null;
  const scale = [...categories].sort(compareRatings);
  refuseStrange("gwetAc", ratings, scale, "give every category");
  const once = new Float64Array(count).fill(1);
  const apart = sumAcross(scale, once, once, weighting) / largestOn(scale, weighting);
  const [observed, sharesOf] = [observedOn(ratings, weighting, scale), sharesOn(ratings, scale)];
  return (counts) => {
    const diversity = sharesOf(counts).reduce((sum, share) => sum + share * (1 - share), 0);
    return aboveChance(
      observed(counts),
      ((count ** 2 - apart) * diversity) / (count * (count - 1)),
    );
  };
}

function aboveChance(observed: number | null, chance: number): number | null {
  return observed === null || chance >= 1 ? null : (observed - chance) / (1 - chance);
}

/** Each category's share of the ratings, units counting alike. */
function sharesOn(
  ratings: Ratings,
  scale: readonly Rating[],
): (counts?: ArrayLike<number>) => Float64Array {
  const codes = new Map(scale.map((category, at) => [category, at]));
  const given = ratings.map((unit) =>
    Int32Array.from(unit.filter((rating) => rating !== null).map((one) => codes.get(one) ?? 0)),
  );
  return (counts) => {
    const shares = new Float64Array(scale.length);
    let units = 0;
    for (const [at, unit] of given.entries()) {
      if (unit.length === 0) continue;
      const count = counts?.[at] ?? 1;
      units += count;
      for (const code of unit) (shares[code] as number) += count / unit.length;
    }
    return shares.map((share) => share / units);
  };
}

/** The mean agreement of two ratings of a unit, over units that have two. */
export function observedOn(
  ratings: Ratings,
  weighting: Weighting,
  scale: readonly Rating[],
): OfCounts {
  const [measure, largest] = [measureOn(scale, weighting), largestOn(scale, weighting)];
  const within = Float64Array.from(ratings, (unit) => {
    const given = unit.filter((rating) => rating !== null);
    let apart = 0;
    for (const one of given) for (const other of given) apart += measure(one, other);
    return 1 - apart / largest / (given.length * (given.length - 1)); // NaN of fewer than two.
  });
  return (counts) => {
    let [sum, units] = [0, 0];
    for (const [at, agreement] of within.entries()) {
      if (Number.isNaN(agreement)) continue;
      const count = counts?.[at] ?? 1;
      sum += count * agreement;
      units += count;
    }
    return units === 0 ? null : sum / units;
  };
}

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
