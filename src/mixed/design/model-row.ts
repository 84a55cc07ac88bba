import { UserError } from "../../user-error";
import type { TermList } from "../formula/expand-terms";
import { type Expression, labelOf } from "../formula/expression";
import { formatNumber } from "../formula/format-number";
import type { Column } from "./columns";
import { type ColumnSource, evaluate } from "./evaluate-expression";
import { checkLevel } from "./factor";
import type { ModelFrame, Variable } from "./model-frame";
import { fillMatrix, type MatrixColumn } from "./model-matrix";

type Value = string | number | boolean;

/**
 * Builds the model matrix's row for one combination of values, scaled and coded as the model was.
 *
 * @param values a value for each column of the table that the terms read.
 * @throws UserError where a value is missing, of the wrong kind, or an unknown level.
 */
export function buildRow(
  list: TermList,
  variables: readonly Variable[],
  columns: readonly MatrixColumn[],
  frame: ModelFrame,
  values: Readonly<Record<string, Value>>,
): Float64Array {
  const source: ColumnSource = {
    rows: 1,
    get: (name) => convertValue(name, values[name], frame.columns.get(name)),
  };
  const row = list.variables.map((expression, position) => {
    const column = evaluate(expression, source, frame.scalings);
    return toVariable(expression, column, variables[position]!);
  });
  return fillMatrix(columns, row, 1);
}

function convertValue(name: string, value: Value | undefined, { kind }: Column): Column {
  if (value === undefined) throw new UserError(`no value is given for '${name}'; add it`);
  switch (kind) {
    case "text":
      return { kind, values: [String(value)] };
    case "boolean":
      return { kind, values: [toBoolean(name, value)] };
    default:
      return { kind, values: Float64Array.of(toNumber(name, value)) };
  }
}

function toBoolean(name: string, value: Value): boolean {
  const text = String(value).toUpperCase();
  if (text !== "TRUE" && text !== "FALSE") checkLevel(String(value), name, ["FALSE", "TRUE"]);
  return text === "TRUE";
}

function toNumber(name: string, value: Value): number {
  const number = value === "" ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw new UserError(`'${value}' for '${name}' is not a finite number; give one`);
}

function toVariable(expression: Expression, column: Column, model: Variable): Variable {
  const label = labelOf(expression);
  const [value] = column.values;
  if (model.kind === "factor") {
    const level = nameLevel(value as Value, model.levels);
    const code = checkLevel(level, label, model.levels);
    return { label, kind: "factor", levels: model.levels, codes: Int32Array.of(code) };
  }
  if (!Number.isFinite(value)) {
    throw new UserError(`${label} is ${value} for the given values; give others`);
  }
  return { label, kind: "numeric", values: Float64Array.of(value as number) };
}

function nameLevel(value: Value, levels: readonly string[]): string {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  const plain = String(value);
  return typeof value === "number" && !levels.includes(plain) ? formatNumber(value) : plain;
}
