// What every fit reports: estimates with their intervals, Cochran's Q, the log-likelihood in the unit of the effects.
import { UserError } from "kit";
import { chiSquareTail } from "../numerics/chi-square";
import { studentQuantile, studentTwoSided } from "../numerics/student-t";
import { type Combination, combine, type Precision } from "./combination";
import { type Criterion, logLikelihood, marginalAt } from "./marginal";
import type { MetaData } from "./meta-data";
import type { EffectsProblem } from "./meta-problem";
import { residualDf } from "./moments";
import type { MetaEstimate, MetaFit } from "./result";

/** Refuses a level that is no share. */
export function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new UserError(`the level is ${level}; give a number between 0 and 1, such as 0.95`);
}

/** Number of the moderator that is 1 throughout, or -1. */
export function interceptOf({ moderators }: Pick<MetaData, "moderators">): number {
  if (!moderators) return 0;
  return moderators.names.findIndex((_, at) => moderators.rows.every((row) => row[at] === 1));
}

/** Cochran's Q: the weighted squares of the residuals with the weights of the sampling covariance alone. */
export function testHomogeneity(problem: EffectsProblem): MetaFit["q"] {
  const df = residualDf(problem);
  const statistic = marginalAt(problem, new Float64Array(problem.components.length)).squares;
  return { statistic, df, p: chiSquareTail(statistic, df) };
}

/** The log-likelihood in the unit of the effects. */
export function logLikelihoodOf(
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
