import type { Ratings } from "./ratings";

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
  let [sum, units] = [0, 0];
  for (const [at, unit] of ratings.entries()) {
    const given = unit.filter((rating) => rating !== null);
    if (given.length < 2) continue;
    const times = new Map<unknown, number>();
    for (const rating of given) times.set(rating, (times.get(rating) ?? 0) + 1);
    const equal = [...times.values()].reduce((all, count) => all + count * (count - 1), 0);
    const count = counts?.[at] ?? 1;
    sum += (count * equal) / (given.length * (given.length - 1));
    units += count;
  }
  return units === 0 ? null : sum / units;
}
