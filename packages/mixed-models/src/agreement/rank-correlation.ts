import { sumOf } from "../numerics/vectors";
import { checkLengths } from "./ratings";

/**
 * Gives Spearman's rank correlation; equal values share the mean of their ranks.
 *
 * @param counts how often each pair occurs; once by default.
 * @returns between -1 and 1; null if there are fewer than two pairs or either side has one value only.
 * @throws RangeError if the two are of different lengths.
 *
 * @example
 * spearman([1, 2, 3, 4], [1, 3, 2, 4])?.toFixed(4); // => "0.8000"
 */
export function spearman(
  one: readonly number[],
  other: readonly number[],
  counts?: ArrayLike<number>,
): number | null {
  checkLengths("spearman", "values", one, other);
  if (isConstant(one) || isConstant(other)) return null;
  const times = Float64Array.from(one, (_, pair) => counts?.[pair] ?? 1);
  const [first, second] = [centredRanks(one, times), centredRanks(other, times)];
  let [both, ofOne, ofOther] = [0, 0, 0];
  for (const [pair, count] of times.entries()) {
    const [a, b] = [first[pair] as number, second[pair] as number];
    both += count * a * b;
    ofOne += count * a ** 2;
    ofOther += count * b ** 2;
  }
  return both / Math.sqrt(ofOne * ofOther);
}

/**
 * Gives Kendall's tau-b: pairs in the same order less pairs in the opposite order, corrected for ties.
 *
 * Pairs are counted while the values are sorted (Knight 1966, A Computer Method for Calculating Kendall's Tau with Ungrouped
 * Data), so that time grows hardly faster than their number.
 *
 * @param counts how often each pair occurs; once by default.
 * @returns between -1 and 1; null if there are fewer than two pairs or either side has one value only.
 * @throws RangeError if the two are of different lengths.
 *
 * @example
 * kendall([1, 2, 3, 4], [1, 3, 2, 4])?.toFixed(4); // => "0.6667"
 */
export function kendall(
  one: readonly number[],
  other: readonly number[],
  counts?: ArrayLike<number>,
): number | null {
  checkLengths("kendall", "values", one, other);
  if (isConstant(one) || isConstant(other)) return null;
  const order = [...one.keys()].sort(
    (a, b) => valueAt(one, a) - valueAt(one, b) || valueAt(other, a) - valueAt(other, b),
  );
  const first = Float64Array.from(order, (pair) => valueAt(one, pair));
  const second = Float64Array.from(order, (pair) => valueAt(other, pair));
  const times = Float64Array.from(order, (pair) => counts?.[pair] ?? 1);
  const units = sumOf(times);
  const all = pairsOf(units);
  const untiedOne = all - countTies(first, times);
  const tiedBoth = countTies(first, times, second);
  const swaps = countSwaps(second, times);
  const untiedOther = all - countTies(second, times); // Sorted by now, its counts with it.
  const score = untiedOne + untiedOther - all + tiedBoth - 2 * swaps;
  return score / Math.sqrt(untiedOne * untiedOther);
}

/** Counts the pairs of equal values in a sorted list; of those that are equal in a second one too, where there is one. */
function countTies(sorted: Float64Array, times: Float64Array, second = sorted): number {
  let [ties, run] = [0, 0];
  for (let at = 0; at < sorted.length; at++) {
    const isTied = sorted[at] === sorted[at - 1] && second[at] === second[at - 1];
    if (!isTied) {
      ties += pairsOf(run);
      run = 0;
    }
    run += times[at] as number;
  }
  return ties + pairsOf(run);
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

/** Sorts values and their counts by merging, and counts the pairs that stood in the wrong order. */
function countSwaps(values: Float64Array, times: Float64Array): number {
  const merged = [new Float64Array(values.length), new Float64Array(values.length)] as const;
  let swaps = 0;
  for (let width = 1; width < values.length; width *= 2) {
    for (let from = 0; from < values.length; from += 2 * width) {
      const middle = Math.min(from + width, values.length);
      const end = Math.min(from + 2 * width, values.length);
      let [left, right] = [from, middle];
      let waiting = sumOf(times.subarray(from, middle));
      for (let to = from; to < end; to++) {
        const takesLeft =
          left < middle && (right >= end || (values[left] as number) <= (values[right] as number));
        const taken = takesLeft ? left++ : right++;
        const count = times[taken] as number;
        if (takesLeft) waiting -= count;
        else swaps += count * waiting;
        merged[0][to] = values[taken] as number;
        merged[1][to] = count;
      }
    }
    values.set(merged[0]);
    times.set(merged[1]);
  }
  return swaps;
}

function valueAt(values: readonly number[], pair: number): number {
  return values[pair] as number;
}

/** Ranks less their mean; equal values share the mean of their ranks. */
function centredRanks(values: readonly number[], times: Float64Array): Float64Array {
  const order = [...values.keys()].sort((a, b) => valueAt(values, a) - valueAt(values, b));
  const ranks = new Float64Array(values.length);
  const middle = (sumOf(times) + 1) / 2;
  let below = 0;
  for (let from = 0; from < order.length; ) {
    let [to, tied] = [from, 0];
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) {
      tied += times[order[to++] as number] as number;
    }
    for (let at = from; at < to; at++) ranks[order[at] as number] = below + (tied + 1) / 2 - middle;
    below += tied;
    from = to;
  }
  return ranks;
}

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
