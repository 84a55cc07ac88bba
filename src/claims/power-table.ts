// What the test of stage 2 can show: its standard errors and degrees of freedom are simulated, with a seed, from how far
// independent clusters differ. A table of detectable differences and the power of a verdict (power.ts) read the same draws.
import { createGenerator, type RandomGenerator } from "kit";
import { studentQuantile } from "mixed-models";

/** One family in a test: independent clusters, whose means differ by chance. */
export interface TestedSide {
  /** Number of clusters, two or more. */
  readonly count: number;
  /** Standard deviation of the clusters' means, errors of stage 1 included. */
  readonly sd: number;
}

/** What is tested: one family against people, or two against each other. */
export interface TestDesign {
  readonly sides: readonly TestedSide[];
  /** Variance of the error that all clusters share and the interval counts: people's. 0 by default. */
  readonly shared?: number;
  readonly replicates?: number;
  readonly seed?: number;
  /** Of the generator, so that several designs of one seed have draws of their own. */
  readonly stream?: number;
}

/** One simulated test without a true difference. */
export interface DrawnTest {
  /** Its estimate, but for the shared error. */
  readonly noise: number;
  readonly se: number;
  /** Satterthwaite's, and never more than the clusters less the families. */
  readonly df: number;
}

/**
 * Draws tests: Welch's t, or the one-sample t of one family's leads over people, with the shared error's variance added.
 *
 * @throws RangeError for a side with fewer than two clusters.
 */
export function drawTests(design: TestDesign): DrawnTest[] {
  const { sides, shared = 0, replicates = 2000, seed = 7, stream = 0 } = design;
  if (sides.some(({ count }) => count < 2)) {
    throw new RangeError("drawTests: needs at least two clusters a side");
  }
  const random = createGenerator(seed, stream);
  // Welch's degrees of freedom never exceed this; with an error that is known they would.
  const most = sides.reduce((sum, { count }) => sum + count - 1, 0);
  const [{ count: clusters }] = sides as [TestedSide];
  return Array.from({ length: replicates }, () => {
    const means = sides.map(({ count, sd }) => drawMean(random, count, sd));
    const variance = means.reduce((sum, one) => sum + one.variance, 0);
    const squares = means.reduce((sum, one, at) => {
      const { count } = sides[at] as TestedSide;
      return sum + one.variance ** 2 * ((clusters - 1) / (count - 1));
    }, 0);
    const df = ((clusters - 1) * (variance + shared) ** 2) / squares;
    const [first, second] = means as [Mean, Mean | undefined];
    return {
      noise: first.mean - (second?.mean ?? 0),
      se: Math.sqrt(variance + shared),
      df: shared === 0 ? df : Math.min(most, df),
    };
  });
}

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
 * Effects of models are normal and independent, with the variance between models plus that of stage 1.
 *
 * @throws RangeError for fewer than two models.
 */
export function powerTable(options: PowerOptions): PowerRow[] {
  const { models, spreads, se, power = 0.8, replicates = 2000, seed = 7 } = options;
  return models.map((count, stream) => {
    if (count < 2) throw new RangeError("powerTable: needs at least two models a family");
    const sides = spreads.map((spread) => ({ count, sd: Math.hypot(spread, se) }));
    const needed = Float64Array.from(
      drawTests({ sides, replicates, seed, stream }),
      ({ noise, se: found, df }) => studentQuantile(0.025, df) * found - noise,
    ).sort();
    return { models: count, detectable: needed[Math.ceil(power * replicates) - 1] as number };
  });
}

interface Mean {
  readonly mean: number;
  readonly variance: number;
}

// The mean of a family's clusters without a difference, and the variance of that mean as the sample has it.
function drawMean(random: RandomGenerator, count: number, sd: number): Mean {
  const values = Array.from({ length: count }, () => sd * random.normal());
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (count - 1) / count };
}
