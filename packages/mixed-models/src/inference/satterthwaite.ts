// Satterthwaite's degrees of freedom of a linear mixed model (Giesbrecht and Burns 1985, doi.org/10.2307/2530872; Kuznetsova,
// Brockhoff and Christensen 2017, doi.org/10.18637/jss.v082.i13): the variance of l'beta is taken as a multiple of a
// chi-square variable, df = 2 v^2 / Var(v). With sigma profiled out of deviance and covariance alike, Var(v) has two
// parts, one from theta and one from sigma; docs/mixed-models.md, "Degrees of freedom". Checked against lmerTest.
import { UserError } from "kit";
import { contextOf, type FitContext, keepContext } from "../fit/fit-context";
import type { StartPoint } from "../fit/optimum";
import { mapCovariance } from "../fit/ordinal-part";
import type { DegreesOfFreedom, FisherTest, MixedFit } from "../fit/result";
import { eigenpairs, eigenvectors } from "../numerics/eigenvectors";
import { denominatorDfOf } from "../numerics/fai-cornelius";
import { quadraticForm, rowOf } from "../numerics/matrices";
import { NoValue } from "../numerics/minimise";
import { dot } from "../numerics/vectors";
import { ProfiledObjective } from "../objective/profiled";
import { StandardUnits } from "../objective/standard-units";
import { combineRows } from "./average-grid";
import { testByStudent } from "./student-tests";

/** Step of a difference, in standard errors of the parameter as the search has learnt them. */
const STEP = 1e-3;
/** Directions in which the deviance is curved no more than this are left out, as in lmerTest. */
const FLAT = 1e-8;

/**
 * Tests a linear model's coefficients by Student's t with Satterthwaite's degrees of freedom, as lmerTest does.
 *
 * Marginal means, slopes, contrasts and prints of the fit that is returned follow it. A singular fit has the degrees of
 * freedom of the model without what vanished. Missing values are those of the fit. Cost: two evaluations of the objective
 * with its gradient for each parameter of theta.
 *
 * Such as `satterthwaite(fitMixed("y ~ x + (1 | g)", table)).coefficients[1]?.df`.
 *
 * @param fit a linear fit, by REML or ML.
 * @returns the same fit; its coefficients have `df`, with `p` and 95 % limits by Student's t.
 * @throws UserError if the fit is not Gaussian, whose statistics alone have a t distribution, or where the objective has
 *   no value beside the estimates.
 */
export function satterthwaite(fit: MixedFit): MixedFit {
  if (fit.family !== "gaussian") {
    throw new UserError(
      `Satterthwaite's degrees of freedom are for the gaussian family; the fit is ${fit.family}, whose tests are normal`,
    );
  }
  if (fit.degreesOfFreedom?.method === "Kenward-Roger") {
    throw new UserError(
      "the fit has Kenward and Roger's covariance matrix already; give satterthwaite the fit without it",
    );
  }
  const { isFlat, ...degreesOfFreedom } = tryDegrees(fit);
  const warnings = isFlat ? withFlat(fit) : fit.warnings;
  return keepContext({ ...testByStudent(fit, degreesOfFreedom), warnings }, contextOf(fit));
}

// Where a variance is zero, flat directions are no news; where none is, they are why an estimate means nothing.
function withFlat({ singular, warnings }: MixedFit): MixedFit["warnings"] {
  if (singular || warnings.some(({ kind }) => kind === "unidentified")) return warnings;
  const message =
    "The criterion is flat in a direction of the variances: the data cannot tell them apart, and their estimates are " +
    "where the search began. Simplify the random effects.";
  return [{ kind: "unidentified", message }, ...warnings];
}

function tryDegrees(fit: MixedFit): DegreesOfFreedom & { readonly isFlat: boolean } {
  try {
    const { data, start, estimateOptions } = contextOf(fit);
    const { covariance, nobs } = fit;
    const found = degreesOf({ data, start, estimateOptions, covariance, nobs });
    return { ...found, joint: (rows) => testJointly(fit, rows, found.of) };
  } catch (error) {
    if (!(error instanceof NoValue)) throw error;
    throw new UserError(
      `degrees of freedom need the objective beside the estimates, where it has no value (${error.message}); ` +
        "simplify the random effects, or take normal tests",
    );
  }
}

/** What is known of a linear model once its parameters are found. */
interface FoundModel extends Pick<FitContext, "data" | "estimateOptions"> {
  /** Where the search ended, in standard units. */
  readonly start: Pick<StartPoint, "theta" | "inverseHessian">;
  /** Of the coefficients, row-major. */
  readonly covariance: Float64Array;
  readonly nobs: number;
}

