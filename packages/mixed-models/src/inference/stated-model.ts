import { listNames, UserError } from "kit";
import { type Table, toColumns } from "../design/columns";
import { contextOf } from "../fit/fit-context";
import { buildModel, type ModelParts } from "../fit/fit-mixed";
import type { FitOptions } from "../fit/fit-options";
import { columnNames } from "../fit/model-groups";
import type { MixedFit } from "../fit/result";
import { labelOf } from "../formula/expression";
import { parseFormula } from "../formula/formula";
import { thetaEntries } from "../objective/covariance-factor";
import type { Family } from "../objective/model-data";
import {
  type ChoosableModel,
  type ChosenParameters,
  chooseParameters,
  effectNames,
  RESIDUAL,
} from "./choose-parameters";

/** A model whose parameters were stated, not fitted. */
export interface StatedModel extends ModelParts, ChoosableModel {}

/** Every parameter of a model that was not fitted. */
export interface StatedParameters extends Required<ChosenParameters> {
  /** Between each two grades, rising, where the linear predictor is 0; for the cumulative family only. */
  readonly thresholds?: readonly number[];
}

/** How a model is stated: as it would be fitted, its thresholds flexible. */
export type StateOptions = Omit<FitOptions, "thresholds" | "nominal" | "success" | "now">;

/**
 * States a model for rows without a response, to plan a study without a pilot.
 *
 * Correlations of random effects are 0.
 *
 * @param rows what is planned: a value for each column that the formula reads but the response.
 * @param parameters all of them: nothing is guessed.
 * @throws UserError as `fitMixed` for what cannot be estimated; for a parameter that is missing or not of the model; if the response
 *   is not a plain column, or the rows have it.
 */
export function stateModel(
  formula: string,
  rows: Table,
  { thresholds, ...parameters }: StatedParameters,
  options: StateOptions = {},
): StatedModel {
  const { family = "gaussian" } = options;
  checkThresholds(thresholds, family === "cumulative");
  if ((options as FitOptions).nominal !== undefined) {
    throw new UserError("nominal terms need a fit, whose thresholds they move; leave nominal out");
  }
  const table = withResponse(formula, rows, { family, grades: (thresholds?.length ?? 0) + 1 });
  const parts = buildModel(formula, table, options);
  const { design, data, grouped } = parts;
  const beta = new Float64Array(design.fixed.names.length);
  if (thresholds) beta[0] = -thresholds[0]!;
  const thresholdParameters = Float64Array.from(
    (thresholds ?? []).slice(1),
    (one) => one - thresholds![0]!,
  );
  const theta = new Float64Array(thetaEntries(grouped.groups).length);
  const blank = {
    design,
    data,
    grouped,
    parameters: { theta, thresholdParameters, beta, sigma: 1 },
  };
  refuseUnstated(blank, parameters);
  return { ...parts, parameters: chooseParameters(blank, parameters) };
}

/** A fit as what its parameters can be chosen of. */
export function modelOfFit(fit: MixedFit): StatedModel {
  return { design: fit.design, ...contextOf(fit) };
}

function checkThresholds(thresholds: readonly number[] | undefined, isGraded: boolean): void {
  if (isGraded !== (thresholds !== undefined)) {
    throw new UserError(
      isGraded
        ? "thresholds are not given; a cumulative model needs one between each two grades, such as -1, 0, 1"
        : "thresholds are for the cumulative family; leave them out, or change the family",
    );
  }
  const isRising = thresholds?.every(
    (one, place) => Number.isFinite(one) && (place === 0 || one > thresholds[place - 1]!),
  );
  if (isRising !== false && thresholds?.length !== 0) return;
  throw new UserError(`thresholds are ${thresholds?.join(", ") || "none"}; give rising numbers`);
}

// The formula's machinery takes its rows with a response: any that could be fitted will do, and none of its values is read.
function withResponse(
  formula: string,
  rows: Table,
  { family, grades }: { readonly family: Family; readonly grades: number },
): Table {
  const { response } = parseFormula(formula);
  if (response.kind !== "name") {
    throw new UserError(
      `the response of a model without data should be a plain column, such as y; it is ${labelOf(response)}`,
    );
  }
  const { name } = response;
  const columns = toColumns(rows);
  if (columns.names.includes(name)) {
    throw new UserError(`the rows have a column '${name}', the response; leave it out, or fit it`);
  }
  const steps = { gaussian: 997, binomial: 2, cumulative: grades }[family];
  return columns.withColumn(
    name,
    Float64Array.from({ length: columns.rows }, (_, row) => scattered(row) % steps),
  );
}

// Neighbouring numbers far apart (Knuth's multiplicative hash), so that groups and covariates do not determine them.
function scattered(row: number): number {
  return (Math.imul(row + 1, 0x9e3779b1) >>> 0) >>> 8;
}

function refuseUnstated(model: ChoosableModel, { effects, sds }: Required<ChosenParameters>): void {
  const missing = effectNames(model).filter((name) => !Object.hasOwn(effects, name));
  if (missing.length > 0) {
    throw new UserError(`effects: ${listNames(missing)} not given; state every coefficient`);
  }
  const { groups } = model.grouped;
  const unstated = groups.flatMap(({ name }, groupIndex) => {
    const names = columnNames(model.grouped, groupIndex);
    const given = sds[name];
    if (given === undefined) return [`'${name}'`];
    if (typeof given === "number") return [];
    return names.filter((one) => !Object.hasOwn(given, one)).map((one) => `'${one}' of '${name}'`);
  });
  if (model.data.family === "gaussian" && sds[RESIDUAL] === undefined)
    unstated.push(`'${RESIDUAL}'`);
  if (unstated.length === 0) return;
  throw new UserError(`sds: ${listNames(unstated)} not given; state every standard deviation`);
}
