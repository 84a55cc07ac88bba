/**
 * A quantile of sorted values, linear between two of them: Hyndman and Fan's seventh rule (doi.org/10.2307/2684934),
 * R's and NumPy's default.
 *
 * @param sorted ascending, at least one.
 * @param probability from 0 to 1.
 *
 * @example
 * quantileOfSorted([1, 2, 4], 0.75); // => 3
 */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  const place = probability * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}