// v(theta) = sigma^2(theta) l'C(theta) l, so Var(v) = 2 (v'P^-1 v' + v^2 / nu): P is the Hessian of the profiled
// deviance, and nu the residual degrees of freedom, by which sigma is known at given theta.
/**
 * Gives the degrees of freedom of a linear model.
 *
 * @throws NoValue where the objective has no value beside the estimates.
 */
export function degreesOf(
  model: FoundModel,
): Omit<DegreesOfFreedom, "joint"> & { readonly isFlat: boolean } {
  const { covariance, nobs, estimateOptions, data } = model;
  const size = data.fixedColumns;
  const { slopes, hessian } = differenceCovariance(model);
  const directions = eigenpairs(hessian).filter(({ value }) => value > FLAT);
  const residual = nobs - (estimateOptions.reml ? size : 0);
  const of = (weights: ArrayLike<number>) => {
    const variance = quadraticForm(covariance, size, weights);
    const gradient = slopes.map((slope) => quadraticForm(slope, size, weights));
    let halfOfVariance = variance ** 2 / residual;
    for (const { vector, value } of directions) {
      halfOfVariance += dot(vector, gradient) ** 2 / value;
    }
    return variance ** 2 / halfOfVariance;
  };
  return {
    method: "Satterthwaite",
    isFlat: directions.length < hessian.length,
    of,
  };
}

// Estimates that are combined to independent ones, each with its own degrees of freedom (Fai and Cornelius).
function testJointly(
  { coefficients, covariance }: MixedFit,
  rows: readonly Float64Array[],
  of: DegreesOfFreedom["of"],
): FisherTest {
  const products = mapCovariance(rows, covariance);
  const count = rows.length;
  const square = rows.map((_, i) => Array.from(rowOf(products, i, count)));
  const estimates = coefficients.map(({ estimate }) => estimate);
  const parts = eigenvectors(square).map((vector) => {
    const weights = combineRows(rows, vector);
    const variance = quadraticForm(covariance, coefficients.length, weights);
    const estimate = dot(estimates, weights);
    return { square: estimate ** 2 / variance, df: of(weights) };
  });
  return {
    f: parts.reduce((sum, part) => sum + part.square, 0) / count,
    numeratorDf: count,
    denominatorDf: denominatorDfOf(parts.map(({ df }) => df)),
  };
}

interface Differences {
  /** For each parameter of theta, in standard units, the derivative of the coefficients' covariance matrix. */
  readonly slopes: readonly Float64Array[];
  /** Of the profiled deviance, or the REML criterion. */
  readonly hessian: readonly (readonly number[])[];
}

// The gradient is closed-form, so that one central difference of it gives the Hessian.
function differenceCovariance({ data, start, estimateOptions }: FoundModel): Differences {
  const units = new StandardUnits(data);
  const objective = new ProfiledObjective(units.data, estimateOptions.reml);
  const size = start.theta.length;
  const evaluate = (parameter: number, value: number) => {
    const theta = start.theta.slice();
    theta[parameter] = value;
    const gradient = new Float64Array(size);
    objective.evaluate(theta, gradient);
    const { system, residualVariance } = objective;
    const inverse = system.fixedCovariance().map((cell) => cell * residualVariance);
    return { gradient, covariance: units.covariance(inverse) };
  };
  const pairs = Array.from(start.theta, (value, parameter) => {
    const step = stepOf(value, start.inverseHessian[parameter * size + parameter]!);
    const [above, below] = [evaluate(parameter, value + step), evaluate(parameter, value - step)];
    return {
      gradient: difference(above.gradient, below.gradient, 2 * step),
      slope: difference(above.covariance, below.covariance, 2 * step),
    };
  });
  return {
    slopes: pairs.map(({ slope }) => slope),
    hessian: pairs.map(({ gradient }, i) =>
      pairs.map((other, j) => (gradient[j]! + other.gradient[i]!) / 2),
    ),
  };
}

// Where the deviance is flat, the search has learnt no scale.
function stepOf(value: number, inverseCurvature: number): number {
  const standardError = Math.sqrt(2 * inverseCurvature) || 1e-2;
  return STEP * Math.min(standardError, 1 + Math.abs(value));
}

function difference(above: Float64Array, below: Float64Array, width: number): Float64Array {
  return above.map((value, cell) => (value - below[cell]!) / width);
}
