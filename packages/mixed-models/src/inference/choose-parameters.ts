import { didYouMean, listNames, UserError } from "kit";
import type { Design } from "../design/design";
import type { FitContext, Parameters } from "../fit/fit-context";
import { columnNames } from "../fit/model-groups";
import { rowOf } from "../numerics/matrices";
import { unpackFactors } from "../objective/covariance-factor";

/** Parameters in place of those that were fitted; the others stay. */
export interface ChosenParameters {
  /** Fixed effects by the coefficient's name, on the scale of the linear predictor. */
  readonly effects?: Readonly<Record<string, number>>;
  /**
   * Standard deviations of random effects by group: a number, or for a group with several effects one for each by its name.
   * Correlations stay. Of a Gaussian fit also `Residual`.
   */
  readonly sds?: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
}

/** A model whose parameters are chosen, and those that it has where nothing is chosen. */
export interface ChoosableModel extends Pick<FitContext, "data" | "grouped" | "parameters"> {
  readonly design: Design;
}

/** What the residual standard deviation is called, as in a fit's `variances`. */
export const RESIDUAL = "Residual";

/**
 * Puts chosen parameters in the place of fitted ones.
 *
 * @throws UserError for a coefficient, a group or an effect that the model does not have, with the nearest name; for a value that
 *   is not a finite number, or a standard deviation below 0.
 */
export function chooseParameters(
  model: ChoosableModel,
  { effects, sds }: ChosenParameters,
): Parameters {
  const { theta, thresholdParameters, sigma } = model.parameters;
  const beta = effects ? chooseEffects(model, effects) : model.parameters.beta;
  if (!sds) return { theta, thresholdParameters, beta, sigma };
  return { thresholdParameters, beta, ...chooseSds(model, sds) };
}

/** The names of a model's fixed effects: a cumulative model's intercept is where its thresholds are measured from. */
export function effectNames({ design, data }: Pick<ChoosableModel, "design" | "data">): string[] {
  return design.fixed.names.slice(data.scale ? 1 : 0);
}

function chooseEffects(
  model: ChoosableModel,
  effects: NonNullable<ChosenParameters["effects"]>,
): Float64Array {
  const { data, design, parameters } = model;
  const beta = Float64Array.from(parameters.beta);
  const known = effectNames(model);
  for (const [name, value] of Object.entries(effects)) {
    if (!known.includes(name)) refuseUnknown("effects", name, "coefficient", known);
    if (data.nominal?.places.includes(design.fixed.names.indexOf(name))) {
      throw new UserError(
        `effects: '${name}' is nominal, with an effect at each threshold; leave it as it was fitted`,
      );
    }
    if (!Number.isFinite(value)) {
      throw new UserError(`effects: '${name}' is ${value}; give a finite number`);
    }
    beta[design.fixed.names.indexOf(name)] = value;
  }
  return beta;
}

function chooseSds(
  { data: { family }, grouped, parameters }: ChoosableModel,
  sds: NonNullable<ChosenParameters["sds"]>,
): Pick<Parameters, "theta" | "sigma"> {
  const { groups } = grouped;
  const known = groups.map(({ name }) => name).concat(family === "gaussian" ? RESIDUAL : []);
  for (const name of Object.keys(sds)) {
    if (!known.includes(name)) refuseUnknown("sds", name, "group", known);
  }
  const residual = family === "gaussian" ? sds[RESIDUAL] : undefined;
  const sigma = residual === undefined ? parameters.sigma : toSd(residual, `'${RESIDUAL}'`);
  if (sigma === 0) throw new UserError(`sds: '${RESIDUAL}' is 0; give a number above 0`);
  const factors = unpackFactors(groups, parameters.theta);
  const theta = groups.flatMap(({ name, columns, entries }, groupIndex) => {
    const names = columnNames(grouped, groupIndex);
    const factor = factors[groupIndex]!;
    for (const [row, effect] of names.entries()) {
      const cells = rowOf(factor, row, columns);
      const length = Math.hypot(...cells);
      const sd = sdOf(sds[name], { group: name, effect, names }) ?? parameters.sigma * length;
      // An effect that did not vary has no correlation to keep.
      if (length === 0) cells[row] = sd / sigma;
      else for (const column of cells.keys()) cells[column]! *= sd / (sigma * length);
    }
    return entries.map(({ row, column }) => factor[row * columns + column]!);
  });
  return { theta, sigma };
}

interface EffectPlace {
  readonly group: string;
  readonly effect: string;
  readonly names: readonly string[];
}

function sdOf(
  given: number | Readonly<Record<string, number>> | undefined,
  { group, effect, names }: EffectPlace,
): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null) {
    if (names.length === 1) return toSd(given, `'${group}'`);
    throw new UserError(
      `sds: '${group}' has several effects; give one for each by its name: ${listNames(names)}`,
    );
  }
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) refuseUnknown(`sds of '${group}'`, name, "effect", names);
  }
  const sd = given[effect];
  return sd === undefined ? undefined : toSd(sd, `'${effect}' of '${group}'`);
}

function toSd(value: unknown, name: string): number {
  if (typeof value === "number" && value >= 0 && value < Infinity) return value;
  throw new UserError(`sds: ${name} is ${value}; give a number from 0`);
}

/** Refuses a name that a model does not have, naming the nearest, or all that it has. */
export function refuseUnknown(
  option: string,
  name: string,
  noun: string,
  known: readonly string[],
): never {
  const hint = didYouMean(name, known) || `; they are ${listNames(known)}`;
  throw new UserError(`${option}: the model has no ${noun} '${name}'${hint}`);
}
