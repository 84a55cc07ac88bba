import { density, upperTail } from "./normal";

/**
 * The value that a standard normal variable exceeds with a probability.
 *
 * By Newton's method from 0: the tail is convex there, so no step goes too far.
 *
 * @param probability of the upper tail, between 0 and 1.
 *
 * @example
 * upperQuantile(0.025).toFixed(6); // => "1.959964"
 */
export function upperQuantile(probability: number): number {
  if (probability > 0.5) return -upperQuantile(1 - probability);
  let z = 0;
  for (let step = 0; step < 200; step++) {
    const change = (upperTail(z) - probability) / density(z);
    z += change;
    if (Math.abs(change) < 1e-15 * (1 + z)) break;
  }
  return z;
}
