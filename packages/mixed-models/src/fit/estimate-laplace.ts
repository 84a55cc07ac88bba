import { factorise, invertFactored } from "../numerics/cholesky";
import { differenceHessian, differentiate } from "../numerics/differences";
import { joinDiagonally, lastBlock, matrixProduct, takeBlock } from "../numerics/matrices";
import { knownMinimum, type Minimum, minimise, NoValue } from "../numerics/minimise";
import { onBoundary, thetaEntries } from "../objective/covariance-factor";
import { EXACT_MODES, LaplaceObjective } from "../objective/laplace";
import type { ModeSystem } from "../objective/mode-system";
import type { ModelData } from "../objective/model-data";
import { hermiteRule, quadratureDeviance } from "../objective/quadrature";
import type { Penalty, StandardPrior } from "./coefficient-prior";
import type { EstimateOptions, Optimum, SeMethod, StartPoint } from "./optimum";
import { searchTheta } from "./search-theta";
import { separatedColumns } from "./separation";

/**
 * Estimates a binomial or cumulative mixed model on its Laplace or quadrature deviance. Where a few rows leave the
 * optimum in doubt, the search begins from other points too, and the best end wins.
 */
export function estimateLaplace(
  data: ModelData,
  options: EstimateOptions,
  prior?: StandardPrior,
): Optimum {
  const evaluations: number[] = [];
  const objective = new LaplaceObjective(data, options.constant);
  const joint = options.start ?? startJointly(data, objective, evaluations);
  const begin = prior && !options.start ? drawIn(joint, prior) : joint;
  const first = searchFrom(begin, objective, data, options, evaluations, prior?.penalty);
  if (options.start || data.rows > FEW_ROWS || !isDoubtful(data, first)) return first;
  const attempt = (start: StartPoint, errors: EstimateOptions["errors"]) => {
    const fresh = new LaplaceObjective(data, options.constant);
    return searchFrom(start, fresh, data, { ...options, errors }, evaluations, prior?.penalty);
  };
  let [best, winner]: [number, StartPoint | undefined] = [first.minusTwoLogLik - 1e-6, undefined];
  for (const start of otherStarts(data, first)) {
    try {
      const { minusTwoLogLik } = attempt(start, false);
      if (minusTwoLogLik < best) [best, winner] = [minusTwoLogLik, start];
    } catch (error) {
      if (!(error instanceof NoValue)) throw error;
    }
  }
  return winner ? attempt(winner, options.errors) : first;
}

/** Beyond so many rows, separation costs one search. */
const FEW_ROWS = 5000;

function isDoubtful({ fixed }: ModelData, optimum: Optimum): boolean {
  const { converged, seMethod, beta, covariance } = optimum;
  if (!converged || seMethod === "not-positive") return true;
  return covariance.length > 0 && separatedColumns(fixed.values, beta, covariance).length > 0;
}

// Where rows are predicted perfectly the optimum lies at large variances and slopes, or is one of several.
function otherStarts(data: ModelData, { thresholdParameters, beta }: Optimum): StartPoint[] {
  const entries = thetaEntries(data.groups);
  const size = entries.length + thresholdParameters.length + beta.length;
  return [1, 3, 10].flatMap((sd) =>
    [0, 1, 3].map((times) => {
      const inverseHessian = new Float64Array(size * size);
      for (let parameter = 0; parameter < size; parameter++) {
        inverseHessian[parameter * size + parameter] = parameter < entries.length ? sd ** 2 / 2 : 1;
      }
      return {
        theta: Float64Array.from(entries, ({ row, column }) => (row === column ? sd : 0)),
        thresholdParameters,
        beta: beta.map((value) => value * times),
        inverseHessian,
      };
    }),
  );
}

