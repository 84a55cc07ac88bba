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
