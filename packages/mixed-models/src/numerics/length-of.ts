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
