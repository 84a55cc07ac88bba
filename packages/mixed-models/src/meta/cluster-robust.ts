// Cluster-robust covariance of the coefficients, and tests with Satterthwaite's degrees of freedom: Bell and McCaffrey
// 2002's bias-reduced linearisation as Pustejovsky and Tipton 2018 (doi.org/10.1080/07350015.2016.1247004) define it,
// section 2 and appendix; the fit's marginal covariance is the working model. Checked against clubSandwich.
import { checkChoice, checkOptionNames, UserError } from "kit";
import { dot, unitVector } from "../numerics/vectors";
import { internalsOf } from "./internals";
import type { MultilevelFit } from "./multilevel-result";
import { requireLabels, setsOf } from "./random-terms";
import { checkLevel, checkWeights, toEstimate } from "./reports";
import type { MetaFit } from "./result";
import { type ClusterScores, type RobustType, scoreClusters } from "./robust-scores";

/** How a cluster-robust test is made. */
export interface RobustOptions {
  /**
   * `CR2` (by default) adjusts the residuals so that the variances are unbiased if the working model holds; `CR1`
   * multiplies by J / (J - 1) with J clusters; `CR0` does nothing.
   */
  readonly type?: RobustType;
  /** The matrix L of linear contrasts, q rows of p weights; by default each coefficient. */
  readonly contrasts?: readonly (readonly number[])[];
  /** q names of the contrasts. */
  readonly names?: readonly string[];
  /** Coverage of the intervals, between 0 and 1; 0.95 by default. */
  readonly level?: number;
}

/** A contrast with its cluster-robust interval and test against zero, in the unit of the effects. */
export interface RobustEstimate {
  readonly name: string;
  readonly estimate: number;
  /** This and what follows is null where the clusters show nothing of the estimate's variance; `warning` says so. */
  readonly se: number | null;
  /** Satterthwaite's degrees of freedom. */
  readonly df: number | null;
  /** Estimate over standard error. */
  readonly statistic: number | null;
  /** Two-sided. */
  readonly p: number | null;
  /** Limits of the confidence interval. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** What a reader must know of this estimate, such as degrees of freedom below 4; null for nothing. */
  readonly warning: string | null;
}

/** Cluster-robust tests of a fit. */
export interface RobustTests {
  readonly type: RobustType;
  /** Number of clusters, J. */
  readonly clusters: number;
  readonly level: number;
  /** Cluster-robust covariance of the contrasts (of the coefficients where none were given), q x q. */
  readonly covariance: readonly (readonly number[])[];
  readonly contrasts: readonly RobustEstimate[];
  /** What a reader must know of all of them; often empty. */
  readonly warnings: readonly string[];
}

/**
 * Tests coefficients or contrasts of them with cluster-robust standard errors and Satterthwaite's degrees of freedom:
 * clubSandwich's `coef_test` and `linear_contrast`.
 *
 * The variances hold whatever the covariance of effects within a cluster is, if clusters are independent. Tests keep
 * their level with few clusters where degrees of freedom are at least 4 (Tipton 2015, doi.org/10.1037/met0000011);
 * fewer are named in `warning`. Cost: J^2 k steps for each contrast, and the cube of each cluster's size.
 *
 * @param fit what `fitMultilevelMeta` or `fitMeta` returned.
 * @param clusters k labels, in order of the effects; every group of the random effects lies in one cluster.
 * @throws UserError if labels are missing or not as many as effects, there is one cluster only, a group of the random
 * effects lies in several clusters, contrasts do not fit the coefficients, or an option is unknown.
 */
