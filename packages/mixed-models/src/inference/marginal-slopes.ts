// Slopes of a covariate averaged over a reference grid, as the R package emmeans 1.8.4 computes them in `emtrends`, against
// which they were checked.
import { didYouMean, listNames, UserError } from "kit";
import type { Design } from "../design/design";
import type { MixedFit } from "../fit/result";
import { averageGrid, combineRows } from "./average-grid";
import { checkEstimability } from "./estimability";
import {
  describeMeans,
  estimator,
  gridOptions,
  type MarginalMeans,
  type MarginalMeansOptions,
  refuseNominalVariables,
} from "./marginal-means";
import { layOutGrid } from "./reference-grid";

/** What slopes are asked for; all but `of` have defaults. */
export interface MarginalSlopesOptions
  extends Pick<MarginalMeansOptions, "at" | "twoValued" | "weights" | "level" | "adjust"> {
  /** The covariate, a numeric column of the table. */
  readonly of: string;
  /** Columns of the table: one slope for each combination of their values. None, one overall slope, by default. */
  readonly over?: readonly string[];
}

/** Width of the difference, in ranges of the covariate; emmeans' `delta.var`. */
const WIDTH = 1e-3;

/**
 * Averages the slope of a covariate over a reference grid: what the linear predictor rises by for each unit of it.
 *
 * A slope is the difference of two of the grid's rows, a thousandth of the covariate's range apart: exact for a
 * covariate that enters by itself, in interactions, or squared. It is taken at the covariate's mean, or at its value in
 * `at`. The result is what `marginalMeans` gives, so that `contrastMeans` compares slopes; none has a `response`.
 *
 * @throws UserError if `of` is not a numeric variable of the fixed effects, is in `over` or has several values in `at`, or
 *   where `marginalMeans` would throw.
 *
 * Such as `marginalSlopes(fit, { of: "length", over: ["family"] }).means[0]?.estimate`.
 */
export function marginalSlopes(fit: MixedFit, options: MarginalSlopesOptions): MarginalMeans {
  const { of, over = [], at = {} } = options;
  const { weights, level, adjust, isKept } = gridOptions(options);
  const { mean, width } = covariateOf(fit.design, of);
  refuseNominalVariables(fit, [of, ...over], "slope");
  if (over.includes(of)) throw new UserError(`the slope of '${of}' cannot be over '${of}' itself`);
  const [center, ...others] = [at[of] ?? mean].flat();
  if (typeof center !== "number" || others.length > 0) {
    throw new UserError(`at: '${of}' needs one number, at which its slope is taken`);
  }
  const estimability = checkEstimability(fit.design);
  const averageAt = (value: number) => {
    const grid = layOutGrid(fit.design, over, { ...at, [of]: value }, isKept);
    return averageGrid(fit.design, grid, weights, estimability);
  };
  const below = averageAt(center - width / 2);
  const above = averageAt(center + width / 2);
  const rows = above.rows.map((row, cell) =>
    combineRows([row, below.rows[cell]!], [1 / width, -1 / width]),
  );
  const estimate = estimator(fit, estimability);
  return {
    family: fit.family,
    isLogOdds: false,
    over: [...over],
    weights,
    level,
    adjust,
    means: describeMeans(above.cells, rows.map(estimate), { level, adjust }),
    rows,
    estimate,
  };
}

function covariateOf({ variables }: Design, name: string): { mean: number; width: number } {
  const summary = variables.get(name);
  if (summary?.kind === "numeric") {
    return { mean: summary.mean, width: WIDTH * (summary.max - summary.min) };
  }
  const known = [...variables].flatMap(([one, { kind }]) => (kind === "numeric" ? [one] : []));
  const advice =
    didYouMean(name, known) ||
    `; they are: ${listNames(known) || "none, so that there are no slopes"}`;
  const fault = summary ? "is a factor" : "is not a variable of the fixed effects";
  throw new UserError(`'${name}' ${fault}; a slope is of a covariate${advice}`);
}
