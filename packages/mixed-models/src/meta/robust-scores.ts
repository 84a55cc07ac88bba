// For each contrast c'b, what each cluster adds to it: a_j'e_j with a_j = A_j (W X)_j M c, M = (X'WX)^-1 and the
// residuals e. The variance is the sum of squares. With S = V + the random effects' part, cov(e) = S - X M X', so that
// A_j = D' (D (S_jj - X_j M X_j') D')^(-1/2) D, S_jj = D'D, makes cov(A_j e_j) = S_jj (CR2); the power is that of the
// pseudo-inverse. Degrees of freedom are tr(P)^2 / tr(PP) with P_jk = a_j' cov(e_j, e_k) a_k.
import { UserError } from "kit";
import { factorise } from "../numerics/cholesky";
import { eigenpairs } from "../numerics/eigenvectors";
import { rowOf } from "../numerics/matrices";
import { dot } from "../numerics/vectors";
import { applySymmetric, type Precision } from "./combination";
import { covarianceAt } from "./components";
import type { EffectsProblem } from "./meta-problem";
import { solveUpperTransposed } from "./orthonormal-basis";

/** The kind of adjustment for few clusters. */
export type RobustType = "CR0" | "CR1" | "CR2";

/** A contrast's estimate, and what each cluster adds to its variance. */
export interface ClusterScores {
  readonly estimate: number;
  /** One a cluster, in the unit of the effects; their squares sum to the variance. */
  readonly scores: Float64Array;
  readonly df: number;
  /** The contrast's variance under the working model, in squared units of the effects. */
  readonly modelVariance: number;
  /** Expected robust variance under the working model, as a share of that. */
  readonly share: number;
}

/** What a cluster-robust test is asked for. */
interface ClusterRequest {
  readonly type: RobustType;
  /** Rows of each cluster. */
  readonly sets: readonly (readonly number[])[];
  readonly clusters: readonly string[];
  /** Rows of weights of the coefficients. */
  readonly weights: readonly (readonly number[])[];
}

/** Computes the clusters' parts of every contrast. */
export function scoreClusters(
  precision: Precision,
  variances: Float64Array,
  { type, sets, clusters, weights }: ClusterRequest,
): ClusterScores[] {
  const { problem, marginal } = precision;
  requireNested(problem, clusters);
  const total = covarianceAt(problem, variances);
  const width = problem.names.length;
  const residuals = problem.y.map(
    (y, row) => y - dot(rowOf(problem.basis.q, row, width), marginal.beta),
  );
  const adjust = sets.map((set) => adjusterOf(precision, total, set, type));
  const factor = problem.unit * (type === "CR1" ? Math.sqrt(sets.length / (sets.length - 1)) : 1);
  return weights.map((row) => {
    const ofBasis = solveUpperTransposed(problem.basis, row);
    const carried = applySymmetric(marginal.covariance, ofBasis);
    const pulls = new Float64Array(problem.y.length);
    for (const [at, set] of sets.entries()) {
      const plain = set.map((i) => dot(rowOf(marginal.weightedBasis, i, width), carried));
      for (const [k, pull] of adjust[at]!(plain).entries()) pulls[set[k]!] = pull;
    }
    return {
      estimate: problem.unit * dot(ofBasis, marginal.beta),
      scores: Float64Array.from(
        sets,
        (set) => factor * set.reduce((sum, i) => sum + pulls[i]! * residuals[i]!, 0),
      ),
      modelVariance: problem.unit ** 2 * dot(ofBasis, carried),
      ...degreesAndShare(covarianceOfScores(precision, total, sets, pulls), dot(ofBasis, carried)),
    };
  });
}

function degreesAndShare(
  p: readonly Float64Array[],
  variance: number,
): { df: number; share: number } {
  const trace = p.reduce((sum, cells, at) => sum + cells[at]!, 0);
  const squares = p.reduce((sum, cells) => sum + dot(cells, cells), 0);
  return { df: trace ** 2 / squares, share: trace / variance };
}

