import { checkOptionNames, createGenerator, type RandomGenerator, UserError } from "kit";
import type { RowValues } from "../design/model-row";
import { contextOf, type Parameters } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { timesWeights } from "../numerics/patterns";
import { inverseLink } from "../objective/binomial-link";
import { unpackFactors } from "../objective/covariance-factor";
import type { GradeLink } from "../objective/grade-density";
import { distancesOf } from "../objective/grade-scale";
import { LATENT } from "../objective/latent";
import type { ModelData } from "../objective/model-data";
import { type ChosenParameters, chooseParameters } from "./choose-parameters";
import { dataOfRows } from "./new-rows";
import { areCrossed, CROSSED } from "./row-cuts";

/** What is simulated; what is not given is as it was fitted. */
export interface SimulateOptions extends ChosenParameters {
  readonly seed: number;
  /** Number of responses, 1 by default. */
  readonly count?: number;
  /** New rows, with whatever groups; the rows of the fit by default. No value that the model reads may be missing. */
  readonly rows?: readonly RowValues[];
  /** Column of the new rows that holds their numbers of trials, for the binomial family; the fit's weights by default, else 1. */
  readonly trials?: string;
}

/**
 * Draws responses from a fitted model, with new random effects: of its own rows or of others, by its own parameters or by others,
 * so that a study can be planned before it is run. `refit` takes those of its own rows, `fitMixed` any.
 *
 * The same seed gives the same responses. Cost: a pass over the rows for each.
 *
 * @returns each response as one value for each row: successes (binomial), grades from 0 (cumulative) or numbers.
 * @throws UserError for a cumulative fit with prior weights and no new rows, whose rows stand for several grades; for an effect,
 *   a group or a level of a fixed factor that the model does not have; for a new row that lacks a value.
 */
export function simulateFit(fit: MixedFit, options: SimulateOptions): Float64Array[] {
  checkOptionNames(options, ["seed", "count", "rows", "trials", "effects", "sds"]);
  const { seed, count = 1, rows, trials } = options;
  const data = rows ? dataOfRows(fit, rows, trials) : contextOf(fit).data;
  if (trials !== undefined && !rows) {
    throw new UserError("trials is a column of new rows; give rows, or leave it out");
  }
  refuseWeighted(data);
  const parameters = chooseParameters({ design: fit.design, ...contextOf(fit) }, options);
  return Array.from({ length: count }, (_, stream) =>
    simulateResponse(data, parameters, createGenerator(seed, stream)),
  );
}

/** @throws UserError if one row stands for several grades, of which only one could be drawn. */
export function refuseWeighted({ family, weights }: ModelData): void {
  if (family !== "cumulative" || weights.every((weight) => weight === 1)) return;
  throw new UserError(
    "a cumulative fit with weights cannot be simulated; repeat the rows in place of weighting them, and fit again",
  );
}

/**
 * Draws a response from a model, with new random effects.
 *
 * @returns one value a row: successes (binomial), grades from 0 (cumulative) or numbers (Gaussian).
 */
export function simulateResponse(
  data: ModelData,
  { theta, thresholdParameters, beta, sigma }: Parameters,
  generator: RandomGenerator,
): Float64Array {
  const eta = fixedPart(data, beta);
  const factors = unpackFactors(data.groups, theta);
  for (const [at, group] of data.groups.entries()) {
    const { columns, levels, index, values } = group;
    const effects = drawEffects(factors[at]!, columns, levels, sigma, generator);
    for (let row = 0; row < data.rows; row++) {
      const level = index[row]!;
      for (let column = 0; column < columns; column++) {
        const value = values[row * columns + column]!;
        eta[row] = eta[row]! + value * effects[level * columns + column]!;
      }
    }
  }
  const { scale } = data;
  if (scale) {
    const cuts = cutsOfPatterns(data, thresholdParameters);
    const of = data.nominal?.patterns.of;
    return eta.map((value, row) => {
      return drawGrade(value, cuts[of ? of[row]! : 0]!, scale.link, generator);
    });
  }
  return data.family === "binomial"
    ? eta.map((value, row) => {
        return drawSuccesses(inverseLink(data.link, value), data.weights[row]!, generator);
      })
    : eta.map((value, row) => {
        return value + (sigma * generator.normal()) / Math.sqrt(data.weights[row]!);
      });
}

function fixedPart({ fixed, offset }: ModelData, beta: ArrayLike<number>): Float64Array {
  const eta = timesWeights(fixed, beta);
  return offset ? eta.map((value, row) => value + offset[row]!) : eta;
}

function drawEffects(
  factor: Float64Array,
  columns: number,
  levels: number,
  sigma: number,
  generator: RandomGenerator,
): Float64Array {
  const effects = new Float64Array(levels * columns);
  const u = new Float64Array(columns);
  for (let level = 0; level < levels; level++) {
    for (let k = 0; k < columns; k++) u[k] = sigma * generator.normal();
    for (let i = 0; i < columns; i++) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += factor[i * columns + k]! * u[k]!;
      effects[level * columns + i] = sum;
    }
  }
  return effects;
}

// Thresholds for each pattern of the nominal columns; one for all rows where there are none.
function cutsOfPatterns(
  { scale, nominal }: ModelData,
  thresholdParameters: ArrayLike<number>,
): Float64Array[] {
  if (!nominal) return [distancesOf(scale!, thresholdParameters)];
  const { places, patterns } = nominal;
  return Array.from({ length: patterns.count }, (_, at) => {
    const x = patterns.values.subarray(at * places.length, (at + 1) * places.length);
    const cuts = distancesOf(scale!, thresholdParameters, x);
    if (!areCrossed(cuts)) return cuts;
    const row = patterns.of.indexOf(at) + 1;
    throw new UserError(`row ${row}: ${CROSSED}; stay nearer to the data, or leave it out`);
  });
}

// The latent variable is the linear predictor and a draw from the link's distribution.
function drawGrade(
  eta: number,
  cuts: Float64Array,
  link: GradeLink,
  generator: RandomGenerator,
): number {
  const error = LATENT[link].draw(generator);
  return cuts.filter((cut) => cut < eta + error).length;
}

function drawSuccesses(probability: number, trials: number, generator: RandomGenerator): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial++) if (generator.uniform() < probability) count++;
  return count;
}
