// The standard normal distribution, from the complementary error function (W. J. Cody 1969, Mathematics of
// Computation 23, 631-637, by rational approximation; here by a continued fraction and a series, both carried
// to double precision).

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
