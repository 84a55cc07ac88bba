// What so many models a family could show: a seeded simulation of the test of stage 2.
import { createGenerator, type RandomGenerator } from "kit";
import { studentQuantile } from "mixed-models";

/** What the simulation is told, in the unit of the effects. */
export interface PowerOptions {
  /** Numbers of models a family. */
  readonly models: readonly number[];
  /** Standard deviation between models of each family: one family against people, or two. */
  readonly spreads: readonly number[];
  /** Standard error of one model's effect. */
  readonly se: number;
  /** 0.8 by default. */
  readonly power?: number;
  readonly replicates?: number;
  readonly seed?: number;
}

/** What so many models a family can show. */
export interface PowerRow {
  readonly models: number;
  /** The difference that is found, with a 95 % interval beyond zero, as often as was asked for. */
  readonly detectable: number;
}

/**
 * Finds the smallest difference that so many models a family show in four of five studies.
 *
 * Effects of models are normal, with the variance between models plus that of stage 1; the test is Welch's t, or the
 * one-sample t of one family's leads over people.
 *
 * @throws RangeError for fewer than two models.
 */
export function powerTable(options: PowerOptions): PowerRow[] {
  const { models, spreads, se, power = 0.8, replicates = 2000, seed = 7 } = options;
  return models.map((count, at) => {
    if (count < 2) throw new RangeError("powerTable: needs at least two models a family");
    const random = createGenerator(seed, at);
    const needed = Float64Array.from({ length: replicates }, () => {
      const means = spreads.map((spread) => drawMean(random, count, Math.hypot(spread, se)));
      return differenceNeeded(means, count);
    }).sort();
    return { models: count, detectable: needed[Math.ceil(power * replicates) - 1] as number };
  });
}

interface Mean {
  readonly mean: number;
  readonly variance: number;
}

// The mean of a family's models without a difference, and the variance of that mean as the sample has it.
function drawMean(random: RandomGenerator, count: number, sd: number): Mean {
  const values = Array.from({ length: count }, () => sd * random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (count - 1) / count };
}

// The true difference from which on the interval of this draw lies beyond zero.
function differenceNeeded(means: readonly Mean[], count: number): number {
  const variance = means.reduce((sum, one) => sum + one.variance, 0);
  const squares = means.reduce((sum, one) => sum + one.variance ** 2, 0);
  const df = ((count - 1) * variance ** 2) / squares;
  const [first, second] = means as [Mean, Mean | undefined];
  const noise = first.mean - (second?.mean ?? 0);
  return studentQuantile(0.025, df) * Math.sqrt(variance) - noise;
}
