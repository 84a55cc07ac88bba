/**
 * The largest of some numbers, however many they are: `Math.max` over a spread list overflows the stack at some 120,000.
 *
 * @returns minus infinity where there are none; NaN if one is NaN.
 *
 * @example
 * largest(new Set([2, 5, 3])); // => 5
 */
export function largest(values: Iterable<number>): number {
  let found = Number.NEGATIVE_INFINITY;
  for (const value of values) found = Math.max(found, value);
  return found;
}