export function clusterRobust(
  fit: MultilevelFit | MetaFit,
  clusters: readonly string[],
  options: RobustOptions = {},
): RobustTests {
  checkOptionNames(options, ["type", "contrasts", "names", "level"]);
  const { type = "CR2", level = 0.95 } = options;
  checkChoice("type", type, ["CR0", "CR1", "CR2"]);
  checkLevel(level);
  const { precision, variances } = internalsOf(fit);
  const { problem } = precision;
  const size = problem.names.length;
  const weights =
    options.contrasts ?? problem.names.map((_, column) => [...unitVector(size, column)]);
  for (const row of weights) checkWeights(problem, row);
  const names = contrastNames(options, problem.names);
  requireLabels(clusters, problem.y.length, "clusters", (effect) => `effect ${effect + 1}`);
  const sets = setsOf(clusters, [...clusters.keys()]);
  if (sets.length < 2) {
    throw new UserError(
      `all ${clusters.length} effects are in one cluster ('${clusters[0]}'); cluster-robust standard errors need several`,
    );
  }
  const scores = scoreClusters(precision, variances, { type, sets, clusters, weights });
  const warnings = couplingWarnings(problem, clusters);
  const isUnbiased = type === "CR2" && warnings.length === 0;
  return {
    type,
    clusters: sets.length,
    level,
    covariance: scores.map((a) => scores.map((b) => dot(a.scores, b.scores))),
    contrasts: scores.map((score, place) => toRobust(names[place]!, score, { level, isUnbiased })),
    warnings,
  };
}

/**
 * Names of contrasts: those given, or numbered ones, or those of the coefficients where there are no contrasts.
 *
 * @throws UserError if there are not as many as contrasts, or no contrasts.
 */
export function contrastNames(
  { contrasts, names }: Pick<RobustOptions, "contrasts" | "names">,
  coefficients: readonly string[],
): readonly string[] {
  const own = contrasts?.map((_, place) => `contrast ${place + 1}`) ?? coefficients;
  const given = names ?? own;
  if (own.length > 0 && given.length === own.length) return given;
  throw new UserError(
    `there are ${own.length} contrasts and ${given.length} names; give at least one contrast, and one name for each`,
  );
}

/** Below so many degrees of freedom, tests exceed their level. */
const ENOUGH_DF = 4;
/** A smaller share of the variance under the working model is rounding. */
const NOTHING = 1e-9;
/** What is left of effects that lie exactly on the fitted values. */
const ROUNDING = 1e-20;
/** With a smaller share, standard errors are too small by a hundredth. */
const WHOLE = 0.98;

function toRobust(
  name: string,
  score: ClusterScores,
  { level, isUnbiased }: { readonly level: number; readonly isUnbiased: boolean },
): RobustEstimate {
  const { estimate, share, df, modelVariance } = score;
  const variance = dot(score.scores, score.scores);
  if (!(share > NOTHING && variance > ROUNDING * modelVariance)) {
    const warning =
      share > NOTHING
        ? "the effects lie exactly on the fitted values: there is no robust standard error"
        : "it rests on one cluster, or on as many coefficients as clusters: there is no robust standard error";
    const none = { se: null, df: null, statistic: null, p: null, lower: null, upper: null };
    return { name, estimate, ...none, warning };
  }
  const warning = warningOf(df, isUnbiased ? share : 1);
  return { name, ...toEstimate({ estimate, variance, df }, level), warning };
}

function warningOf(df: number, share: number): string | null {
  const warnings: string[] = [];
  if (share < WHOLE) {
    warnings.push(
      `the clusters show ${Math.round(100 * share)} % of its variance under the working model only, since a part rests on one cluster: the standard error is too small`,
    );
  }
  if (df < ENOUGH_DF) {
    warnings.push(
      `${df.toFixed(1)} degrees of freedom, below ${ENOUGH_DF}: the test may exceed its level`,
    );
  }
  return warnings.join("; ") || null;
}

function couplingWarnings(
  { v, y }: { readonly v: Float64Array; readonly y: Float64Array },
  clusters: readonly string[],
): string[] {
  const isCoupled = v.some(
    (value, cell) =>
      value !== 0 && clusters[Math.floor(cell / y.length)] !== clusters[cell % y.length],
  );
  return isCoupled
    ? [
        "Errors of different clusters are correlated in the sampling covariance; cluster-robust standard errors leave that out.",
      ]
    : [];
}
