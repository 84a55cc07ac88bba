// The model y ~ normal(X b, V + the components' parts) at given variances: estimates by generalised least
// squares and both likelihoods with their derivatives (Searle, Casella and McCulloch 1992, sections 6.4 and 6.6). With
// W the inverse covariance and P = W - W X (X'WX)^-1 X'W, the residuals weigh in as P y.
import { factorise, invertFactored, logDeterminant } from "../numerics/cholesky";
import { matrixProduct, takeBlock } from "../numerics/matrices";
import { NoValue } from "../numerics/minimise";
import { dot } from "../numerics/vectors";
import { covarianceAt, sumByComponent, sumOverSets } from "./components";
import type { EffectsProblem } from "./meta-problem";

/** Whose likelihood: restricted or full. */
export type Criterion = "REML" | "ML";

/** The model at given variances, in the problem's unit and basis. */
export interface Marginal {
  /** k x k inverse covariance W, row-major. */
  readonly weight: Float64Array;
  /** k x p, W Q. */
  readonly weightedBasis: Float64Array;
  /** p coefficients of the basis, and their covariance (p x p). */
  readonly beta: Float64Array;
  readonly covariance: Float64Array;
  /** k values of P y. */
  readonly projected: Float64Array;
  /** y'Py: the weighted squares of the residuals. */
  readonly squares: number;
  readonly logDeterminant: number;
  readonly logDeterminantBasis: number;
}

/**
 * Computes the model at given variances.
 *
 * @param tau2 one a group, in squared units of the problem.
 * @throws NoValue if the covariance has no inverse in floating point numbers.
 */
export function marginalAt(problem: EffectsProblem, tau2: ArrayLike<number>): Marginal {
  const { y, basis } = problem;
  const size = y.length;
  const width = problem.names.length;
  const inverted = invertBlocks(problem, tau2);
  const { weight } = inverted;
  const weightedBasis = matrixProduct(weight, size, basis.q);
  const cross = new Float64Array(width * width);
  const score = new Float64Array(width);
  for (let row = 0; row < size; row++) {
    for (let i = 0; i < width; i++) {
      const w = weightedBasis[row * width + i]!;
      score[i]! += w * y[row]!;
      for (let j = 0; j < width; j++) cross[i * width + j]! += w * basis.q[row * width + j]!;
    }
  }
  if (factorise(cross, width) >= 0) throw new NoValue("the coefficients' information is singular");
  const covariance = invertFactored(cross, width);
  const beta = matrixProduct(covariance, width, score);
  const fitted = matrixProduct(basis.q, width, beta);
  const residuals = y.map((value, row) => value - fitted[row]!);
  const projected = matrixProduct(weight, size, residuals);
  return {
    weight,
    weightedBasis,
    beta,
    covariance,
    projected,
    logDeterminant: inverted.logDeterminant,
    squares: dot(residuals, projected),
    logDeterminantBasis: logDeterminant(cross, width),
  };
}

function invertBlocks(problem: EffectsProblem, tau2: ArrayLike<number>) {
  const size = problem.y.length;
  const all = covarianceAt(problem, tau2);
  const weight = new Float64Array(size * size);
  let sum = 0;
  for (const block of problem.blocks) {
    const order = block.length;
    const part = takeBlock(all, block);
    if (factorise(part, order) >= 0) throw new NoValue("the covariance is singular");
    sum += logDeterminant(part, order);
    const inverse = invertFactored(part, order);
    for (let i = 0; i < order; i++) {
      const rowAt = block[i]! * size;
      for (let j = 0; j < order; j++) weight[rowAt + block[j]!] = inverse[i * order + j]!;
    }
  }
  return { weight, logDeterminant: sum };
}

/** Log-likelihood of the effects in the problem's unit; metafor's, with log det X'X in the restricted one. */
export function logLikelihood(problem: EffectsProblem, at: Marginal, criterion: Criterion): number {
  const size = problem.y.length;
  const count = criterion === "REML" ? size - problem.names.length : size;
  const restricted = criterion === "REML" ? at.logDeterminantBasis : 0;
  return -(count * Math.log(2 * Math.PI) + at.logDeterminant + restricted + at.squares) / 2;
}

/** P, k x k. */
export function projection(problem: EffectsProblem, at: Marginal): Float64Array {
  const size = problem.y.length;
  const width = problem.names.length;
  const p = at.weight.slice();
  const scaled = matrixProduct(at.weightedBasis, width, at.covariance);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let c = 0; c < width; c++)
        sum += scaled[i * width + c]! * at.weightedBasis[j * width + c]!;
      p[i * size + j]! -= sum;
    }
  }
  return p;
}

/** First and second derivatives of the log-likelihood by the components' variances. */
export interface Derivatives {
  /** One a component. */
  readonly gradient: Float64Array;
  /** Minus the second derivatives, components x components; positive definite near a maximum. */
  readonly observed: Float64Array;
  /** Their expectation: tr(P G_c P G_d) / 2 with the components' G = ZZ' (W in place of P under ML). */
  readonly expected: Float64Array;
}

/** Computes the derivatives. */
export function derivatives(
  problem: EffectsProblem,
  at: Marginal,
  criterion: Criterion,
): Derivatives {
  const { components, sets, componentOf, y } = problem;
  const count = components.length;
  const p = sumOverSets(projection(problem, at), y.length, sets);
  const expecting = criterion === "REML" ? p : sumOverSets(at.weight, y.length, sets);
  const pulls = Float64Array.from(sets, (set) =>
    set.reduce((sum, row) => sum + at.projected[row]!, 0),
  );
  const gradient = new Float64Array(count);
  for (let s = 0; s < sets.length; s++) {
    gradient[componentOf[s]!]! += (pulls[s]! ** 2 - expecting[s * sets.length + s]!) / 2;
  }
  const expected = sumByComponent(expecting, componentOf, count).map((sum) => sum / 2);
  const observed = sumByComponent(p, componentOf, count, pulls).map((sum, i) => sum - expected[i]!);
  return { gradient, observed, expected };
}
