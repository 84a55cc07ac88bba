import type { Minimum, Objective } from "./minimise";

/**
 * Fills a gradient by central differences.
 *
 * @param steps one step a parameter.
 * @returns the value.
 */
export function differentiate(
  value: (x: Float64Array) => number,
  x: Float64Array,
  steps: Float64Array,
  gradient: Float64Array,
): number {
  for (let parameter = 0; parameter < x.length; parameter++) {
    const step = steps[parameter]!;
    const moved = x.slice();
    moved[parameter] = x[parameter]! + step;
    const above = value(moved);
    moved[parameter] = x[parameter]! - step;
    gradient[parameter] = (above - value(moved)) / (2 * step);
  }
  return value(x);
}

/**
 * The Hessian at a minimum by differences of the gradient, made symmetric.
 *
 * @param both parameters that are moved to both sides; the others are moved to one.
 * @param scale the step, in standard errors as the search has learnt them.
 * @param most the largest of those errors that is believed.
 * @returns size x size, row-major.
 */
export function differenceHessian(
  objective: Objective,
  minimum: Minimum,
  both: ReadonlySet<number>,
  scale: number,
  most = Number.POSITIVE_INFINITY,
): Float64Array {
  const size = minimum.x.length;
  const hessian = new Float64Array(size * size);
  const above = new Float64Array(size);
  const below = new Float64Array(size);
  for (let parameter = 0; parameter < size; parameter++) {
    const learnt = Math.sqrt(2 * minimum.inverseHessian[parameter * size + parameter]!) || 1e-2;
    const standardError = Math.min(learnt, most);
    const isBoth = both.has(parameter);
    const step = standardError * (isBoth ? 10 * scale : scale);
    const moved = minimum.x.slice();
    moved[parameter]! += step;
    objective(moved, above);
    below.set(minimum.gradient);
    if (isBoth) {
      moved[parameter] = minimum.x[parameter]! - step;
      objective(moved, below);
    }
    const width = isBoth ? 2 * step : step;
    for (let other = 0; other < size; other++) {
      hessian[parameter * size + other] = (above[other]! - below[other]!) / width;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (hessian[i * size + j]! + hessian[j * size + i]!) / 2;
      hessian[i * size + j] = mean;
      hessian[j * size + i] = mean;
    }
  }
  return hessian;
}