function searchFrom(
  begin: StartPoint,
  objective: LaplaceObjective,
  data: ModelData,
  options: EstimateOptions,
  evaluations: number[],
  penalty?: Penalty,
): Optimum {
  const { nodes, errors = true, isFound } = options;
  const { thetaCount, outerCount, system } = objective;
  const penalise = (x: Float64Array, gradient?: Float64Array) =>
    penalty?.(x.subarray(outerCount), gradient?.subarray(outerCount)) ?? 0;
  const laplaceAt = (precision: number) => (x: Float64Array, gradient: Float64Array) => {
    const value = objective.evaluate(x, gradient, precision);
    return log(evaluations, value + penalise(x, gradient));
  };
  const laplace = laplaceAt(EXACT_MODES);
  const from = Float64Array.from([...begin.theta, ...begin.thresholdParameters, ...begin.beta]);
  const searched = (
    target: typeof laplace,
    start: Float64Array,
    inverseHessian: Float64Array,
    tolerance?: number,
  ) => {
    if (isFound) return knownMinimum(target, start, inverseHessian);
    return minimise(target, { start, inverseHessian, ...(tolerance ? { tolerance } : {}) });
  };
  let minimum = searched(laplace, from, begin.inverseHessian);
  let search = laplace;
  let differenced = laplaceAt(MODES_OF_DIFFERENCES);
  if (nodes > 1) {
    const rule = hermiteRule(nodes);
    const value = (x: Float64Array) => quadratureDeviance(objective, x, rule) + penalise(x);
    const steps = diagonalRoots(minimum.inverseHessian, 0.01);
    search = (x, gradient) => log(evaluations, differentiate(value, x, steps, gradient));
    differenced = search;
    minimum = searched(search, minimum.x, minimum.inverseHessian, 1e-10);
  }
  const hessian =
    errors === true ? hessianAt(minimum, differenced, objective, options, data) : undefined;
  objective.evaluate(minimum.x);
  const { covariance, seMethod } = hessian
    ? invertHessian(data, minimum, hessian, thetaCount)
    : errorsWithout(system, errors === "conditional");
  return {
    theta: minimum.x.slice(0, thetaCount),
    thresholdParameters: minimum.x.slice(thetaCount, outerCount),
    beta: minimum.x.slice(outerCount),
    covariance,
    seMethod,
    minusTwoLogLik: minimum.value,
    sigma: 1,
    gradient: minimum.gradient,
    inverseHessian: minimum.inverseHessian,
    converged: minimum.converged,
    evaluations,
    system,
  };
}

// The way to the joint fit and that fit are a start only, and differences of the gradient are coarser than its error: none
// needs modes as exact as the search does.
const MODES_OF_APPROACH = 1e-3;
const MODES_OF_START = 1e-7;
const MODES_OF_DIFFERENCES = 1e-20;

function startJointly(
  data: ModelData,
  objective: LaplaceObjective,
  evaluations: number[],
): StartPoint {
  const evaluateTo = (precision: number) => (theta: Float64Array, gradient: Float64Array) =>
    log(evaluations, objective.evaluateJointly(theta, gradient, precision));
  const evaluate = evaluateTo(MODES_OF_START);
  const joint = searchTheta(data, objective, 0.01, evaluate, evaluateTo(MODES_OF_APPROACH));
  objective.evaluateJointly(joint.x, undefined, MODES_OF_START);
  // Half the covariance of beta is the inverse Hessian of the deviance, as long as theta stands still.
  const ofBeta = objective.system.fixedCovariance().map((value) => value / 2);
  const inverseHessian = joinDiagonally(joint.inverseHessian, ofBeta);
  const { thetaCount } = objective;
  return {
    theta: joint.x.slice(0, thetaCount),
    thresholdParameters: joint.x.slice(thetaCount),
    beta: Float64Array.from(objective.system.beta),
    inverseHessian,
  };
}

