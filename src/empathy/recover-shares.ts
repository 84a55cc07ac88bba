// The shares of the true levels behind the levels that a scorer found, given how often it takes which level
// for which: Rogan and Gladen's inverse, and where that leaves the shares' range the maximum of the likelihood.
import type { ConfusionCounts } from "./confusion-counts";

/** Shares of the levels 0, 1 and 2; they sum to 1. */
export type Shares = readonly [number, number, number];

// Below this determinant, error rates of three decimals cannot tell the levels apart.
const LEAST_DETERMINANT = 1e-3;
const MOST_ROUNDS = 5000;
const CLOSE_ENOUGH = 1e-10;

/**
 * Recovers the shares of the true levels.
 *
 * @param confusion a row for each true level, a column for each level found; a row without counts is a
 *   level that does not occur.
 * @param scored how often each level was found.
 * @returns undefined where two levels are found so alike that they cannot be told apart.
 */
export function recoverShares(
  confusion: ConfusionCounts,
  scored: readonly [number, number, number],
): Shares | undefined {
  const rates = confusion.map((row) => {
    const sum = row[0] + row[1] + row[2];
    return sum === 0 ? undefined : row.map((count) => count / sum);
  });
  if (!areTellable(rates.filter((row) => row !== undefined))) return undefined;
  const sum = scored[0] + scored[1] + scored[2];
  const found = scored.map((count) => count / sum);
  const isSquare = rates.every((row) => row !== undefined);
  const inverse = isSquare ? solve(rates as number[][], found) : undefined;
  return inverse?.every((share) => share >= 0)
    ? (inverse as unknown as Shares)
    : maximise(rates, found);
}

function areTellable(rates: readonly number[][]): boolean {
  if (rates.length === 3) return Math.abs(determinant(rates)) >= LEAST_DETERMINANT;
  const [one, other] = rates;
  if (!one || !other) return true;
  return one.reduce((sum, rate, level) => sum + Math.abs(rate - other[level]!), 0) >= 0.05;
}

// Cramer's rule for the transposed rates: found[j] = sum over i of share[i] * rates[i][j].
function solve(rates: readonly number[][], found: readonly number[]): number[] {
  const whole = determinant(rates);
  return [0, 1, 2].map(
    (level) => determinant(rates.map((row, at) => (at === level ? found : row))) / whole,
  );
}

function determinant([a, b, c]: readonly (readonly number[])[]): number {
  return (
    a![0]! * (b![1]! * c![2]! - b![2]! * c![1]!) -
    a![1]! * (b![0]! * c![2]! - b![2]! * c![0]!) +
    a![2]! * (b![0]! * c![1]! - b![1]! * c![0]!)
  );
}

// Expectation-maximisation of a mixture with known components: shares stay shares at every step.
function maximise(rates: readonly (number[] | undefined)[], found: readonly number[]): Shares {
  const present = rates.filter((row) => row !== undefined).length;
  let shares = rates.map((row) => (row ? 1 / present : 0));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const expected = [0, 1, 2].map((level) =>
      rates.reduce((sum, row, at) => sum + (row ? shares[at]! * row[level]! : 0), 0),
    );
    const next = shares.map((share, at) =>
      found.reduce(
        (sum, observed, level) =>
          expected[level]
            ? sum + (share * (rates[at]?.[level] ?? 0) * observed) / expected[level]
            : sum,
        0,
      ),
    );
    const all = next[0]! + next[1]! + next[2]!;
    if (all === 0) break;
    for (let at = 0; at < 3; at++) next[at]! /= all;
    const change = Math.max(...next.map((share, at) => Math.abs(share - shares[at]!)));
    shares = next;
    if (change < CLOSE_ENOUGH) break;
  }
  return shares as unknown as Shares;
}
