// Efron 1987, Better Bootstrap Confidence Intervals, Journal of the American Statistical Association 82 (BCa): a percentile
// interval whose percentiles allow for the estimate's bias and for a standard error that changes with the truth.
import { upperQuantile, upperTail } from "../numerics/normal";

/** By how much percentiles are moved. */
interface BiasCorrection {
  /** Where the estimate lies among the resamples, as a normal quantile; 0 in the middle. */
  readonly bias: number;
  /** How fast the standard error changes; 0 where it does not. */
  readonly acceleration: number;
}

/** A statistic without some of the units, and how often units of that kind occur. */
export interface LeftOut {
  readonly value: number | null;
  readonly count: number;
}

/**
 * Measures bias and acceleration.
 *
 * @param draws the statistic of each resample; those that equal the estimate count half.
 * @param leftOut the statistic without each unit in turn.
 * @returns null where all resamples lie on one side of the estimate.
 */
export function correctionOf(
  draws: readonly number[],
  estimate: number,
  leftOut: readonly LeftOut[],
): BiasCorrection | null {
  const near = 1e-12 * Math.max(1, Math.abs(estimate));
  let below = 0;
  for (const draw of draws) {
    below += draw < estimate - near ? 1 : draw <= estimate + near ? 0.5 : 0;
  }
  if (below === 0 || below === draws.length) return null;
  return {
    bias: -upperQuantile(below / draws.length),
    acceleration: accelerationOf(leftOut),
  };
}

function accelerationOf(leftOut: readonly LeftOut[]): number {
  let [sum, units] = [0, 0];
  for (const { value, count } of leftOut) {
    if (value === null) continue;
    sum += count * value;
    units += count;
  }
  const mean = sum / units;
  let [squares, cubes] = [0, 0];
  for (const { value, count } of leftOut) {
    if (value === null) continue;
    squares += count * (mean - value) ** 2;
    cubes += count * (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/**
 * Gives the share of resamples below a limit.
 *
 * @param share below it where nothing is corrected, such as 0.025.
 */
export function correctedShare(share: number, { bias, acceleration }: BiasCorrection): number {
  const z = bias - upperQuantile(share);
  return upperTail(-(bias + z / (1 - acceleration * z)));
}
