/** The sum of the values. */
export function sumOf(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum;
}

/** The arithmetic mean; NaN of no values. */
export function meanOf(values: readonly number[] | Float64Array): number {
  return sumOf(values) / values.length;
}

/** The sum of products with a vector of as many values, or more, which are not read. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** One at a place, zero elsewhere. */
export function unitVector(size: number, place: number): Float64Array {
  const unit = new Float64Array(size);
  unit[place] = 1;
  return unit;
}

/**
 * Length of a vector, as `Math.hypot` has it, of any number of values: an argument each would overflow the stack. Scaled by
 * the largest, and summed with Kahan's compensation.
 */
export function lengthOf(values: Float64Array, from = 0): number {
  let largest = 0;
  for (let at = from; at < values.length; at++) largest = Math.max(largest, Math.abs(values[at]!));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return largest;
  let [sum, compensation] = [0, 0];
  for (let at = from; at < values.length; at++) {
    const ratio = Math.abs(values[at]!) / largest;
    const summand = ratio * ratio - compensation;
    const preliminary = sum + summand;
    compensation = preliminary - sum - summand;
    sum = preliminary;
  }
  return Math.sqrt(sum) * largest;
}
