/**
 * A quantile of sorted values, averaged where it falls between two of them: Hyndman and Fan's second rule
 * (doi.org/10.2307/2684934), `type = 2` of R's `quantile`.
 *
 * @param sorted ascending, at least one.
 * @param probability from 0 to 1.
 */
export function averagedQuantile(sorted: ArrayLike<number>, probability: number): number {
  const place = sorted.length * probability;
  const below = sorted[Math.min(Math.max(Math.ceil(place), 1), sorted.length) - 1] as number;
  const isBetween = Number.isInteger(place) && place > 0 && place < sorted.length;
  return isBetween ? (below + (sorted[place] as number)) / 2 : below;
}
