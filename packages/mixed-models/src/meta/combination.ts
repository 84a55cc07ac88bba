// Combinations of the coefficients: variance and degrees of freedom. Satterthwaite's are 2 var^2 / Var(var), with
// Var(var) from the expected restricted information of the variances by the delta method (Fai and Cornelius 1996,
// doi.org/10.1080/00949659608811740, also for several combinations at once).
import { factorise, invertFactored } from "../numerics/cholesky";
import { rowOf } from "../numerics/matrices";
import { dot, unitVector } from "../numerics/vectors";
import { derivatives, type Marginal } from "./marginal";
import type { MetaInterval, MetaMethod } from "./meta-data";
import type { EffectsProblem } from "./meta-problem";
import { residualDf } from "./moments";
import { solveUpperTransposed } from "./orthonormal-basis";

/** What the variance of a combination is made from. */
export interface Precision {
  readonly problem: EffectsProblem;
  readonly marginal: Marginal;
  readonly interval: MetaInterval;
  /** What variances are multiplied by. */
  readonly scale: number;
  /** Covariance of the variance estimates, groups x groups; null where they are taken as known. */
  readonly varianceCovariance: Float64Array | null;
}

/** Gathers what the variance of a combination is made from. */
export function precisionOf(
  problem: EffectsProblem,
  marginal: Marginal,
  settings: {
    readonly interval: MetaInterval;
    readonly method: MetaMethod;
    readonly scale: number;
  },
): Precision {
  const { interval, method, scale } = settings;
  const needed = interval === "satterthwaite" && method !== "FE";
  const varianceCovariance = needed ? inverseInformation(problem, marginal) : null;
  return { problem, marginal, interval, scale, varianceCovariance };
}

function inverseInformation(problem: EffectsProblem, marginal: Marginal): Float64Array {
  const { expected } = derivatives(problem, marginal, "REML");
  const count = problem.components.length;
  factorise(expected, count);
  return invertFactored(expected, count);
}

/** A combination's estimate and variance in the unit of the effects, and its degrees of freedom. */
export interface Combination {
  readonly estimate: number;
  readonly variance: number;
  readonly df: number;
}

/** Computes a combination of the coefficients, of p weights. */
export function combine(precision: Precision, weights: ArrayLike<number>): Combination {
  const { problem, marginal, scale } = precision;
  const ofBasis = solveUpperTransposed(problem.basis, weights);
  const carried = applySymmetric(marginal.covariance, ofBasis);
  const variance = dot(ofBasis, carried);
  return {
    estimate: problem.unit * dot(ofBasis, marginal.beta),
    variance: scale * variance * problem.unit ** 2,
    df: degreesOfFreedom(precision, variance, carried),
  };
}

/** How much each effect weighs in a combination of the coefficients, given the variances. */
export function effectWeights(
  { problem, marginal }: Precision,
  weights: readonly number[],
): number[] {
  const carried = applySymmetric(marginal.covariance, solveUpperTransposed(problem.basis, weights));
  return Array.from(problem.y, (_, row) => effectWeight(marginal, carried, row));
}

function effectWeight(marginal: Marginal, carried: Float64Array, row: number): number {
  const start = row * carried.length;
  return dot(marginal.weightedBasis.subarray(start, start + carried.length), carried);
}

/** The coefficients' covariance in the unit of the effects, p x p. */
export function covarianceOf({ problem, marginal, scale }: Precision): number[][] {
  const size = problem.names.length;
  const units = problem.names.map((_, at) =>
    solveUpperTransposed(problem.basis, unitVector(size, at)),
  );
  return units.map((a) => {
    const carried = applySymmetric(marginal.covariance, a);
    return units.map((b) => scale * dot(b, carried) * problem.unit ** 2);
  });
}

// Welch's degrees of freedom are never below those of the smaller group; the delta method's can be, down to nothing.
const FEWEST_DF = 1;

function degreesOfFreedom(precision: Precision, variance: number, carried: Float64Array): number {
  const { problem, interval, varianceCovariance } = precision;
  if (interval === "z") return Number.POSITIVE_INFINITY;
  const most = residualDf(problem);
  if (interval !== "satterthwaite" || !varianceCovariance || variance === 0) return most;
  const slope = varianceSlope(precision, carried);
  const varianceOfVariance = dot(slope, applySymmetric(varianceCovariance, slope));
  return Math.min(most, Math.max(FEWEST_DF, (2 * variance ** 2) / varianceOfVariance));
}

// The derivative of c'(X'WX)^-1 c by a variance: for each set that shares a random effect, the square of the weight that
// its effects have together in c'b.
function varianceSlope({ problem, marginal }: Precision, carried: Float64Array): Float64Array {
  return Float64Array.from(problem.components, ({ sets }) =>
    sets.reduce((total, set) => {
      const weight = set.reduce((sum, row) => sum + effectWeight(marginal, carried, row), 0);
      return total + weight ** 2;
    }, 0),
  );
}

/** The product of a symmetric matrix and a vector. */
export function applySymmetric(matrix: Float64Array, vector: ArrayLike<number>): Float64Array {
  const size = vector.length;
  return Float64Array.from({ length: size }, (_, i) => dot(rowOf(matrix, i, size), vector));
}
