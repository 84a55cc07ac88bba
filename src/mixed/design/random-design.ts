import { UserError } from "../../user-error";
import { labelOf } from "../formula/expression";
import { formatNumber } from "../formula/format-number";
import type { RandomTerm } from "../formula/random-terms";
import { crossFactors } from "./factor";
import type { RowValues } from "./fixed-design";
import type { ModelFrame } from "./model-frame";
import { fillMatrix, planColumns } from "./model-matrix";
import { buildRow } from "./model-row";

/** One random term: its groups, and its effects in each row. */
export interface RandomDesign {
  /** The group's name, such as `g` or `k:g`. */
  readonly group: string;
  /** The groups that occur, such as `c1:s01`, in R's order. */
  readonly levels: readonly string[];
  /** Each row's position in `levels`. */
  readonly index: Int32Array;
  /** The effects' names, such as `(Intercept)` and `x`; factors have treatment contrasts. */
  readonly names: readonly string[];
  /** `rows x names.length`, row-major. */
  readonly Z: Float64Array;
  /**
   * The group and the effects' values for one combination of values, by column of the table; the group may be
   * one that does not occur in `levels`.
   *
   * @throws UserError where a value is missing or of the wrong kind.
   */
  rowFor(values: RowValues): { readonly level: string; readonly z: Float64Array };
}

/**
 * Builds a random term as lme4's `mkReTrms` does, without its sorting by number of levels.
 *
 * @throws UserError where a factor among the effects has one level only.
 */
export function buildRandom(term: RandomTerm, frame: ModelFrame): RandomDesign {
  const { levels, codes } = crossFactors(term.factors.map((factor) => frame.factor(factor)));
  const variables = term.effects.variables.map((variable) => frame.variable(variable));
  const columns = planColumns(term.effects, variables);
  return {
    group: term.group,
    levels,
    index: codes,
    names: columns.map(({ name }) => name),
    Z: fillMatrix(columns, variables, codes.length),
    rowFor: (values) => ({
      level: term.factors.map((factor) => levelFor(labelOf(factor), values)).join(":"),
      z: buildRow(term.effects, variables, columns, frame, values),
    }),
  };
}

function levelFor(name: string, values: RowValues): string {
  const value = values[name];
  if (value === undefined) throw new UserError(`no value is given for '${name}'; add it`);
  return typeof value === "number" ? formatNumber(value) : String(value);
}
