// What each group's rows do to the fixed effects: Cook's distance and dfbetas by one Newton step without them, as Pregibon
// 1981 (doi.org/10.1214/aos/1176345513) has it, or by fitting again; Nieuwenhuis, te Grotenhuis and Pelzer 2012
// (doi.org/10.32614/RJ-2012-011) for groups.
import { checkOptionNames } from "kit";
import { type Estimate, estimate, NoFiniteLikelihood } from "../fit/estimate";
import {
  contextOf,
  type FitContext,
  groupNamed,
  refuseNominalOf,
  refusePriorOf,
} from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { factorise, invertFactored } from "../numerics/cholesky";
import { lastBlock, lastDiagonal, quadraticForm } from "../numerics/matrices";
import { NoValue } from "../numerics/minimise";
import { collapseRows } from "../objective/collapse";
import { rowsOfLevels, takeDataRows } from "../objective/data-rows";
import type { ModelData } from "../objective/model-data";
import { PenalisedSystem } from "../objective/penalised-system";
import { settledSystem } from "./settled-system";

/** How influence is computed. */
export interface GroupInfluenceOptions {
  /** Whether the model is fitted again without each group; one Newton step with the variances held otherwise. */
  readonly refit?: boolean;
}

/** What the fixed effects lose with one group. */
export interface LevelInfluence {
  readonly level: string;
  readonly rows: number;
  /** Distance of the estimates without the group, in the fit's covariance matrix, for each coefficient; null where they have no estimate. */
  readonly cooksDistance: number | null;
  /** Estimates with the group less those without it. */
  readonly dfbeta: readonly number[] | null;
  /** The same in standard errors of those without it. */
  readonly dfbetas: readonly number[] | null;
}

/** The influence of a factor's levels. */
export interface GroupInfluence {
  readonly group: string;
  /** Names of the coefficients, in the order of `dfbeta`. */
  readonly coefficients: readonly string[];
  /** In the order of the factor. */
  readonly levels: readonly LevelInfluence[];
}

/**
 * Computes how the fixed effects change without each level of a grouping factor.
 *
 * One step is exact for a linear model with its variances held. The thresholds' distances of a cumulative model are held as well,
 * so that with few rows a level it is rough there: ask `refit`. Cost: a pass over the rows for each level, or a fit.
 *
 * @throws UserError if the model has no such group.
 */
export function groupInfluence(
  fit: MixedFit,
  group: string,
  options: GroupInfluenceOptions = {},
): GroupInfluence {
  checkOptionNames(options, ["refit"]);
  if (!options.refit) refusePriorOf(fit, "influence by one step", "ask for refit");
  refuseNominalOf(fit, "effect that a group could move", "leave nominal out");
  const context = contextOf(fit);
  const { groups } = context.data;
  const groupIndex = groups.indexOf(groupNamed(fit, group));
  const { levels } = context.grouped.terms.find((term) => term.groupIndex === groupIndex)!;
  const members = rowsOfLevels(groups[groupIndex]!);
  const changes = options.refit
    ? changesByRefit(context, members)
    : changesByStep(context, members);
  const distance = distanceIn(fit.covariance, fit.coefficients.length);
  const first = fit.ordinal ? 1 : 0;
  return {
    group,
    coefficients: fit.coefficients.map(({ name }) => name),
    levels: levels.map((level, which) => {
      const change = changes[which];
      const dfbeta = change?.dfbeta.subarray(first);
      const se = change?.variances.subarray(first).map(Math.sqrt);
      return {
        level,
        rows: members[which]!.length,
        cooksDistance: dfbeta ? distance(dfbeta) : null,
        dfbeta: dfbeta ? [...dfbeta] : null,
        dfbetas: dfbeta && se ? Array.from(dfbeta, (value, j) => value / se[j]!) : null,
      };
    }),
  };
}

/** Estimates with a group less those without it, and the variances of the latter; in the table's units. */
interface Change {
  readonly dfbeta: Float64Array;
  readonly variances: Float64Array;
}

// Without the rows their weights and residuals are zero. What is left of a step with all rows is no group's doing: the
// Laplace estimates are not those that make it zero.
function changesByStep(context: FitContext, members: readonly number[][]): (Change | undefined)[] {
  const { data, parameters } = context;
  const { units, standard, system: settled } = settledSystem(context);
  const { order } = settled.blocks;
  const [w, r] = [Float64Array.from(settled.w), Float64Array.from(settled.r)];
  const system = new PenalisedSystem(units.data, () => ({ w, r }));
  system.setTheta(standard.theta);
  system.copyEffects(settled);
  const places = new Int32Array(order.length);
  for (const [place, row] of order.entries()) places[row] = place;
  const variance = data.family === "gaussian" ? parameters.sigma ** 2 : 1;
  const whole = stepOf(system)!;
  const from = Float64Array.from(settled.beta);
  const estimateOf = (step: Float64Array) => units.beta(from.map((value, j) => value + step[j]!));
  const full = estimateOf(whole.step);
  return members.map((rows) => {
    for (const row of rows) [w[places[row]!], r[places[row]!]] = [0, 0];
    const without = stepOf(system);
    for (const row of rows) {
      const place = places[row]!;
      [w[place], r[place]] = [settled.w[place]!, settled.r[place]!];
    }
    if (!without || isLost(without.covariance, whole.covariance)) return undefined;
    const beta = estimateOf(without.step);
    const covariance = units.covariance(without.covariance);
    return {
      dfbeta: full.map((value, j) => value - beta[j]!),
      variances: lastDiagonal(covariance, beta.length).map((value) => value * variance),
    };
  });
}

function stepOf(system: PenalisedSystem<{ w: Float64Array; r: Float64Array }>) {
  try {
    system.newtonStep(true);
  } catch (error) {
    if (error instanceof NoValue) return undefined;
    throw error;
  }
  const step = Float64Array.from(system.stepDense).subarray(system.small);
  return { step, covariance: system.fixedCovariance() };
}

// Rounding leaves a little of what a coefficient's only rows knew of it.
const LOST = 1e8;

function isLost(without: Float64Array, whole: Float64Array): boolean {
  const width = Math.sqrt(whole.length);
  return Array.from({ length: width }, (_, j) => j * (width + 1)).some((at) => {
    return !(without[at]! < LOST * whole[at]!);
  });
}

function changesByRefit(context: FitContext, members: readonly number[][]): (Change | undefined)[] {
  const { data, estimateOptions, parameters } = context;
  return members.map((rows) => {
    const left = new Set(rows);
    const found = fitRows(
      data,
      Int32Array.from({ length: data.rows }, (_, row) => row).filter((row) => !left.has(row)),
      estimateOptions,
    );
    if (!found) return undefined;
    return {
      dfbeta: found.beta.map((value, j) => parameters.beta[j]! - value),
      variances: lastDiagonal(found.covariance, found.beta.length),
    };
  });
}

function fitRows(
  data: ModelData,
  rows: Int32Array,
  options: FitContext["estimateOptions"],
): Estimate | undefined {
  try {
    const found = estimate(collapseRows(takeDataRows(data, rows)), options);
    return found.converged && found.covariance.every(Number.isFinite) ? found : undefined;
  } catch (error) {
    if (error instanceof NoFiniteLikelihood) return undefined;
    throw error;
  }
}

// d' C^-1 d for each coefficient.
function distanceIn(covariance: Float64Array, width: number): (d: Float64Array) => number {
  const factor = lastBlock(covariance, width);
  if (factorise(factor, width) >= 0) return () => Number.NaN;
  const inverse = invertFactored(factor, width);
  return (d) => quadraticForm(inverse, width, d) / width;
}
