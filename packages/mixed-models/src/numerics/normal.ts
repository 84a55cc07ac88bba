// The standard normal distribution: its area by Marsaglia's series near 0 and by the continued fraction of the
// Mills ratio in the tail, both carried to double precision; its quantiles by Newton's method.

/**
 * Probability that a standard normal variable exceeds z.
 *
 * @example
 * upperTail(0); // => 0.5
 */
export function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  return z < 3 ? 0.5 - centralArea(z) : mills(z) * density(z);
}

/** Two-sided probability of a standard normal statistic at least as large in size. */
export function twoSided(z: number): number {
  return Math.min(1, 2 * upperTail(Math.abs(z)));
}

/** Density of the standard normal distribution. */
export function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

// Area between 0 and z: Marsaglia's series (2004, doi.org/10.18637/jss.v011.i04).
function centralArea(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * sum; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return sum * density(z);
}

// Upper tail over density, by its continued fraction, from the end.
function mills(z: number): number {
  let fraction = z;
  for (let k = 200; k > 0; k--) fraction = z + k / fraction;
  return 1 / fraction;
}

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