function requireNested({ components }: EffectsProblem, clusters: readonly string[]): void {
  for (const { name, sets } of components) {
    for (const [first = 0, ...rest] of sets) {
      const other = rest.find((row) => clusters[row] !== clusters[first]);
      if (other === undefined) continue;
      throw new UserError(
        `effects ${first + 1} and ${other + 1} share a random effect of '${name}' but are in clusters '${clusters[first]}' and '${clusters[other]}'; choose clusters that hold whole groups`,
      );
    }
  }
}

type Adjuster = (pulls: readonly number[]) => readonly number[];

// Multiplication by A_j.
function adjusterOf(
  { problem, marginal }: Precision,
  total: Float64Array,
  set: readonly number[],
  type: RobustType,
): Adjuster {
  if (type !== "CR2") return (pulls) => pulls;
  const size = problem.y.length;
  const width = problem.names.length;
  const carried = set.map((i) =>
    applySymmetric(marginal.covariance, rowOf(problem.basis.q, i, width)),
  );
  const own = set.map((i) => set.map((j) => total[i * size + j]!));
  const left = own.map((cells, i) =>
    cells.map((cell, j) => cell - dot(carried[i]!, rowOf(problem.basis.q, set[j]!, width))),
  );
  const upper = upperFactor(own);
  const root = inverseRoot(sandwich(upper, left));
  const adjustment = sandwich(transpose(upper), root);
  return (pulls) => adjustment.map((row) => dot(row, pulls));
}

type Matrix = readonly (readonly number[])[];

// D with D'D = S.
function upperFactor(matrix: Matrix): number[][] {
  const order = matrix.length;
  const lower = Float64Array.from(matrix.flat());
  factorise(lower, order);
  return matrix.map((_, i) => matrix.map((_, j) => (j < i ? 0 : lower[j * order + i]!)));
}

function transpose(matrix: Matrix): number[][] {
  return matrix.map((_, i) => matrix.map((row) => row[i]!));
}

/** D A D' of a symmetric A. */
function sandwich(d: Matrix, a: Matrix): number[][] {
  const half = d.map((row) => a.map((column) => dot(row, column)));
  return half.map((row) => d.map((other) => dot(row, other)));
}

/** A smaller eigenvalue than this share of the largest is rounding: that direction has no variance. */
const NOTHING = 1e-12;

// The pseudo-inverse of a symmetric matrix's square root.
function inverseRoot(matrix: Matrix): number[][] {
  const pairs = eigenpairs(matrix);
  const least = Math.max(0, NOTHING * Math.max(...pairs.map(({ value }) => value)));
  const known = pairs
    .filter(({ value }) => value > least)
    .map(({ value, vector }) => ({ power: 1 / Math.sqrt(value), vector }));
  return matrix.map((_, i) =>
    matrix.map((_, j) =>
      known.reduce((sum, { power, vector }) => sum + power * vector[i]! * vector[j]!, 0),
    ),
  );
}

// P: the covariance of the clusters' parts under the working model, J x J.
function covarianceOfScores(
  { problem, marginal }: Precision,
  total: Float64Array,
  sets: readonly (readonly number[])[],
  pulls: Float64Array,
): Float64Array[] {
  const size = problem.y.length;
  const width = problem.names.length;
  const sums = sets.map((set) => {
    const sum = new Float64Array(width);
    for (const i of set) {
      for (let c = 0; c < width; c++) sum[c]! += pulls[i]! * problem.basis.q[i * width + c]!;
    }
    return sum;
  });
  return sets.map((set, at) => {
    const covariances = new Float64Array(size);
    for (const i of set) {
      for (let j = 0; j < size; j++) covariances[j]! += pulls[i]! * total[i * size + j]!;
    }
    const fitted = applySymmetric(marginal.covariance, sums[at]!);
    return Float64Array.from(sets, (other, to) => {
      const own = other.reduce((sum, j) => sum + covariances[j]! * pulls[j]!, 0);
      return own - dot(fitted, sums[to]!);
    });
  });
}
