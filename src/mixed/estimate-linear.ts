import { conditionalCovariance } from "./conditional-covariance";
import type { EstimateOptions, Optimum } from "./estimate";
import { minimise } from "./minimise";
import type { ModelData } from "./model-data";
import { ProfiledObjective } from "./profiled";
import { searchTheta } from "./search-theta";

// The profiled deviance is exact to rounding, so that the variances can be.
const TOLERANCE = 1e-16;

/** Estimates a linear mixed model on its profiled deviance or REML criterion. */
export function estimateLinear(data: ModelData, { reml, start }: EstimateOptions): Optimum {
  const objective = new ProfiledObjective(data, reml);
  const evaluations: number[] = [];
  const evaluate = (theta: Float64Array, gradient: Float64Array) => {
    const value = objective.evaluate(theta, gradient);
    evaluations.push(value);
    return value;
  };
  const minimum = start
    ? minimise(evaluate, {
        start: start.theta,
        inverseHessian: start.inverseHessian,
        tolerance: TOLERANCE,
      })
    : searchTheta(data, evaluate, objective, TOLERANCE);
  objective.evaluate(minimum.x);
  const { system } = objective;
  const covariance = conditionalCovariance(system);
  const variance = objective.residualVariance;
  return {
    theta: minimum.x,
    beta: system.beta,
    covariance: covariance.map((value) => value * variance),
    seMethod: "conditional on the variance parameters",
    minusTwoLogLik: minimum.value,
    sigma: Math.sqrt(variance),
    gradient: minimum.gradient,
    inverseHessian: minimum.inverseHessian,
    converged: minimum.converged,
    evaluations,
    system,
  };
}
