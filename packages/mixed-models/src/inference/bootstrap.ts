// The parametric bootstrap: Davison and Hinkley 1997, chapter 4; percentile intervals.
import { join } from "node:path";
import { UserError } from "kit";
import { contextOf } from "../fit/fit-context";
import type { Coefficient, MixedFit } from "../fit/result";
import { quantileOfSorted } from "../numerics/quantile";
import { meanOf, unitVector } from "../numerics/vectors";
import { distancesOf, type GradeScale } from "../objective/grade-scale";
import type { NominalColumns } from "../objective/model-data";
import type { BootstrapTask, Replicate } from "./bootstrap-worker";
import { checkLevelOfLimits } from "./marginal-means";
import { refuseWeighted } from "./simulate";
import { checkWorkers, runThreads } from "./threads";

/** How a bootstrap is run. */
export interface BootstrapOptions {
  /** Number of simulated data sets. */
  readonly replicates: number;
  readonly seed: number;
  /** Number of threads; 2 by default. The result does not depend on it. */
  readonly workers?: number;
  /** Coverage of the intervals; 0.95 by default. */
  readonly level?: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** One parameter over the replicates that converged. */
export interface BootstrapCoefficient {
  readonly name: string;
  readonly estimate: number;
  /** Standard deviation over the replicates. */
  readonly se: number;
  readonly lower: number;
  readonly upper: number;
  readonly values: readonly number[];
}

/** A bootstrap of a fit. */
export interface Bootstrap {
  readonly coefficients: readonly BootstrapCoefficient[];
  /** For the cumulative family only. */
  readonly thresholds?: readonly BootstrapCoefficient[];
  /** Effects of nominal columns at each threshold, as a fit's `ordinal.nominal.effects`. */
  readonly nominal?: readonly BootstrapCoefficient[];
  readonly replicates: number;
  /** Replicates whose search did not converge, found no finite likelihood, or that lack a grade, also at a level of a nominal factor; they are left out. */
  readonly failed: number;
}

/**
 * Simulates data from a fit and refits them, on several threads.
 *
 * The same seed gives the same replicates, however many threads there are.
 *
 * @throws UserError if fewer than two replicates are asked for, or for a cumulative fit with prior weights.
 */
export async function bootstrapFit(fit: MixedFit, options: BootstrapOptions): Promise<Bootstrap> {
  const { replicates, seed, workers = 2, level = 0.95, onProgress } = options;
  if (!Number.isInteger(replicates) || replicates < 2) {
    throw new UserError(`a bootstrap needs at least two replicates; ${replicates} asked for`);
  }
  checkWorkers(workers);
  checkLevelOfLimits(level);
  const { data, start, parameters, estimateOptions } = contextOf(fit);
  refuseWeighted(data);
  const task: BootstrapTask = { data, start, parameters, options: estimateOptions, seed };
  const script = join(__dirname, "bootstrap-worker.js");
  const results = await runThreads<Replicate>(script, task, {
    count: replicates,
    workers,
    onProgress,
  });
  const good = results.filter(({ converged }) => converged);
  const gather = (all: readonly Coefficient[], pick: (one: Replicate, at: number) => number) =>
    all.map(({ name, estimate }, at) => {
      const values = good.map((one) => pick(one, at));
      return { name, estimate, ...summarize(values, level), values };
    });
  const failed = replicates - good.length;
  const { scale } = data;
  const nominal = fit.ordinal?.nominal;
  if (!fit.ordinal || !scale) {
    return {
      coefficients: gather(fit.coefficients, ({ beta }, at) => beta[at]!),
      replicates,
      failed,
    };
  }
  return {
    coefficients: gather(fit.coefficients, ({ beta }, at) => beta[at + 1]!),
    thresholds: gather(fit.ordinal.thresholds, ({ beta, thresholdParameters }, at) => {
      return distancesOf(scale, thresholdParameters)[at]! - beta[0]!;
    }),
    ...(nominal
      ? { nominal: gather(nominal.effects, (one, at) => effectAt(scale, data.nominal!, one, at)) }
      : {}),
    replicates,
    failed,
  };
}

// What a unit of a nominal column adds at one threshold: its coefficient, less how far the threshold moves.
function effectAt(
  scale: GradeScale,
  { places }: NominalColumns,
  { beta, thresholdParameters }: Replicate,
  at: number,
): number {
  const [column, cut] = [Math.floor(at / (scale.grades - 1)), at % (scale.grades - 1)];
  const moved =
    distancesOf(scale, thresholdParameters, unitVector(places.length, column))[cut]! -
    distancesOf(scale, thresholdParameters)[cut]!;
  return beta[places[column]!]! - moved;
}

function summarize(values: readonly number[], level: number) {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sorted = [...values].sort((left, right) => left - right);
  return {
    se: Math.sqrt(squares / (values.length - 1)),
    lower: quantileOfSorted(sorted, (1 - level) / 2),
    upper: quantileOfSorted(sorted, (1 + level) / 2),
  };
}
