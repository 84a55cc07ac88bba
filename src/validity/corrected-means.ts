// A system's mean level, corrected for the errors of the scorer that gave the levels, from counts alone.
//
// With reference levels for some of the system's own replies: Angelopoulos et al. 2023, Prediction-powered
// inference, Science 382, the case of the mean. Without: Rogan and Gladen 1978, Estimating prevalence from
// the results of a screening test, Am J Epidemiol 107, for three levels. Both are checked against worked
// examples and against simulations of known truth.

import { createGenerator, type RandomGenerator } from "kit";
import type { ConfusionCounts } from "./confusion-counts";
import { Z95 } from "./mean-error";

/** How many replies a scorer gave level 0, 1 and 2. */
export type LevelCounts = readonly [number, number, number];

/** A mean level with its 95 % interval. */
export interface CorrectedMean {
  /** Between 0 and 2, but for a prediction-powered mean of few replies, which may lie just outside. */
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  /** The plain mean of the scorer's own levels, for comparison. */
  readonly plain: number;
}

/** How the interval of `misclassificationCorrectedMean` is drawn. */
export interface CorrectionOptions {
  /** Number of bootstrap samples; 2,000 by default. */
  readonly resamples?: number;
  /** Of the random generator; 1 by default. */
  readonly seed?: number;
}

/**
 * Gives the prediction-powered mean of the reference level: the scorer's mean on the replies without a
 * reference level, plus the scorer's mean error on those with one.
 *
 * mean = mean(f) + mean(y - f), variance = var(f) / N + var(y - f) / n. The interval is a normal one. It
 * holds where the labelled replies are a random part of the system's, whatever the scorer's errors are.
 *
 * @param labelled replies with both levels: a row for each reference level, a column for each of the
 *   scorer's. At least two replies.
 * @param unlabelled the scorer's levels of the other replies; all 0 where every reply is labelled, and then
 *   the mean is the reference levels' own.
 * @throws RangeError if a count is negative or not whole, or fewer than two replies are labelled.
 * @example
 * const labelled = [[40, 10, 0], [0, 30, 0], [0, 10, 10]];
 * const { mean, plain } = predictionPoweredMean(labelled, [400, 400, 200]);
 * mean.toFixed(2); // => "0.80"
 * plain.toFixed(2); // => "0.79"
 */
export function predictionPoweredMean(
  labelled: ConfusionCounts,
  unlabelled: LevelCounts,
): CorrectedMean {
  const cells = labelled.flatMap((row, truth) =>
    row.map((count, level) => ({ count, truth, level })),
  );
  checkCounts([...cells.map(({ count }) => count), ...unlabelled], "predictionPoweredMean");
  const pairs = total(cells.map(({ count }) => count));
  if (pairs < 2) throw new RangeError("predictionPoweredMean: needs two labelled replies at least");
  const others = total(unlabelled);
  const levels = [0, 1, 2].map((level) => ({ count: unlabelled[level]!, value: level }));
  const own = cells.map(({ count, level }) => ({ count, value: level }));
  const plain = moments([...levels, ...own]).mean;
  if (others === 0) {
    const truth = moments(cells.map(({ count, truth: value }) => ({ count, value })));
    return { plain, ...interval(truth.mean, truth.variance / pairs) };
  }
  const found = moments(levels);
  const error = moments(cells.map(({ count, truth, level }) => ({ count, value: truth - level })));
  const variance = found.variance / others + error.variance / pairs;
  return { plain, ...interval(found.mean + error.mean, variance) };
}

/**
 * Gives the mean level of replies none of which has a reference level, by undoing the scorer's errors as
 * they were counted elsewhere.
 *
 * The shares of the true levels are those that, put through the error rates, give the shares that the
 * scorer found: the inverse of the confusion matrix where that gives shares, and otherwise the shares
 * nearest in likelihood. A level that is never true in `confusion` is taken not to occur. The interval
 * is a percentile bootstrap over both sets of replies.
 *
 * It assumes that the scorer errs on these replies as it did on those of `confusion`, given the true
 * level. Nothing in the counts can show whether it does; from people's replies to a language model's it does
 * not (docs/scoring.md has the figures).
 *
 * @param confusion counts from other replies: a row for each true level, a column for each of the scorer's.
 * @param scored the scorer's levels of the replies in question.
 * @returns the mean, or why there is none: the errors may be such that levels cannot be told apart.
 * @throws RangeError if a count is negative or not whole, or either side has no replies.
 * @example
 * const confusion = [[90, 10, 0], [10, 80, 10], [0, 20, 80]];
 * const corrected = misclassificationCorrectedMean(confusion, [480, 330, 190]);
 * corrected.mean.toFixed(3); // => "0.700"
 */
export function misclassificationCorrectedMean(
  confusion: ConfusionCounts,
  scored: LevelCounts,
  { resamples = 2000, seed = 1 }: CorrectionOptions = {},
): CorrectedMean | { readonly missing: string } {
  const cells = confusion.flat();
  checkCounts([...cells, ...scored], "misclassificationCorrectedMean");
  if (total(cells) === 0 || total(scored) === 0) {
    throw new RangeError("misclassificationCorrectedMean: needs replies on both sides");
  }
  const shares = recoverShares(confusion, scored);
  if (!shares) return { missing: "the scorer's errors leave levels that cannot be told apart" };
  const random = createGenerator(seed);
  const means: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const drawn = drawCounts(cells, random);
    const rows = [drawn.slice(0, 3), drawn.slice(3, 6), drawn.slice(6)];
    const again = recoverShares(
      rows as unknown as ConfusionCounts,
      drawCounts(scored, random) as unknown as LevelCounts,
    );
    if (again) means.push(again[1] + 2 * again[2]);
  }
  if (means.length < resamples / 2) {
    return { missing: "most bootstrap samples leave levels that cannot be told apart" };
  }
  means.sort((one, other) => one - other);
  return {
    mean: shares[1] + 2 * shares[2],
    lower: means[Math.floor(0.025 * means.length)]!,
    upper: means[Math.ceil(0.975 * means.length) - 1]!,
    plain: (scored[1] + 2 * scored[2]) / total(scored),
  };
}

function drawCounts(counts: readonly number[], random: RandomGenerator): number[] {
  const sums: number[] = [];
  let sum = 0;
  for (const count of counts) {
    sum += count;
    sums.push(sum);
  }
  const drawn = counts.map(() => 0);
  for (let reply = 0; reply < sum; reply++) {
    const point = random.uniform() * sum;
    let cell = 0;
    while (sums[cell]! <= point) cell++;
    drawn[cell]!++;
  }
  return drawn;
}

function moments(values: readonly { readonly count: number; readonly value: number }[]) {
  const count = total(values.map((one) => one.count));
  const mean = values.reduce((sum, one) => sum + one.count * one.value, 0) / count;
  const squares = values.reduce((sum, one) => sum + one.count * (one.value - mean) ** 2, 0);
  return { mean, variance: squares / count };
}

function interval(mean: number, variance: number) {
  const half = Z95 * Math.sqrt(variance);
  return { mean, lower: mean - half, upper: mean + half };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function checkCounts(counts: readonly number[], name: string): void {
  const odd = counts.find((count) => !(Number.isInteger(count) && count >= 0));
  if (odd !== undefined) throw new RangeError(`${name}: ${odd} is not a valid count of replies`);
}

// The shares of the true levels behind the levels that a scorer found, given how often it takes which level
// for which: Rogan and Gladen's inverse, and where that leaves the shares' range the maximum of the likelihood.

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
 * @returns undefined if two levels are found so alike that they cannot be told apart.
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
