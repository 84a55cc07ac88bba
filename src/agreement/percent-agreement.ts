import { pairable, type Ratings } from "./ratings";

/**
 * Gives the share of pairs of ratings of the same unit that are equal, each unit counting alike.
 *
 * Units with fewer than two ratings are left out.
 *
 * @returns between 0 and 1; null where no unit has two ratings.
 *
 * @example
 * percentAgreement([[1, 1], [1, 2], [2, 2], [null, 1]]); // => 0.6666666666666666
 */
export function percentAgreement(ratings: Ratings): number | null {
  const units = pairable(ratings);
  if (units.length === 0) return null;
  const shares = units.map((unit) => {
    const counts = new Map<unknown, number>();
    for (const rating of unit) counts.set(rating, (counts.get(rating) ?? 0) + 1);
    const equal = [...counts.values()].reduce((sum, count) => sum + count * (count - 1), 0);
    return equal / (unit.length * (unit.length - 1));
  });
  return shares.reduce((sum, share) => sum + share, 0) / units.length;
}
