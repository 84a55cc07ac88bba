// Hörmann 1993, The Generation of Binomial Random Variates, Journal of Statistical Computation and Simulation 46: BTRS.
import type { RandomGenerator } from "kit";
import { sumOf } from "../numerics/vectors";

/**
 * Draws a resample of units as the number of each kind in it: binomial numbers one after the other, so that its time is that
 * of the kinds, not of the units.
 *
 * @param counts number of units of each kind; their sum is the number that is drawn.
 * @param drawn takes the numbers.
 */
export function drawCounts(
  counts: Float64Array,
  drawn: Float64Array,
  random: RandomGenerator,
): void {
  let weight = sumOf(counts);
  let left = weight;
  for (let kind = 0; kind < counts.length; kind++) {
    const count = counts[kind] as number;
    const number = count >= weight ? left : drawBinomial(left, count / weight, random);
    drawn[kind] = number;
    left -= number;
    weight -= count;
  }
}

/** Draws the number of successes in `trials` of probability `p`. */
export function drawBinomial(trials: number, p: number, random: RandomGenerator): number {
  if (p > 0.5) return trials - drawBinomial(trials, 1 - p, random);
  return trials * p < 10 ? invert(trials, p, random) : reject(trials, p, random);
}

function invert(trials: number, p: number, random: RandomGenerator): number {
  let left = random.uniform();
  let share = (1 - p) ** trials;
  let successes = 0;
  while (left > share && successes < trials) {
    left -= share;
    successes++;
    share *= ((trials - successes + 1) / successes) * (p / (1 - p));
  }
  return successes;
}

function reject(trials: number, p: number, random: RandomGenerator): number {
  const deviation = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const odds = p / (1 - p);
  const mode = Math.floor((trials + 1) * p);
  const atMode =
    (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
    stirlingTail(mode) +
    stirlingTail(trials - mode);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + trials * p + 0.5);
    if (edge >= 0.07 && v <= 0.92 - 4.2 / b) return k;
    if (!(k >= 0 && k <= trials)) continue;
    const bound =
      atMode +
      (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
      (k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) -
      stirlingTail(k) -
      stirlingTail(trials - k);
    if (Math.log((v * alpha) / (a / edge ** 2 + b)) <= bound) return k;
  }
}

/** What Stirling's formula for log k! leaves out. */
function stirlingTail(k: number): number {
  if (k < 10) return TAILS[k] as number;
  const square = (k + 1) ** 2;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

const TAILS = Array.from({ length: 10 }, (_, k) => {
  let factorial = 0;
  for (let at = 2; at <= k; at++) factorial += Math.log(at);
  return factorial - HALF_LOG_2_PI - (k + 0.5) * Math.log(k + 1) + (k + 1);
});
