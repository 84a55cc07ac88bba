// Draws and tests a share of a power simulation's studies; started by power.ts.
import { createGenerator } from "kit";
import { estimate, NoFiniteLikelihood } from "../fit/estimate";
import type { Parameters } from "../fit/fit-context";
import type { EstimateOptions } from "../fit/optimum";
import { chiSquareTail } from "../numerics/chi-square";
import { lastDiagonal } from "../numerics/matrices";
import { NoValue } from "../numerics/minimise";
import { twoSided } from "../numerics/normal";
import type { Patterns } from "../numerics/patterns";
import { studentTwoSided } from "../numerics/student-t";
import { unitVector } from "../numerics/vectors";
import { collapseRows } from "../objective/collapse";
import type { ModelData } from "../objective/model-data";
import { degreesOf } from "./satterthwaite";
import { simulateResponse } from "./simulate";
import { answerThread } from "./thread-share";

/** How one study is tested. */
export type StudyTest =
  /** A coefficient by its place in beta, by t with Satterthwaite's degrees of freedom or by z. */
  | { readonly kind: "coefficient"; readonly at: number; readonly isStudent: boolean }
  /** A term by the likelihood ratio to the model without its columns. */
  | {
      readonly kind: "term";
      readonly fixed: Patterns;
      readonly fixedColumns: number;
      readonly df: number;
    };

/** What a worker is given. */
export interface PowerTask {
  readonly data: ModelData;
  readonly parameters: Parameters;
  readonly options: EstimateOptions;
  readonly test: StudyTest;
  readonly seed: number;
}

/** One simulated study: its p-value and, of a coefficient, the estimate; or why it has none. */
export type SimulatedStudy =
  | { readonly p: number; readonly estimate: number | null }
  | { readonly failure: string };

/**
 * Draws one study and tests it. One whose model cannot be fitted is counted, not hidden; any other error is thrown.
 *
 * The search begins where that of any other data would, so that it ends where `fitMixed` would.
 */
function simulateStudy(task: PowerTask, index: number): SimulatedStudy {
  const { data, parameters, test, seed } = task;
  const y = simulateResponse(data, parameters, createGenerator(seed, index));
  const unfit = findUnfit(data, y);
  if (unfit !== undefined) return { failure: unfit };
  try {
    const drawn = { ...data, y };
    return test.kind === "term" ? testTerm(task, test, drawn) : testCoefficient(task, test, drawn);
  } catch (error) {
    if (error instanceof NoFiniteLikelihood) return { failure: "no finite likelihood" };
    if (error instanceof NoValue) return { failure: "no degrees of freedom" };
    throw error;
  }
}

function findUnfit({ family, scale, weights }: ModelData, y: Float64Array): string | undefined {
  if (scale && new Set(y).size < scale.grades) return "a grade did not occur";
  if (family !== "binomial") return undefined;
  const isAlike =
    y.every((value) => value === 0) || y.every((value, row) => value === weights[row]);
  return isAlike ? "all responses were alike" : undefined;
}

const NOT_CONVERGED = { failure: "the search did not converge" } as const;

function testTerm(
  { options }: PowerTask,
  { fixed, fixedColumns, df }: StudyTest & { kind: "term" },
  data: ModelData,
): SimulatedStudy {
  const settings = { ...options, errors: false };
  const larger = estimate(collapseRows(data), settings);
  const smaller = estimate(collapseRows({ ...data, fixed, fixedColumns }), settings);
  if (!larger.converged || !smaller.converged) return NOT_CONVERGED;
  const chiSquare = Math.max(0, smaller.minusTwoLogLik - larger.minusTwoLogLik);
  return { p: chiSquareTail(chiSquare, df), estimate: null };
}

function testCoefficient(
  { options }: PowerTask,
  { at, isStudent }: StudyTest & { kind: "coefficient" },
  data: ModelData,
): SimulatedStudy {
  const found = estimate(collapseRows(data), options);
  if (!found.converged) return NOT_CONVERGED;
  const { beta, covariance, standard } = found;
  const value = beta[at]!;
  const z = value / Math.sqrt(lastDiagonal(covariance, beta.length)[at]!);
  if (!Number.isFinite(z)) return { failure: "no standard error" };
  if (!isStudent) return { p: twoSided(z), estimate: value };
  const model = { data, start: standard, estimateOptions: options, covariance, nobs: data.rows };
  const df = degreesOf(model).of(unitVector(data.fixedColumns, at));
  return { p: studentTwoSided(z, df), estimate: value };
}

answerThread(simulateStudy);
