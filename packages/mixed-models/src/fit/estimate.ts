// From model data to estimates: a start from the joint fit, a quasi-Newton search on the Laplace deviance
// (or the profiled deviance), standard errors from the Hessian of the same objective.
import { UserError } from "kit";
import { knownMinimum, type Minimum, minimise, NoValue } from "../numerics/minimise";
import { LaplaceObjective } from "../objective/laplace";
import type { ModelData } from "../objective/model-data";
import { ProfiledObjective } from "../objective/profiled";
import { hermiteRule, quadratureDeviance } from "../objective/quadrature";
import { StandardUnits } from "../objective/standard-units";
import { penaltyIn, type StandardPrior } from "./coefficient-prior";
import { estimateLaplace } from "./estimate-laplace";
import type { EstimateOptions, Optimum } from "./optimum";
import { searchTheta } from "./search-theta";

/** Thrown where a likelihood has no finite value to begin a search with: a failure of the data, not of the program. */
export class NoFiniteLikelihood extends UserError {}

/** Estimates of a mixed model, in the units and the order of the model data. */
export interface Estimate extends Optimum {
  /** For each group, columns x columns: what turns its spherical effects in `system` into its effects. */
  readonly factors: readonly Float64Array[];
  /** The optimum in standard units, and the data in them. */
  readonly standard: Optimum;
  readonly standardData: ModelData;
}

/**
 * Estimates a mixed model. The search happens in standard units (standard-units.ts), so that neither the scale of
 * a covariate nor its place matters.
 *
 * @throws NoFiniteLikelihood if the likelihood has no finite value to begin with.
 */
export function estimate(data: ModelData, options: EstimateOptions): Estimate {
  const units = new StandardUnits(data);
  const prior = options.prior && penaltyIn(options.prior, units);
  const standard = search(units.data, options, prior);
  const { theta, beta, covariance, evaluations } = standard;
  const minusTwoLogLik = standard.minusTwoLogLik - (prior?.penalty(beta) ?? 0);
  const shift = options.reml ? units.remlShift() : 0;
  return {
    ...standard,
    theta: units.theta(theta),
    thresholdParameters: units.thresholdParameters(standard.thresholdParameters),
    beta: units.beta(beta),
    covariance: units.covariance(covariance),
    minusTwoLogLik: minusTwoLogLik + shift,
    evaluations: shift === 0 ? evaluations : evaluations.map((value) => value + shift),
    factors: units.factors(theta),
    standard,
    standardData: units.data,
  };
}

function search(data: ModelData, options: EstimateOptions, prior?: StandardPrior): Optimum {
  try {
    return data.family === "gaussian"
      ? estimateLinear(data, options)
      : estimateLaplace(data, options, prior);
  } catch (error) {
    if (!(error instanceof NoValue)) throw error;
    if (data.nominal) {
      throw new NoFiniteLikelihood(
        `the likelihood rises up to where thresholds cross or have no value (${error.message}), so nominal effects have no ` +
          "estimate; leave a term out of nominal, or join grades",
      );
    }
    throw new NoFiniteLikelihood(
      `the likelihood has no finite value where the search begins (${error.message}); look for covariates of ` +
        "extreme values, or simplify the random effects",
    );
  }
}

/** Evaluates the objective that `estimate` minimises, at given parameters. */
export function evaluateObjective(
  data: ModelData,
  { reml, nodes, constant }: EstimateOptions,
  at: Readonly<Record<"theta" | "thresholdParameters" | "beta", ArrayLike<number>>>,
): number {
  const units = new StandardUnits(data);
  const given = units.toStandard(
    Float64Array.from(at.theta),
    Float64Array.from(at.beta),
    Float64Array.from(at.thresholdParameters),
  );
  if (data.family === "gaussian") {
    const value = new ProfiledObjective(units.data, reml).evaluate(given.theta);
    return value + (reml ? units.remlShift() : 0);
  }
  const objective = new LaplaceObjective(units.data, constant);
  const parameters = Float64Array.of(...given.theta, ...given.thresholdParameters, ...given.beta);
  return nodes > 1
    ? quadratureDeviance(objective, parameters, hermiteRule(nodes))
    : objective.evaluate(parameters);
}

// The profiled deviance is exact to rounding, so that the variances can be.
const TOLERANCE = 1e-16;

/** Estimates a linear mixed model on its profiled deviance or REML criterion. */
export function estimateLinear(data: ModelData, options: EstimateOptions): Optimum {
  const { reml } = options;
  const objective = new ProfiledObjective(data, reml);
  const evaluations: number[] = [];
  const evaluate = (theta: Float64Array, gradient: Float64Array) => {
    const value = objective.evaluate(theta, gradient);
    evaluations.push(value);
    return value;
  };
  const minimum = minimiseProfiled(data, evaluate, objective, options);
  objective.settle(minimum.x);
  const { system } = objective;
  const covariance = system.fixedCovariance();
  const variance = objective.residualVariance;
  return {
    theta: minimum.x,
    thresholdParameters: new Float64Array(0),
    beta: Float64Array.from(system.beta),
    covariance: covariance.map((value) => value * variance),
    seMethod: "conditional",
    minusTwoLogLik: minimum.value,
    sigma: Math.sqrt(variance),
    gradient: minimum.gradient,
    inverseHessian: minimum.inverseHessian,
    converged: minimum.converged,
    evaluations,
    system,
  };
}

function minimiseProfiled(
  data: ModelData,
  evaluate: (theta: Float64Array, gradient: Float64Array) => number,
  objective: ProfiledObjective,
  { start, isFound }: EstimateOptions,
): Minimum {
  if (!start) {
    return searchTheta(data, objective, TOLERANCE, evaluate);
  }
  const { theta, inverseHessian } = start;
  if (isFound) return knownMinimum(evaluate, theta, inverseHessian);
  return minimise(evaluate, { start: theta, inverseHessian, tolerance: TOLERANCE });
}
