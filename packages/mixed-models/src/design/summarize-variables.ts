import type { TermList } from "../formula/expand-terms";
import { columnsOf, type Expression, partsOf } from "../formula/expression";
import { fixedColumns } from "./fixed-design";
import { isFactorCall, type ModelFrame } from "./model-frame";

/** A column that the fixed effects read, over the used rows. */
export type VariableSummary =
  | {
      readonly kind: "numeric";
      readonly mean: number;
      readonly min: number;
      readonly max: number;
      /** Whether it has two values only, such as 0 and 1. */
      readonly isTwoValued: boolean;
    }
  | {
      readonly kind: "factor";
      readonly levels: readonly string[];
      /** Rows of each level. */
      readonly counts: readonly number[];
    };

/**
 * Summarizes the columns that the fixed effects read, by their names in the table.
 *
 * Texts, truth values, and numbers that are read only by `factor()` are factors.
 */
export function summarizeVariables(
  list: TermList,
  frame: ModelFrame,
): ReadonlyMap<string, VariableSummary> {
  return new Map(fixedColumns(list).map((name) => [name, summarize(name, list, frame)]));
}

function summarize(name: string, list: TermList, frame: ModelFrame): VariableSummary {
  if (list.variables.some((one) => readsAsNumber(one, name))) {
    const column = frame.columns.get(name);
    if (column.kind === "numeric") return summarizeNumbers(frame.take(column.values));
  }
  const { levels, codes } = frame.factor(findFactor(name, list));
  const counts = new Array<number>(levels.length).fill(0);
  for (const code of codes) counts[code] = counts[code]! + 1;
  return { kind: "factor", levels, counts };
}

function summarizeNumbers(values: Float64Array): VariableSummary {
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const isTwoValued = min < max && values.every((value) => value === min || value === max);
  return { kind: "numeric", mean: sum / values.length, min, max, isTwoValued };
}

// The factor's own expression, so that it shares the order of levels: `factor(x)` before `x`.
function findFactor(name: string, list: TermList): Expression {
  const reads = (one: Expression) => columnsOf(one).includes(name) && isFactorCall(one);
  return list.variables.find(reads) ?? { kind: "name", name, at: 0 };
}

function readsAsNumber(expression: Expression, name: string): boolean {
  if (expression.kind === "name") return expression.name === name;
  if (isFactorCall(expression)) return false;
  return partsOf(expression).some((part) => readsAsNumber(part, name));
}
