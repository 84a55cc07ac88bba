// The range of k independent standard normal variables: the studentised range with infinite degrees of
// freedom (Tukey 1953). With z the largest of them,
//   P(range > q) = k * integral of density(z) * [F(z)^(k-1) - (F(z) - F(z - q))^(k-1)] dz,
// by the trapezoid rule, whose error falls exponentially for such an integrand. Checked against R's integrate
// to 1e-12, and against ptukey(q, k, Inf, lower.tail = FALSE), which itself is off by up to 2e-6 for large k.
import { density, upperTail } from "./normal";

const STEP = 1 / 16;
/** The normal density is below 1e-18 from here. */
const END = 9;

/**
 * Probability that the range of independent standard normal variables exceeds a value.
 *
 * @param q at least 0; a range of 0 or less is certainly exceeded.
 * @param count number of variables, 2 or more.
 * @returns exact to about 1e-14; a far tail keeps its relative precision.
 *
 * @example
 * rangeUpperTail(3.314493, 3).toFixed(5); // => "0.05000"
 */
export function rangeUpperTail(q: number, count: number): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q <= 0) return 1;
  const steps = Math.ceil((2 * END + q) / STEP);
  let sum = 0;
  for (let step = 0; step <= steps; step++) sum += exceedance(step * STEP - END, q, count);
  return Math.min(1, count * STEP * sum);
}

/**
 * The value that the range of independent standard normal variables exceeds with a probability.
 *
 * @param probability of the upper tail, between 0 and 1.
 * @param count number of variables, 2 or more.
 *
 * @example
 * rangeQuantile(0.05, 3).toFixed(6); // => "3.314493"
 */
export function rangeQuantile(probability: number, count: number): number {
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

// The difference of powers is taken by expm1, so that a small one keeps its digits.
function exceedance(z: number, q: number, count: number): number {
  const below = upperTail(-z);
  const outside = Math.min(1, upperTail(q - z) / below);
  const others = count - 1;
  return -density(z) * below ** others * Math.expm1(others * Math.log1p(-outside));
}
