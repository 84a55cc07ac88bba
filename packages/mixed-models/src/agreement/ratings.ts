import { checkChoice } from "kit";

/** One rating: a number on a scale, or the name of a category; null where the rater gave none. */
export type Rating = number | string | null;

/** Ratings of the same units by the same raters: one row a unit, one column a rater. */
export type Ratings = readonly (readonly Rating[])[];

/**
 * How much two different ratings disagree: all alike (`nominal`), by their distance (`linear`), or by its
 * square (`quadratic`). Distances are those of the values themselves, so a scale may have gaps.
 */
export type Weighting = "nominal" | "linear" | "quadratic";

/** @throws UserError if there is no such weighting. */
export function checkWeighting(weighting: Weighting): void {
  checkChoice("weighting", weighting, ["nominal", "linear", "quadratic"]);
}

/**
 * Gives the disagreement of two ratings.
 *
 * @throws RangeError if a distance between categories without numbers is asked for.
 */
export function disagreement(one: Rating, other: Rating, weighting: Weighting): number {
  if (weighting === "nominal") return one === other ? 0 : 1;
  if (typeof one !== "number" || typeof other !== "number") {
    throw new RangeError(
      `${weighting} weights need numbers; '${one}' and '${other}' are not both one`,
    );
  }
  return weighting === "linear" ? Math.abs(one - other) : (one - other) ** 2;
}

/** Every rating that was given, once each; numbers in their order. */
export function categoriesOf(ratings: Ratings): Exclude<Rating, null>[] {
  const given = new Set<Exclude<Rating, null>>();
  for (const unit of ratings) for (const rating of unit) if (rating !== null) given.add(rating);
  return [...given].sort(compareRatings);
}

/** Puts numbers in their order, and names in that of their characters. */
export function compareRatings(one: Rating, other: Rating): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return (one as string) < (other as string) ? -1 : 1;
}
