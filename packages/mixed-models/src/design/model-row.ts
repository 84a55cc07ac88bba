import { UserError } from "kit";
import type { TermList } from "../formula/expand-terms";
import { type Expression, labelOf, unwrap } from "../formula/expression";
import type { Column } from "./columns";
import { type ColumnSource, evaluate } from "./evaluate-expression";
import { checkLevel, findLevel } from "./factor";
import type { ModelFrame, Variable } from "./model-frame";
import { fillMatrix, type MatrixColumn } from "./model-matrix";

/** A value of a column; null, a blank text and NaN are missing, and of a column of numbers a truth value is, too. */
export type RowValue = string | number | boolean | null;

/** A value for each column of the table that the fixed effects read. */
export type RowValues = Readonly<Record<string, RowValue>>;

/**
 * Builds the model matrix's row for one combination of values, scaled and coded as the model was; not a number in every
 * cell where a value is missing.
 *
 * @param values a value for each column of the table that the terms read.
 * @throws UserError if a value is not given at all, is of the wrong kind, or an unknown level.
 */
export function buildRow(
  list: TermList,
  variables: readonly Variable[],
  columns: readonly MatrixColumn[],
  frame: ModelFrame,
  values: RowValues,
): Float64Array {
  const source = sourceOf(values, frame);
  const row = list.variables.map((expression, position) => {
    const column = evaluate(expression, source, frame.scalings);
    return toVariable(expression, column, variables[position]!);
  });
  if (row.includes(null)) return new Float64Array(columns.length).fill(Number.NaN);
  return fillMatrix(columns, row as Variable[], 1);
}

/**
 * Finds the level of a grouping factor that a row belongs to.
 *
 * @returns the level as it is called, and its position in `levels`, -1 where it is new; null if the value is missing.
 * @throws UserError if no value is given.
 */
export function levelOfRow(
  expression: Expression,
  levels: readonly string[],
  frame: ModelFrame,
  values: RowValues,
): { readonly level: string; readonly place: number } | null {
  const source = sourceOf(values, frame);
  const inner = unwrap(expression);
  const { values: found } =
    inner.kind === "name"
      ? source.labels(inner.name)
      : evaluate(expression, source, frame.scalings);
  const value = found[0] as RowValue;
  if (isMissing(value)) return null;
  const place = findLevel(levels, value!);
  return { level: levels[place] ?? String(value), place };
}

function sourceOf(values: RowValues, frame: ModelFrame): ColumnSource {
  const given = (name: string): RowValue => {
    const value = values[name];
    if (typeof value === "object" && value !== null) {
      throw new UserError(`the value given for '${name}' is an object; give a number or a text`);
    }
    // As a file's cells are read.
    if (typeof value === "string") return value.trim();
    if (value !== undefined) return value;
    throw new UserError(`no value is given for '${name}'; add it, or null where it is missing`);
  };
  return {
    rows: 1,
    get: (name) => toColumn(name, given(name), frame.columns.get(name).kind),
    labels: (name) => toLabel(given(name)),
  };
}

function isMissing(value: RowValue): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === null || Number.isNaN(value);
}

function toColumn(name: string, value: RowValue, kind: Column["kind"]): Column {
  if (kind === "numeric") return { kind, values: Float64Array.of(toNumber(name, value)) };
  if (isMissing(value)) return { kind: "text", values: [null] };
  if (kind === "text") return { kind, values: [String(value)] };
  return { kind, values: [toBoolean(name, value!)] };
}

function toLabel(value: RowValue): Column {
  if (isMissing(value)) return { kind: "text", values: [null] };
  if (typeof value === "number") return { kind: "numeric", values: Float64Array.of(value) };
  if (typeof value === "boolean") return { kind: "boolean", values: [value] };
  return { kind: "text", values: [value] };
}

function toBoolean(name: string, value: NonNullable<RowValue>): boolean {
  const text = String(value).toUpperCase();
  if (text !== "TRUE" && text !== "FALSE") checkLevel(String(value), name, ["FALSE", "TRUE"]);
  return text === "TRUE";
}

// A truth value says nothing of a number.
function toNumber(name: string, value: RowValue): number {
  if (isMissing(value) || typeof value === "boolean") return Number.NaN;
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new UserError(`'${value}' for '${name}' is not a finite number; give one`);
}

// Null where a value that the variable reads is missing.
function toVariable(expression: Expression, column: Column, model: Variable): Variable | null {
  const label = labelOf(expression);
  const value = column.values[0] as RowValue;
  if (isMissing(value)) return null;
  if (model.kind === "factor") {
    const found = findLevel(model.levels, value!);
    const code = found >= 0 ? found : checkLevel(String(value), label, model.levels);
    return { label, kind: "factor", levels: model.levels, codes: Int32Array.of(code) };
  }
  if (!Number.isFinite(value)) {
    throw new UserError(`${label} is ${value} for the given values; give others`);
  }
  return { label, kind: "numeric", values: Float64Array.of(value as number) };
}
