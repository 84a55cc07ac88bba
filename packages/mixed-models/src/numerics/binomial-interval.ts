// Clopper and Pearson 1934, The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial, Biometrika 26.
// Checked against R's binom.test.
import { findRoot } from "./find-root";
import { betaBelow } from "./incomplete-beta";

/**
 * Gives the exact interval of a probability.
 *
 * @param level coverage, at least; 0.95 by default.
 *
 * @example
 * binomialInterval(8, 10).map((limit) => limit.toFixed(4)); // => ["0.4439", "0.9748"]
 */
export function binomialInterval(
  successes: number,
  trials: number,
  level = 0.95,
): readonly [number, number] {
  const tail = (1 - level) / 2;
  const lower =
    successes === 0
      ? 0
      : findRoot((p) => betaBelow(p, 1 - p, successes, trials - successes + 1) - tail, 0, 1);
  const upper =
    successes === trials
      ? 1
      : findRoot((p) => betaBelow(p, 1 - p, successes + 1, trials - successes) - 1 + tail, 0, 1);
  return [lower, upper];
}