// Fixed effects that the data leave free begin where the prior holds them, and their curvature is joined with its own.
function drawIn(joint: StartPoint, { curvature }: StandardPrior): StartPoint {
  const width = joint.beta.length;
  const information = lastBlock(joint.inverseHessian, width);
  if (factorise(information, width) >= 0) return joint;
  const precision = invertFactored(information, width);
  const sum = precision.map((value, cell) => value + curvature[cell]!);
  if (factorise(sum, width) >= 0) return joint;
  const drawn = invertFactored(sum, width);
  const inverseHessian = joint.inverseHessian.slice();
  const size = Math.sqrt(inverseHessian.length);
  const first = size - width;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      inverseHessian[(first + i) * size + first + j] = drawn[i * width + j]!;
    }
  }
  // Where the joint deviance and a normal prior of that curvature are least together.
  const beta = matrixProduct(drawn, width, matrixProduct(precision, width, joint.beta));
  return { ...joint, beta, inverseHessian };
}

// With many trials the objective is so even along beta that a step to one side will do.
const FEW_TRIALS = 5000;

// An effect that runs to infinity has an error without bound, and a step of that size would make thresholds cross.
const MOST_OF_NOMINAL = 100;

// Differences of the gradient: to both sides for theta and the threshold parameters, whose objective is the
// less even, to one side for beta. With quadrature the gradient is itself a difference, so every step goes to both sides, and further.
function hessianAt(
  minimum: Minimum,
  search: (x: Float64Array, gradient: Float64Array) => number,
  objective: LaplaceObjective,
  { nodes }: EstimateOptions,
  { nominal }: ModelData,
): Float64Array {
  const isSmall = objective.system.response.trials <= FEW_TRIALS;
  const count = nodes > 1 || isSmall ? minimum.x.length : objective.outerCount;
  const both = new Set(Array.from({ length: count }, (_, parameter) => parameter));
  const most = nominal ? MOST_OF_NOMINAL : undefined;
  return differenceHessian(search, minimum, both, nodes > 1 ? 0.005 : 0.001, most);
}

// The curvature of the joint deviance of fixed and random effects, or nothing.
function errorsWithout(system: ModeSystem, isConditional: boolean) {
  if (!isConditional) return { covariance: new Float64Array(0), seMethod: "none" as const };
  system.newtonStep(true);
  return { covariance: system.fixedCovariance(), seMethod: "conditional" as const };
}

function diagonalRoots(matrix: Float64Array, scale: number): Float64Array {
  const size = Math.sqrt(matrix.length);
  return Float64Array.from(
    { length: size },
    (_, parameter) => scale * Math.sqrt(2 * matrix[parameter * size + parameter]!),
  );
}

function invertHessian(
  data: ModelData,
  minimum: Minimum,
  hessian: Float64Array,
  thetaCount: number,
): { covariance: Float64Array; seMethod: SeMethod } {
  const size = minimum.x.length;
  const held = onBoundary(data.groups, minimum.x);
  const kept = Array.from({ length: size }, (_, parameter) => parameter).filter(
    (parameter) => !held[parameter],
  );
  const matrix = takeBlock(hessian, kept).map((value) => value / 2);
  const fixed = size - thetaCount;
  if (factorise(matrix, kept.length) >= 0) {
    return {
      covariance: covarianceGivenTheta(hessian, minimum, fixed),
      seMethod: "not-positive",
    };
  }
  const inverse = invertFactored(matrix, kept.length);
  const seMethod = kept.length === size ? "hessian" : "hessian-held";
  return { covariance: lastBlock(inverse, fixed), seMethod };
}

// The rest of the Hessian, with the variance parameters held; where that is no better, what the search has learnt.
function covarianceGivenTheta(
  hessian: Float64Array,
  { inverseHessian }: Minimum,
  kept: number,
): Float64Array {
  const half = lastBlock(hessian, kept).map((value) => value / 2);
  if (factorise(half, kept) < 0) return invertFactored(half, kept);
  return lastBlock(inverseHessian, kept).map((value) => 2 * value);
}

function log(evaluations: number[], value: number): number {
  evaluations.push(value);
  return value;
}
