// The studentised range: the range of k independent normal variables in units of their standard deviation (Tukey 1953),
// known or estimated. Known, with z the largest of them,
//   P(range > q) = k * integral of density(z) * [F(z)^(k-1) - (F(z) - F(z - q))^(k-1)] dz;
// estimated with df degrees of freedom, that is averaged at q s over s = sqrt(chi-square / df), taken in log s. Both by the
// trapezoid rule, whose error falls exponentially for such integrands. Checked against R's integrate
// to 1e-12, and against ptukey(q, k, Inf, lower.tail = FALSE), which itself is off by up to 2e-6 for large k.
import { findRoot } from "./find-root";
import { density, upperTail } from "./normal";

const STEP = 1 / 16;
/** The normal density is below 1e-18 from here. */
const END = 9;
/** Enough for an absolute precision of 1e-16, where the average over s takes the tail some forty times. */
const COARSE = { step: 1 / 4, from: -6.5, to: 8.5 };
/** The density of log s is left out where it is below this share of its highest value. */
const NEGLIGIBLE = 1e-17;

/**
 * Probability that the studentised range exceeds a value.
 *
 * @param q at least 0; a range of 0 or less is certainly exceeded.
 * @param count number of variables, 2 or more.
 * @param df degrees of freedom of the standard deviation, above 0; known (`Infinity`) by default.
 * @returns exact to about 1e-14, where a far tail keeps its relative precision; with `df` to about 1e-12.
 *
 * @example
 * rangeUpperTail(3.314493, 3).toFixed(5); // => "0.05000"
 */
export function rangeUpperTail(q: number, count: number, df = Number.POSITIVE_INFINITY): number {
  if (Number.isNaN(q) || Number.isNaN(df)) return Number.NaN;
  if (q <= 0) return 1;
  if (df <= LARGEST) return studentisedTail(q, count, df);
  return normalTail(q, count, { step: STEP, from: -END, to: END + q });
}

// From here the standard deviation is known to more digits than the result has.
const LARGEST = 1e12;

function normalTail(q: number, count: number, { step, from, to }: typeof COARSE): number {
  const steps = Math.ceil((to - from) / step);
  let sum = 0;
  for (let at = 0; at <= steps; at++) sum += exceedance(at * step + from, q, count);
  return Math.min(1, count * step * sum);
}

// The density of u = log s is proportional to exp(df (u - e^2u / 2)), with its mode at 0 and a spread of 1 / sqrt(2 df).
function studentisedTail(q: number, count: number, df: number): number {
  const width = Math.min(0.12, 0.5 / Math.sqrt(2 * df));
  const shareAt = (u: number) => Math.exp(df * (u - Math.expm1(2 * u) / 2));
  let [sum, total] = [0, 0];
  const add = (u: number): boolean => {
    const share = shareAt(u);
    const range = q * Math.exp(u);
    sum += share * (range > 4 * END ? 0 : normalTail(range, count, COARSE));
    total += share;
    return share > NEGLIGIBLE;
  };
  add(0);
  for (let step = 1; add(step * width); step++);
  for (let step = 1; add(-step * width); step++);
  return sum / total;
}

/**
 * The value that the studentised range exceeds with a probability.
 *
 * @param probability of the upper tail, between 0 and 1.
 * @param count number of variables, 2 or more.
 * @param df degrees of freedom of the standard deviation, above 0; known (`Infinity`) by default.
 *
 * @example
 * rangeQuantile(0.05, 3).toFixed(6); // => "3.314493"
 */
export function rangeQuantile(
  probability: number,
  count: number,
  df = Number.POSITIVE_INFINITY,
): number {
  if (Number.isNaN(df)) return Number.NaN;
  if (df <= LARGEST) return studentisedQuantile(probability, count, df);
  let low = 0;
  let high = 1;
  while (rangeUpperTail(high, count) > probability) [low, high] = [high, 2 * high];
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (rangeUpperTail(middle, count) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// By the logarithms of range and probability, between which the tail of few degrees of freedom is nearly straight.
function studentisedQuantile(probability: number, count: number, df: number): number {
  const excess = (u: number) => Math.log(rangeUpperTail(Math.exp(u), count, df) / probability);
  let high = 1;
  while (excess(high) > 0 && high < 700) high *= 2;
  if (excess(high) > 0) return Number.POSITIVE_INFINITY;
  let low = high;
  while (excess(low) < 0) low -= 2;
  return Math.exp(findRoot(excess, low, high, 1e-11));
}

// The difference of powers is taken by expm1, so that a small one keeps its digits.
function exceedance(z: number, q: number, count: number): number {
  const below = upperTail(-z);
  const outside = Math.min(1, upperTail(q - z) / below);
  const others = count - 1;
  return -density(z) * below ** others * Math.expm1(others * Math.log1p(-outside));
}
