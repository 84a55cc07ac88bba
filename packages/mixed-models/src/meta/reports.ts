// What every fit reports: estimates with their intervals, Cochran's Q, the log-likelihood in the unit of the effects.
import { UserError } from "kit";
import { chiSquareTail } from "../numerics/chi-square";
import { eigenvectors } from "../numerics/eigenvectors";
import { denominatorDfOf } from "../numerics/fai-cornelius";
import { fisherTail, studentQuantile, studentTwoSided } from "../numerics/student-t";
import { unitVector } from "../numerics/vectors";
import {
  type Combination,
  combine,
  covarianceOf,
  effectWeights,
  type Precision,
} from "./combination";
import { type Criterion, logLikelihood, marginalAt } from "./marginal";
import type { MetaData } from "./meta-data";
import type { EffectsProblem } from "./meta-problem";
import { residualDf } from "./moments";
import type { MetaEstimate, MetaFit } from "./result";

/** What every fit says of its coefficients. */
type CoefficientReport = Pick<
  MetaFit,
  "coefficients" | "covariance" | "q" | "moderatorTest" | "logLik" | "effectWeights" | "contrast"
>;

/**
 * Reports the coefficients of a fit.
 *
 * @param tau2 the variances, in squared units of the problem.
 * @param criterion the likelihood that is reported.
 */
export function reportCoefficients(
  data: Pick<MetaData, "moderators">,
  precision: Precision,
  tau2: Float64Array,
  { criterion, level }: { readonly criterion: Criterion; readonly level: number },
): CoefficientReport {
  const { problem } = precision;
  const covariance = covarianceOf(precision);
  return {
    covariance,
    coefficients: problem.names.map((name, at) => ({
      name,
      ...toEstimate(combine(precision, unitVector(problem.names.length, at)), level),
    })),
    q: testHomogeneity(problem),
    moderatorTest: testModerators(precision, covariance, interceptOf(data)),
    logLik: logLikelihoodOf(problem, criterion, tau2),
    effectWeights: (weights) => {
      checkWeights(problem, weights);
      return effectWeights(precision, weights);
    },
    contrast: (weights) => toEstimate(combineChecked(precision, weights), level),
  };
}

/** What a reader must know of a search that ended before its top; often nothing. */
export function searchWarnings(converged: boolean): string[] {
  return converged
    ? []
    : ["The search did not converge: the variances may be far from their best values."];
}

/** Refuses a level that is not a share. */
export function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new UserError(`the level is ${level}; give a number between 0 and 1, such as 0.95`);
}

/** Number of the moderator that is 1 throughout, or -1. */
function interceptOf({ moderators }: Pick<MetaData, "moderators">): number {
  if (!moderators) return 0;
  return moderators.names.findIndex((_, at) => moderators.rows.every((row) => row[at] === 1));
}

/** Cochran's Q: the weighted squares of the residuals with the weights of the sampling covariance alone. */
function testHomogeneity(problem: EffectsProblem): MetaFit["q"] {
  const df = residualDf(problem);
  const statistic = marginalAt(problem, new Float64Array(problem.components.length)).squares;
  return { statistic, df, p: chiSquareTail(statistic, df) };
}

/** The log-likelihood in the unit of the effects. */
function logLikelihoodOf(
  problem: EffectsProblem,
  criterion: Criterion,
  tau2: Float64Array,
): number {
  const count = criterion === "REML" ? residualDf(problem) : problem.y.length;
  const inUnit = logLikelihood(problem, marginalAt(problem, tau2), criterion);
  return inUnit - count * Math.log(problem.unit);
}

/** An estimate with its interval and test. */
export function toEstimate({ estimate, variance, df }: Combination, level: number): MetaEstimate {
  const se = Math.sqrt(variance);
  const statistic = estimate / se;
  const reach = studentQuantile((1 - level) / 2, df) * se;
  return {
    estimate,
    se,
    df,
    statistic,
    p: studentTwoSided(statistic, df),
    lower: estimate - reach,
    upper: estimate + reach,
  };
}

/** Computes a combination of the coefficients from weights that were not checked. */
export function combineChecked(precision: Precision, weights: readonly number[]): Combination {
  checkWeights(precision.problem, weights);
  return combine(precision, weights);
}

/** Refuses weights that are no numbers, not one a coefficient, or all zero. */
export function checkWeights({ names }: EffectsProblem, weights: readonly number[]): void {
  if (weights.length !== names.length || !weights.every(Number.isFinite)) {
    throw new UserError(
      `the weights are ${weights.join(", ")}; give ${names.length} finite number${names.length > 1 ? "s" : ""}, one for each of: ${names.join(", ")}`,
    );
  }
  if (weights.every((weight) => weight === 0)) {
    throw new UserError("the weights are all zero; at least one should not be");
  }
}

/**
 * Wald's test that the coefficients are zero, all but the intercept where there is another one. Its degrees of freedom are those
 * of the residuals, or, for Satterthwaite's, those of Fai and Cornelius.
 *
 * @param covariance of the coefficients, p x p.
 * @param intercept number of the coefficient that stands for 1 in every row, or -1.
 */
function testModerators(
  precision: Precision,
  covariance: readonly (readonly number[])[],
  intercept: number,
): MetaFit["moderatorTest"] {
  const names = precision.problem.names;
  const all = [...names.keys()];
  const tested = names.length > 1 ? all.filter((at) => at !== intercept) : all;
  const directions = eigenvectors(tested.map((i) => tested.map((j) => covariance[i]![j]!)));
  const parts = directions.map((direction) => {
    const weights = all.map((at) => (tested.includes(at) ? direction[tested.indexOf(at)]! : 0));
    return combine(precision, weights);
  });
  const sum = parts.reduce((total, part) => total + part.estimate ** 2 / part.variance, 0);
  if (!Number.isFinite(sum)) {
    throw new UserError(
      "the effects lie exactly on the fitted values, and Hartung-Knapp's standard errors are zero; ask for another interval, or for the truncated one",
    );
  }
  const df = tested.length;
  const coefficients = tested.map((at) => names[at]!);
  const denominatorDf = denominatorDfOf(parts.map((part) => part.df));
  const isChiSquare = denominatorDf === Number.POSITIVE_INFINITY;
  const p = fisherTail(sum / df, df, denominatorDf);
  return isChiSquare
    ? { kind: "chi-square", statistic: sum, df, denominatorDf, p, coefficients }
    : { kind: "F", statistic: sum / df, df, denominatorDf, p, coefficients };
}
