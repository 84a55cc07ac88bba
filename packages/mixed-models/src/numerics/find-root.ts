// A root between two points of opposite sign: Chandrupatla's method (1997, doi.org/10.1016/S0965-9978(96)00051-8),
// inverse quadratic interpolation where three points bend little, and bisection elsewhere.

/**
 * Finds where a continuous function is zero.
 *
 * @param low one end; the function has opposite signs at both, or is zero at one.
 * @param tolerance on the root: relative to its size, or absolute below 1; 1e-13 by default.
 * @throws RangeError if the signs are the same.
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
  let [a, b] = [pointOf(value, high), pointOf(value, low)];
  if (a.y === 0 || b.y === 0) return a.y === 0 ? a.x : b.x;
  if (isPositive(a) === isPositive(b)) {
    throw new RangeError(`no change of sign between ${low} and ${high}`);
  }
  let share = 0.5;
  for (let step = 0; step < 300; step++) {
    const next = pointOf(value, a.x + share * (b.x - a.x));
    const isSameSide = isPositive(next) === isPositive(a);
    const past = isSameSide ? a : b;
    if (!isSameSide) b = a;
    a = next;
    const best = Math.abs(a.y) < Math.abs(b.y) ? a : b;
    const least = (tolerance * Math.max(1, Math.abs(best.x))) / Math.abs(b.x - a.x);
    if (best.y === 0 || least > 0.5) return best.x;
    share = Math.min(1 - least, Math.max(least, nextShare(a, b, past)));
  }
  return a.x;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function pointOf(value: (x: number) => number, x: number): Point {
  return { x, y: value(x) };
}

function isPositive({ y }: Point): boolean {
  return y > 0;
}

// How far from a to b the next point lies.
function nextShare(a: Point, b: Point, past: Point): number {
  const along = (a.x - b.x) / (past.x - b.x);
  const risen = (a.y - b.y) / (past.y - b.y);
  if (risen ** 2 >= along || (1 - risen) ** 2 >= 1 - along) return 0.5;
  const first = (a.y / (b.y - a.y)) * (past.y / (b.y - past.y));
  const second = ((past.x - a.x) / (b.x - a.x)) * (a.y / (past.y - a.y)) * (b.y / (past.y - b.y));
  return first + second;
}
