import { sampleCorrelation } from "simple-statistics";

/**
 * Gives Spearman's rank correlation; equal values share the mean of their ranks.
 *
 * @returns between -1 and 1; null where there are fewer than two pairs or either side has one value only.
 * @throws RangeError where the two are of different lengths.
 *
 * @example
 * spearman([1, 2, 3, 4], [1, 3, 2, 4])?.toFixed(4); // => "0.8000"
 */
export function spearman(one: readonly number[], other: readonly number[]): number | null {
  checkPairs("spearman", one, other);
  if (isConstant(one) || isConstant(other)) return null;
  return sampleCorrelation(rank(one), rank(other));
}

/**
 * Gives Kendall's tau-b: pairs in the same order less pairs in the opposite order, corrected for ties.
 *
 * Time grows with the square of the number of pairs.
 *
 * @returns between -1 and 1; null where there are fewer than two pairs or either side has one value only.
 * @throws RangeError where the two are of different lengths.
 *
 * @example
 * kendall([1, 2, 3, 4], [1, 3, 2, 4])?.toFixed(4); // => "0.6667"
 */
export function kendall(one: readonly number[], other: readonly number[]): number | null {
  checkPairs("kendall", one, other);
  if (isConstant(one) || isConstant(other)) return null;
  let [score, untiedOne, untiedOther] = [0, 0, 0];
  for (let i = 0; i < one.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = Math.sign((one[i] as number) - (one[j] as number));
      const b = Math.sign((other[i] as number) - (other[j] as number));
      score += a * b;
      untiedOne += Math.abs(a);
      untiedOther += Math.abs(b);
    }
  }
  return score / Math.sqrt(untiedOne * untiedOther);
}

/** Ranks values from 1; equal values share the mean of their ranks. */
function rank(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let at = from; at < to; at++) ranks[order[at] as number] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function checkPairs(name: string, one: readonly number[], other: readonly number[]): void {
  if (one.length === other.length) return;
  throw new RangeError(`${name}: ${one.length} values beside ${other.length}; they should pair`);
}
