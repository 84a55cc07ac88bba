// Student's t and Fisher's F through the incomplete beta function (Abramowitz and Stegun 26.5.27 and 26.5.28), for
// any positive degrees of freedom, whole or not; infinitely many give the normal and the chi-square distribution.
// Checked against R's pt, qt and pf to 1e-12.
import { chiSquareTail } from "./chi-square";
import { betaBelow, logBeta } from "./incomplete-beta";
import { density, upperQuantile, upperTail } from "./normal";

/**
 * Probability that a t variable exceeds a value.
 *
 * @param df degrees of freedom, above 0; `Infinity` for the standard normal distribution.
 *
 * @example
 * studentTail(1, 1).toFixed(12); // => "0.250000000000"
 */
export function studentTail(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return upperTail(t);
  if (Number.isNaN(t) || Number.isNaN(df)) return Number.NaN;
  if (t < 0) return 1 - studentTail(-t, df);
  const ratio = (t * t) / df;
  if (ratio === Number.POSITIVE_INFINITY) return 0;
  return betaBelow(1 / (1 + ratio), ratio / (1 + ratio), df / 2, 0.5) / 2;
}

/** Two-sided probability of a t statistic at least as large in size. */
export function studentTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * studentTail(Math.abs(t), df));
}

/**
 * The value that a t variable exceeds with a probability.
 *
 * By Newton's method from 0: the tail is convex there, so no step goes too far.
 *
 * @param probability of the upper tail, between 0 and 1.
 * @param df degrees of freedom, above 0; `Infinity` for the standard normal distribution.
 * @returns `Infinity` where the value is too large for a number (fewer than about 0.01 degrees of freedom).
 *
 * @example
 * studentQuantile(0.025, 3).toFixed(6); // => "3.182446"
 */
export function studentQuantile(probability: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return upperQuantile(probability);
  if (probability > 0.5) return -studentQuantile(1 - probability, df);
  let t = 0;
  for (let step = 0; step < 1000; step++) {
    const change = (studentTail(t, df) - probability) / studentDensity(t, df);
    if (!Number.isFinite(change)) return Number.POSITIVE_INFINITY;
    t += change;
    if (Math.abs(change) < 1e-15 * (1e-3 + t)) break;
  }
  return t;
}

function studentDensity(t: number, df: number): number {
  if (df > 1e15) return density(t);
  const log = -((df + 1) / 2) * Math.log1p((t * t) / df) - Math.log(df) / 2 - logBeta(df / 2, 0.5);
  return Math.exp(log);
}

/**
 * Probability that an F variable exceeds a value.
 *
 * @param above degrees of freedom of the numerator, a whole number.
 * @param below those of the denominator, above 0; `Infinity` for a chi-square variable over its degrees of freedom.
 *
 * @example
 * fisherTail(0, 2, 5); // => 1
 */
export function fisherTail(f: number, above: number, below: number): number {
  if (below === Number.POSITIVE_INFINITY) return chiSquareTail(f * above, above);
  if (f <= 0) return 1;
  const ratio = (above * f) / below;
  return betaBelow(1 / (1 + ratio), ratio / (1 + ratio), below / 2, above / 2);
}
