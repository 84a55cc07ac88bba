// From model data to estimates: a start from the joint fit, a quasi-Newton search on the Laplace deviance
// (or the profiled deviance), standard errors from the Hessian of the same objective.
import { estimateBinomial } from "./estimate-binomial";
import { estimateLinear } from "./estimate-linear";
import { LaplaceObjective } from "./laplace";
import type { ModelData } from "./model-data";
import type { PenalisedSystem } from "./penalised-system";
import { ProfiledObjective } from "./profiled";
import { hermiteRule, quadratureDeviance } from "./quadrature";

/** Estimates of a mixed model, in the order of the model data. */
export interface Estimate {
  readonly theta: Float64Array;
  readonly beta: Float64Array;
  /** Covariance matrix of beta, row-major. */
  readonly covariance: Float64Array;
  readonly seMethod: string;
  /** Minus twice the log-likelihood, or the REML criterion. */
  readonly minusTwoLogLik: number;
  /** Residual standard deviation; 1 for the binomial family. */
  readonly sigma: number;
  readonly gradient: Float64Array;
  /** The inverse Hessian that the search has learnt, as `StartPoint` takes it. */
  readonly inverseHessian: Float64Array;
  readonly converged: boolean;
  /** Values of the objective in the order in which they were computed. */
  readonly evaluations: readonly number[];
  /** The system at the estimates: modes, factors. */
  readonly system: PenalisedSystem;
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
  /** Whether to compute standard errors; true by default. */
  readonly errors?: boolean;
}

/** Where a search may begin. */
export interface StartPoint {
  readonly theta: Float64Array;
  readonly beta: Float64Array;
  /** Inverse Hessian of the objective: over theta and beta (binomial), or over theta. */
  readonly inverseHessian: Float64Array;
}

/** Estimates a mixed model. */
export function estimate(data: ModelData, options: EstimateOptions): Estimate {
  return data.family === "gaussian"
    ? estimateLinear(data, options)
    : estimateBinomial(data, options);
}

/** Evaluates the objective that `estimate` minimises, at given parameters. */
export function evaluateObjective(
  data: ModelData,
  { reml, nodes, constant }: EstimateOptions,
  at: { readonly theta: readonly number[]; readonly beta: readonly number[] },
): number {
  if (data.family === "gaussian") {
    return new ProfiledObjective(data, reml).evaluate(Float64Array.from(at.theta));
  }
  const objective = new LaplaceObjective(data, constant);
  const parameters = Float64Array.from([...at.theta, ...at.beta]);
  return nodes > 1
    ? quadratureDeviance(objective, parameters, hermiteRule(nodes))
    : objective.evaluate(parameters);
}
