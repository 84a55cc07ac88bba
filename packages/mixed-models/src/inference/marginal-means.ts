// Estimated marginal means (Searle, Speed and Milliken 1980, doi.org/10.1080/00031305.1980.10483031), as the R
// package emmeans 1.8.4 computes them, against which they were checked: with asymptotic degrees of freedom, or with those
// that `satterthwaite` has given the fit.
import { checkChoice, UserError } from "kit";
import type { Design } from "../design/design";
import type { MixedFit } from "../fit/result";
import { columnsOf, labelOf } from "../formula/expression";
import { type BinomialLink, inverseLink, linkSlope } from "../objective/binomial-link";
import { criticalValue } from "./adjust";
import { averageGrid, type Levels } from "./average-grid";
import { checkEstimability, type Estimability } from "./estimability";
import { effectsOfMeans } from "./fixed-effects";
import { gradeMeans } from "./grade-means";
import { estimateLinear, type Interval, type LinearEstimate, limits } from "./linear-estimate";
import { type GridValues, layOutGrid } from "./reference-grid";

/** What marginal means are asked for; all but `over` have defaults. */
export interface MarginalMeansOptions {
  /** Columns of the table: one mean for each combination of their values. None: one overall mean. */
  readonly over: readonly string[];
  /** Values of numeric covariates, the mean by default, or some levels of a factor, all by default. */
  readonly at?: GridValues;
  /**
   * Where covariates with two values, such as 0 and 1, are held: at `both`, weighted alike, as emmeans has them (its
   * `cov.keep`); or at the `mean`. `both` by default, `mean` with proportional weights.
   */
  readonly twoValued?: "both" | "mean";
  /**
   * How the levels of the other factors are averaged: `equal` (the default), or `proportional` to the used
   * rows that have the combination of levels, whatever the levels of `over`.
   */
  readonly weights?: "equal" | "proportional";
  /** Coverage of the limits, 0.95 by default. */
  readonly level?: number;
  /** `none` by default; `bonferroni` makes the limits hold for all means together. */
  readonly adjust?: "none" | "bonferroni";
  /**
   * For the cumulative family: `latent`, the default, on the scale of the linear predictor with its zero at the mean of
   * the thresholds; `probabilities` of the grades, one mean for each combination and grade, named as one more variable
   * after the response; or `expected`, the mean score.
   */
  readonly type?: "latent" | "probabilities" | "expected";
  /** The grades' scores for `expected`, from the lowest grade; 1, 2, … by default. */
  readonly scores?: readonly number[];
}

/**
 * One marginal mean, on the scale of the linear predictor, or of a cumulative fit's `type`; all null where it is not
 * estimable.
 */
export interface MarginalMean {
  readonly levels: Levels;
  readonly estimate: number | null;
  readonly se: number | null;
  /** Degrees of freedom of Student's t, by which the limits are; absent where they are normal. */
  readonly df?: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /**
   * For the binomial family, probabilities: the inverse link of the estimate and of its limits, and the
   * standard error by the delta method. Null for the other families.
   */
  readonly response: Interval | null;
  /** Why there is no estimate; null where there is one. */
  readonly reason: string | null;
}

/** Marginal means, and what contrasts of them need. */
export interface MarginalMeans {
  readonly family: MixedFit["family"];
  /** Of a binomial model's means, the link on whose scale they are. */
  readonly link?: BinomialLink;
  /** Whether the means are log-odds, so that exponentials of their differences are odds ratios. */
  readonly isLogOdds: boolean;
  /** Whether the means are a cumulative model's on the scale of its linear predictor. */
  readonly isLatent?: boolean;
  /** Whether the means are logarithms, so that exponentials of their differences are ratios; see `regridMeans`. */
  readonly isLog?: boolean;
  readonly over: readonly string[];
  readonly weights: "equal" | "proportional";
  readonly level: number;
  readonly adjust: "none" | "bonferroni";
  /** One for each combination of values of `over`; the first variable varies fastest. */
  readonly means: readonly MarginalMean[];
  /** For each mean its row: the averaged rows of the model matrix. */
  readonly rows: readonly Float64Array[];
  /** Estimates a linear function of the coefficients, such as a combination of `rows`. */
  estimate(row: Float64Array): LinearEstimate;
}

/**
 * Averages a fit's predictions over a reference grid: every level of every factor, and the means of the
 * numeric covariates.
 *
 * Random effects are at zero, so means that are not on the scale of the linear predictor are those of a typical group. Used rows are
 * counted for proportional weights; prior weights and numbers of trials are not. With columns dropped from
 * the design, a mean that the data do not determine is null, with the reason.
 *
 * @throws UserError if `over` or `at` do not fit the fixed effects, `level` is not between 0 and 1, the counts for
 *   proportional weights are unknown, or `type` and `scores` do not fit the family.
 *
 * Such as `marginalMeans(fit, { over: ["family", "sentiment"], at: { length: [20, 60] } }).means[0]?.estimate`.
 */
