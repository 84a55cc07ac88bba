// Profile-likelihood intervals of fixed effects: Venzon and Moolgavkar 1988 (doi.org/10.2307/2347496). The
// deviance is minimised over everything else, and followed from the estimate to both sides until it has risen
// by the quantile of the chi-square distribution.
import { didYouMean, listNames, UserError } from "kit";
import { estimate } from "../fit/estimate";
import { contextOf, refuseNominalOf, refusePriorOf } from "../fit/fit-context";
import type { EstimateOptions } from "../fit/optimum";
import type { MixedFit } from "../fit/result";
import { upperQuantile } from "../numerics/normal";
import { expandPatterns, findPatterns } from "../numerics/patterns";
import { collapseRows } from "../objective/collapse";
import type { ModelData } from "../objective/model-data";
import { checkLevelOfLimits } from "./marginal-means";

/** A profile interval of one coefficient. */
export interface ProfileInterval {
  readonly name: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Computes the profile-likelihood interval of a fixed effect.
 *
 * A linear model is profiled by maximum likelihood, also where it was fitted by REML. Cost: about a dozen fits.
 *
 * @param name the coefficient, as the fit names it.
 * @param level coverage; 0.95 by default.
 * @throws UserError if the fit has no coefficient of that name.
 */
export function profileInterval(fit: MixedFit, name: string, level = 0.95): ProfileInterval {
  checkLevelOfLimits(level);
  refusePriorOf(fit, "profile interval");
  const place = fit.coefficients.findIndex((one) => one.name === name);
  const names = fit.coefficients.map((one) => one.name);
  if (place < 0) {
    const hint = didYouMean(name, names) || `; there are ${listNames(names)}`;
    throw new UserError(`no coefficient is named '${name}'${hint}`);
  }
  const { data, estimateOptions } = contextOf(fit);
  // A cumulative model's intercept is a column that has no coefficient of its own.
  const column = place + (fit.ordinal ? 1 : 0);
  if (fit.ordinal?.nominal?.places.includes(column)) {
    refuseNominalOf(fit, `effect of '${name}'`, "bootstrapFit gives intervals of each");
  }
  const options = { ...estimateOptions, reml: false, errors: false };
  const best = estimate(collapseRows(data), options);
  const center = best.beta[column]!;
  const { se } = fit.coefficients[place]!;
  const target = upperQuantile((1 - level) / 2);
  const height = (value: number) =>
    Math.sqrt(Math.max(0, devianceAt(data, options, column, value) - best.minusTwoLogLik));
  const find = (side: 1 | -1) => findHeight(height, center, side * se, target);
  return { name, estimate: center, lower: find(-1), upper: find(1) };
}

// The column leaves the model matrix and enters as a fixed part of the linear predictor.
function devianceAt(
  data: ModelData,
  options: EstimateOptions,
  column: number,
  value: number,
): number {
  const { fixedColumns, rows } = data;
  const { values, of } = data.fixed;
  const left = values.filter((_, cell) => cell % fixedColumns !== column);
  const offset = Float64Array.from(of, (pattern, row) => {
    return values[pattern * fixedColumns + column]! * value + (data.offset?.[row] ?? 0);
  });
  const fixed = findPatterns(
    expandPatterns({ ...data.fixed, values: left }, fixedColumns - 1),
    rows,
    fixedColumns - 1,
  );
  const reduced = { ...data, fixed, fixedColumns: fixedColumns - 1, offset };
  return estimate(collapseRows(reduced), options).minusTwoLogLik;
}

/**
 * Finds where a height that is 0 at a center has grown to a target, by secant steps: it grows nearly in proportion to the distance.
 *
 * @param unit to which side, and about how far the height takes to grow by 1.
 * @returns an infinity where it does not reach the target.
 */
export function findHeight(
  height: (value: number) => number,
  center: number,
  unit: number,
  target: number,
): number {
  let near = 0;
  let nearHeight = 0;
  let far = target;
  let farHeight = height(center + far * unit);
  for (let step = 0; step < 40; step++) {
    if (Math.abs(farHeight - target) < 1e-6) return center + far * unit;
    const slope = (farHeight - nearHeight) / (far - near);
    const next = slope > 0 ? far + (target - farHeight) / slope : 2 * far;
    near = far;
    nearHeight = farHeight;
    far = Math.min(Math.max(next, far / 4), 4 * far);
    farHeight = height(center + far * unit);
    if (Math.abs(far) > 1e4) return unit > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
  return center + far * unit;
}
