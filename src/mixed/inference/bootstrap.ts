// The parametric bootstrap: Davison and Hinkley 1997, chapter 4; percentile intervals.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { UserError } from "../../user-error";
import { contextOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import type { BootstrapJob, Replicate } from "./bootstrap-worker";

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

/** A bootstrap of a fit. */
export interface Bootstrap {
  /** Coefficients of each replicate that converged, by name. */
  readonly coefficients: readonly {
    readonly name: string;
    readonly estimate: number;
    /** Standard deviation over the replicates. */
    readonly se: number;
    readonly lower: number;
    readonly upper: number;
    readonly values: readonly number[];
  }[];
  readonly replicates: number;
  /** Replicates whose search did not converge, or found no finite likelihood; they are left out. */
  readonly failed: number;
}

/**
 * Simulates data from a fit and refits them, on several threads.
 *
 * The same seed gives the same replicates, however many threads there are.
 *
 * @throws UserError where fewer than two replicates are asked for.
 */
export async function bootstrapFit(fit: MixedFit, options: BootstrapOptions): Promise<Bootstrap> {
  const { replicates, seed, workers = 2, level = 0.95, onProgress } = options;
  if (!Number.isInteger(replicates) || replicates < 2) {
    throw new UserError(`a bootstrap needs two replicates or more; it is asked for ${replicates}`);
  }
  const { data, start, parameters, estimateOptions } = contextOf(fit);
  const results: (Replicate | undefined)[] = new Array(replicates);
  let done = 0;
  const runWorker = (first: number) => {
    const job: BootstrapJob = {
      ...{ data, start, parameters, options: estimateOptions, seed },
      ...{ first, stride: workers, count: replicates },
    };
    return new Promise<void>((resolve, reject) => {
      const worker = new Worker(join(__dirname, "bootstrap-worker.js"), { workerData: job });
      worker.on("message", (replicate: Replicate) => {
        results[replicate.index] = replicate;
        onProgress?.(++done, replicates);
      });
      worker.once("error", reject);
      worker.once("exit", (code) => {
        if (code === 0) resolve();
        else reject(new Error(`a bootstrap thread ended with status ${code}`));
      });
    });
  };
  await Promise.all(
    Array.from({ length: Math.min(workers, replicates) }, (_, at) => runWorker(at)),
  );
  const good = (results as Replicate[]).filter(({ converged }) => converged);
  const coefficients = fit.coefficients.map(({ name, estimate }, at) => {
    const values = good.map(({ beta }) => beta[at]!);
    return { name, estimate, ...summarize(values, level), values };
  });
  return { coefficients, replicates, failed: replicates - good.length };
}

function summarize(values: readonly number[], level: number) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sorted = [...values].sort((left, right) => left - right);
  return {
    se: Math.sqrt(squares / (values.length - 1)),
    lower: quantile(sorted, (1 - level) / 2),
    upper: quantile(sorted, (1 + level) / 2),
  };
}

// Linear between order statistics, as R's type 7.
function quantile(sorted: readonly number[], probability: number): number {
  const place = probability * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}
