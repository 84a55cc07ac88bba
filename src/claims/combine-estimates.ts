import { SENTIMENTS, type Sentiment } from "../corpus/emotions";

/** A vector of estimates, one a system and sentiment, with its covariance matrix. */
export interface Estimates {
  /** NaN where there is none; then `reasons` says why. */
  readonly values: Float64Array;
  /** Row-major, as long as `values` squared. */
  readonly covariance: Float64Array;
}

/** Where an entry stands in the vectors. */
export function entryOf(system: number, sentiment: Sentiment): number {
  return system * SENTIMENTS.length + SENTIMENTS.indexOf(sentiment);
}

/** How much some entries of a vector of estimates weigh in a combination of them. */
export type Combination = ReadonlyMap<number, number>;

/**
 * Combines estimates linearly, with their covariance.
 *
 * @param combinations one a result; nothing where there is none, which gives NaN.
 */
export function combineEstimates(
  combinations: readonly (Combination | undefined)[],
  { values, covariance }: Estimates,
): Estimates {
  const width = values.length;
  const size = combinations.length;
  const combined = {
    values: new Float64Array(size).fill(Number.NaN),
    covariance: new Float64Array(size * size).fill(Number.NaN),
  };
  for (const [i, own] of combinations.entries()) {
    if (!own) continue;
    let value = 0;
    for (const [entry, weight] of own) value += weight * (values[entry] as number);
    combined.values[i] = value;
    for (const [j, other] of combinations.entries()) {
      if (!other || j > i) continue;
      let sum = 0;
      for (const [a, wa] of own) {
        for (const [b, wb] of other) sum += wa * wb * (covariance[a * width + b] as number);
      }
      combined.covariance[i * size + j] = sum;
      combined.covariance[j * size + i] = sum;
    }
  }
  return combined;
}
