// A root between two points of opposite sign: false position with the Illinois change of weights (Dowell and
// Jarratt 1971, doi.org/10.1007/BF01934364), and bisection where it has not halved the bracket in three steps.

/**
 * Finds where a continuous function is zero.
 *
 * @param low one end; the function has opposite signs at both, or is zero at one.
 * @param tolerance on the root: relative to its size, or absolute below 1; 1e-13 by default.
 * @throws RangeError where the signs are the same.
 *
 * @example
 * findRoot((x) => x * x - 2, 0, 2).toFixed(10); // => "1.4142135624"
 */
export function findRoot(
  value: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-13,
): number {
  let [a, b] = [low, high];
  let [atA, atB] = [value(a), value(b)];
  if (atA === 0) return a;
  if (atB === 0) return b;
  if (atA > 0 === atB > 0) throw new RangeError(`no change of sign between ${low} and ${high}`);
  let width = Math.abs(b - a);
  for (let step = 1; step < 300; step++) {
    const isSlow = step % 3 === 0 && Math.abs(b - a) > width / 2;
    if (step % 3 === 0) width = Math.abs(b - a);
    const middle = isSlow ? (a + b) / 2 : b - (atB * (b - a)) / (atB - atA);
    const found = value(middle);
    if (found === 0 || Math.abs(middle - b) < tolerance * Math.max(1, Math.abs(middle))) {
      return middle;
    }
    if (found > 0 === atB > 0) atA /= 2;
    else [a, atA] = [b, atB];
    [b, atB] = [middle, found];
  }
  return b;
}
