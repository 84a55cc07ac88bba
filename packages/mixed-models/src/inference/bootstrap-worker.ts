// Refits a share of a bootstrap's replicates; started by bootstrap.ts.
import { createGenerator } from "kit";
import { estimate, NoFiniteLikelihood } from "../fit/estimate";
import type { Parameters } from "../fit/fit-context";
import type { EstimateOptions, StartPoint } from "../fit/optimum";
import { collapseRows } from "../objective/collapse";
import type { ModelData } from "../objective/model-data";
import { hasEmptyCell } from "../objective/nominal-columns";
import { simulateResponse } from "./simulate";
import { answerThread } from "./thread-share";

/** What a worker is given. */
export interface BootstrapTask {
  readonly data: ModelData;
  readonly start: StartPoint;
  readonly parameters: Parameters;
  readonly options: EstimateOptions;
  readonly seed: number;
}

/** What a worker says of one replicate. */
export interface Replicate {
  readonly beta: readonly number[];
  readonly thresholdParameters: readonly number[];
  readonly theta: readonly number[];
  readonly sigma: number;
  readonly converged: boolean;
}

const FAILED: Replicate = {
  beta: [],
  thresholdParameters: [],
  theta: [],
  sigma: Number.NaN,
  converged: false,
};

/**
 * Refits one replicate. One whose likelihood has no finite value, or that lacks a grade, or one at a level of a nominal factor, is counted, not hidden; any
 * other error is thrown.
 */
export function refitReplicate(task: BootstrapTask, index: number): Replicate {
  const { data, start, parameters, options, seed } = task;
  const y = simulateResponse(data, parameters, createGenerator(seed, index));
  if (data.scale && new Set(y).size < data.scale.grades) return FAILED;
  if (hasEmptyCell({ ...data, y })) return FAILED;
  const collapsed = collapseRows({ ...data, y });
  try {
    const found = estimate(collapsed, { ...options, start, errors: false });
    const { beta, thresholdParameters, theta, sigma, converged } = found;
    return {
      beta: [...beta],
      thresholdParameters: [...thresholdParameters],
      theta: [...theta],
      sigma,
      converged,
    };
  } catch (error) {
    if (!(error instanceof NoFiniteLikelihood)) throw error;
    return FAILED;
  }
}

answerThread(refitReplicate);