export function marginalMeans(fit: MixedFit, options: MarginalMeansOptions): MarginalMeans {
  const { over, at } = options;
  const { weights, level, adjust, isKept } = gridOptions(options);
  const grid = layOutGrid(fit.design, over, at, isKept);
  const estimability = checkEstimability(fit.design);
  const averaged = averageGrid(fit.design, grid, weights, estimability);
  const type = typeOfMeans(fit, options);
  if (type === "latent") refuseNominalVariables(fit, over, "mean");
  const { cells, rows, estimate } =
    fit.ordinal && type !== "latent"
      ? gradeMeans(
          fit,
          fit.ordinal,
          averaged.cells,
          averaged.points,
          estimability,
          type,
          options.scores,
        )
      : { ...averaged, estimate: estimator(fit, estimability) };
  const found = rows.map(estimate);
  const means = describeMeans(cells, found, { level, adjust }, fit.link);
  const isLogOdds = type === "latent" && (fit.link ?? fit.ordinal?.link) === "logit";
  const names = type === "probabilities" ? [...over, fit.design.response.name] : [...over];
  return {
    family: fit.family,
    isLogOdds,
    ...(fit.link ? { link: fit.link } : {}),
    ...(fit.ordinal && type === "latent" ? { isLatent: true } : {}),
    over: names,
    weights,
    level,
    adjust,
    means,
    rows,
    estimate,
  };
}

/**
 * Checks the options that means and slopes share, and gives them their defaults.
 *
 * @returns `isKept` says whether covariates with two values are held at both.
 */
export function gridOptions(
  options: Pick<MarginalMeansOptions, "twoValued" | "weights" | "level" | "adjust">,
) {
  const { weights = "equal", level = 0.95, adjust = "none" } = options;
  checkLevelOfLimits(level);
  checkChoice("weights", weights, ["equal", "proportional"]);
  checkChoice("adjust", adjust, ["none", "bonferroni"]);
  const { twoValued = weights === "equal" ? "both" : "mean" } = options;
  checkChoice("twoValued", twoValued, ["both", "mean"]);
  return { weights, level, adjust, isKept: twoValued === "both" };
}

/** Estimates linear functions of a fit's coefficients, with the degrees of freedom that it has. */
export function estimator(
  fit: MixedFit,
  estimability: Estimability,
): (row: Float64Array) => LinearEstimate {
  const effects = effectsOfMeans(fit);
  const { degreesOfFreedom } = fit;
  return (row) => {
    const found = estimateLinear(effects, estimability, row);
    if (found.reason !== null || !degreesOfFreedom) return found;
    return { ...found, df: degreesOfFreedom.of(row) };
  };
}

/**
 * Refuses what lies on the scale of the linear predictor for variables of nominal terms, whose effects have no single size there.
 *
 * @throws UserError naming the first of them.
 */
export function refuseNominalVariables(
  fit: MixedFit,
  variables: readonly string[],
  what: string,
): void {
  const { ordinal, design } = fit;
  if (!ordinal?.nominal) return;
  const { places } = ordinal.nominal;
  const nominal = design.fixed.terms
    .filter(({ columns: [from, to] }) => places.some((place) => from <= place && place < to))
    .flatMap((term) => term.variables);
  const found = variables.find((one) => nominal.some((label) => isOf(design, one, label)));
  if (found === undefined) return;
  throw new UserError(
    `'${found}' is nominal, with an effect at each threshold, so it has no latent ${what}; ask for probabilities or expected grades`,
  );
}

// Whether a variable of the formula, such as `factor(x)`, reads a column.
function isOf({ formula }: Design, column: string, label: string): boolean {
  const variable = formula.fixed.variables.find((one) => labelOf(one) === label);
  return variable !== undefined && columnsOf(variable).includes(column);
}

function typeOfMeans(
  { ordinal }: MixedFit,
  { type = "latent", scores }: MarginalMeansOptions,
): "latent" | "probabilities" | "expected" {
  checkChoice("type", type, ["latent", "probabilities", "expected"]);
  if (type !== "latent" && !ordinal) {
    throw new UserError(`type: "${type}" is for the cumulative family; leave it out`);
  }
  if (scores && type !== "expected") {
    throw new UserError('scores are for type: "expected"; give that, or leave them out');
  }
  return type;
}

/** @throws UserError if the coverage of limits is not between 0 and 1. */
export function checkLevelOfLimits(level: number): void {
  if (level > 0 && level < 1) return;
  throw new UserError(`level should be between 0 and 1, such as 0.95; it is ${level}`);
}

/**
 * Gives estimates their limits.
 *
 * @param inverse of a link, whose probabilities are shown, too.
 */
export function describeMeans(
  cells: readonly Levels[],
  found: readonly LinearEstimate[],
  { level, adjust }: Required<Pick<MarginalMeansOptions, "level" | "adjust">>,
  inverse?: BinomialLink,
): MarginalMean[] {
  const family = { tests: cells.length, means: cells.length };
  return found.map((one, at) => {
    const levels = cells[at]!;
    if (one.reason !== null) return { levels, ...NO_MEAN, reason: one.reason };
    const link = limits(one, criticalValue(level, adjust, family, one.df));
    return {
      levels,
      ...link,
      response: inverse ? toProbability(link, inverse) : null,
      reason: null,
    };
  });
}

const NO_MEAN = { estimate: null, se: null, lower: null, upper: null, response: null } as const;

function toProbability({ estimate, se, lower, upper }: Interval, link: BinomialLink): Interval {
  return {
    estimate: inverseLink(link, estimate),
    se: linkSlope(link, estimate) * se,
    lower: inverseLink(link, lower),
    upper: inverseLink(link, upper),
  };
}
