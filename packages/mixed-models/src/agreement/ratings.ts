import { UserError } from "kit";

/** One rating: a number on a scale, or the name of a category; null where the rater gave none. */
export type Rating = number | string | null;

/** Ratings of the same units by the same raters: one row a unit, one column a rater. */
export type Ratings = readonly (readonly Rating[])[];

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

/**
 * The ratings of units that two raters both rated.
 *
 * @param caller names the function in a message.
 * @throws RangeError if the two rate different numbers of units.
 */
export function ratedByBoth(
  caller: string,
  one: readonly Rating[],
  other: readonly Rating[],
): (readonly [Rating, Rating])[] {
  checkLengths(caller, "ratings", one, other);
  return one
    .map((rating, unit) => [rating, other[unit]!] as const)
    .filter((pair) => pair.every((rating) => rating !== null));
}

/** @throws RangeError if two lists are not of one length. */
export function checkLengths(
  caller: string,
  what: string,
  one: readonly unknown[],
  other: readonly unknown[],
): void {
  if (one.length === other.length) return;
  throw new RangeError(
    `${caller}: ${one.length} and ${other.length} ${what}; both lists should have the same length`,
  );
}

/** @throws UserError if a rating is not on the scale. */
export function refuseStrange(
  caller: string,
  ratings: Ratings,
  scale: readonly Rating[],
  remedy: string,
): void {
  const steps = new Set<Rating>([...scale, null]);
  const strange = ratings.flat().find((rating) => !steps.has(rating));
  if (strange === undefined) return;
  throw new UserError(`${caller}: the rating '${strange}' is not on the scale; ${remedy}`);
}
