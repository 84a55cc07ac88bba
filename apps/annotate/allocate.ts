// How many replies are drawn from each stratum. Neyman's allocation in whole numbers, exact under lower and upper
// bounds: Wright 2012, The equivalence of Neyman optimum allocation for sampling and equal proportions for
// apportioning the U.S. House of Representatives, American Statistician 66, 217-224.
import { largest, UserError } from "kit";

/** What the allocation needs of a stratum. */
interface AllocationStratum {
  /** Number of replies. */
  readonly size: number;
  /** What one reply drawn would leave as variance: the squared share times the variance within. */
  readonly cost: number;
}

/** Fewest replies of a stratum, so that its variance can be estimated; all of them where it holds fewer. */
const LEAST_A_STRATUM = 2;

/**
 * Allocates draws to strata so that the sum of cost over number drawn is the least.
 *
 * Each draw goes where it takes most away, which is optimal since what a further draw takes away only shrinks.
 *
 * @param draws number of replies to be drawn in all.
 * @returns one number a stratum: at least two, or its size; they sum to `draws`, or to the number of replies.
 * @throws UserError if the draws do not suffice for two a stratum.
 * @example
 * const strata = [{ size: 100, cost: 1 }, { size: 100, cost: 9 }, { size: 2, cost: 0 }];
 * allocate(strata, 42); // => [10, 30, 2]
 */
export function allocate(strata: readonly AllocationStratum[], draws: number): number[] {
  const drawn = strata.map(({ size }) => Math.min(size, LEAST_A_STRATUM));
  let left = draws - drawn.reduce((sum, count) => sum + count, 0);
  if (left < 0) {
    throw new UserError(
      `${strata.length} strata of system by level need ${draws - left} replies, two of each; ${draws} are asked for: raise --budget or name fewer --systems`,
    );
  }
  for (; left > 0; left--) {
    const gains = strata.map(({ size, cost }, at) => {
      const count = drawn[at] ?? 0;
      return count < size ? cost / (count * (count + 1)) : -1;
    });
    const best = gains.indexOf(largest(gains));
    if ((gains[best] ?? -1) < 0) break;
    drawn[best] = (drawn[best] ?? 0) + 1;
  }
  return drawn;
}
