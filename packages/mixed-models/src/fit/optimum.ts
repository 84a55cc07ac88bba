// What a search for estimates is asked for, where it begins and where it ends.
import type { ModeSystem } from "../objective/mode-system";
import type { CoefficientPrior } from "./coefficient-prior";

/**
 * Where standard errors come from: the Hessian in all parameters, or with those on their boundary held; given the
 * variance parameters, by choice or because the Hessian was not positive definite; or nowhere.
 */
export type SeMethod = "hessian" | "hessian-held" | "conditional" | "not-positive" | "none";

/** Where a search ended, in the units of the data that it was given. */
export interface Optimum {
  readonly theta: Float64Array;
  /** Of a cumulative model: gaps between thresholds, and slopes of the gaps; see grade-scale.ts. Others have none. */
  readonly thresholdParameters: Float64Array;
  readonly beta: Float64Array;
  /** Covariance matrix of the threshold parameters, then beta, row-major. */
  readonly covariance: Float64Array;
  readonly seMethod: SeMethod;
  /** Minus twice the log-likelihood, or the REML criterion. */
  readonly minusTwoLogLik: number;
  /** Residual standard deviation; 1 where the family has none. */
  readonly sigma: number;
  readonly gradient: Float64Array;
  /** The inverse Hessian that the search has learnt, as `StartPoint` takes it. */
  readonly inverseHessian: Float64Array;
  readonly converged: boolean;
  /** Values of the objective in the order in which they were computed. */
  readonly evaluations: readonly number[];
  /** The system at the estimates: modes, factors. */
  readonly system: ModeSystem;
}

/** What is estimated and how. */
export interface EstimateOptions {
  readonly reml: boolean;
  /** Quadrature nodes; 1 is the Laplace approximation. */
  readonly nodes: number;
  /** Sum of the logarithms of the binomial coefficients. */
  readonly constant: number;
  /** Parameters to begin with, in place of the joint fit; from a fit of similar data. */
  readonly start?: StartPoint;
  /** Whether the parameters to begin with are the estimates, so that nothing is searched; false by default. */
  readonly isFound?: boolean;
  /** Whether to compute standard errors, and of a binomial model given its variances or not; from the Hessian by default. */
  readonly errors?: boolean | "conditional";
  /** Of the fixed effects, in the units of the data; none by default. The optimum is then the posterior's mode. */
  readonly prior?: CoefficientPrior;
}

/** Where a search may begin, in standard units: `Estimate.standard` of a fit with the same covariates. */
export interface StartPoint {
  readonly theta: Float64Array;
  readonly thresholdParameters: Float64Array;
  readonly beta: Float64Array;
  /** Inverse Hessian of the objective: over theta (Gaussian), or over theta, threshold parameters and beta. */
  readonly inverseHessian: Float64Array;
}
