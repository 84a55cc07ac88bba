import { UserError } from "kit";
import { type Expression, isFactorName, labelOf, partsOf, unwrap } from "../formula/expression";
import { columnsOfFormula, type Formula } from "../formula/formula";
import type { Column, Columns } from "./columns";
import { evaluate, type Scalings } from "./evaluate-expression";
import {
  compareCodePoints,
  type Factor,
  type LevelOrder,
  orderLevels,
  toFactor,
  toLogicalFactor,
} from "./factor";

/** A variable of a model over the used rows: numbers, or a factor. */
export type Variable = { readonly label: string } & (
  | { readonly kind: "numeric"; readonly values: Float64Array }
  | ({ readonly kind: "factor" } & Factor)
);

/** Rows left out because a variable of the formula is missing there. */
export interface Missing {
  readonly dropped: number;
  /** For each column with missing values, how many; a row may count for several columns. */
  readonly byVariable: Readonly<Record<string, number>>;
}

/** How factors' levels are ordered, by the name of the column or its label in the formula. */
export interface LevelOptions {
  /** Levels in order; those that do not occur in the used rows are left out. */
  readonly levels?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The level that comes first, as R's `relevel`. */
  readonly reference?: Readonly<Record<string, string>> | undefined;
}

/** The variables of a formula, evaluated on the rows without missing values. */
export class ModelFrame {
  /** Positions in the table of the rows that are used, ascending. */
  readonly usedRows: Int32Array;
  readonly missing: Missing;
  /** What `scale()` computed, for new data. */
  readonly scalings: Scalings = new Map();
  private readonly variables = new Map<string, Variable>();
  private readonly factors = new Map<string, Factor>();
  private readonly groups = new Map<string, Factor>();

  /**
   * @param weights a column beside the formula's whose missing values leave rows out, too.
   * @throws UserError if a column is unknown or infinite, or where no complete row is left.
   */
  constructor(
    formula: Formula,
    readonly columns: Columns,
    private readonly options: LevelOptions,
    weights?: string,
  ) {
    const read = readColumns(formula, columns, weights);
    for (const [name, column] of read) refuseInfinite(name, column);
    [this.usedRows, this.missing] = findCompleteRows(read, columns.rows);
    if (this.usedRows.length > 0) return;
    const counts = Object.entries(this.missing.byVariable).map(([name, n]) => `${name} ${n}`);
    throw new UserError(
      `every row lacks a value (missing: ${counts.join(", ")}); leave such columns out of the formula`,
    );
  }

  /** @throws UserError if an expression gives no finite number, naming the row. */
  variable(expression: Expression): Variable {
    const label = labelOf(expression);
    let variable = this.variables.get(label);
    if (!variable) {
      variable = { label, ...this.evaluateVariable(expression) };
      this.variables.set(label, variable);
    }
    return variable;
  }

  /** What groups rows: a factor that has only levels which occur, of a file's column as they are written. */
  group(expression: Expression): Factor {
    const inner = unwrap(expression);
    if (inner.kind !== "name") return this.factor(expression);
    let group = this.groups.get(inner.name);
    if (!group) {
      group = this.arrange(
        inner,
        toFactor(this.columns.labels(inner.name), this.usedRows, compareCodePoints),
      );
      this.groups.set(inner.name, group);
    }
    return group;
  }

  /** The variable as a factor that has only levels which occur. */
  factor(expression: Expression): Factor {
    const label = labelOf(expression);
    let factor = this.factors.get(label);
    if (!factor) {
      const column = this.evaluateFinite(expression);
      factor = this.arrange(expression, toFactor(column, this.usedRows));
      this.factors.set(label, factor);
    }
    return factor;
  }

  /** The levels that the options list for an expression, in order. */
  levelsOf(expression: Expression): readonly string[] | undefined {
    return this.pick(expression, this.options.levels);
  }

  /** Whether the levels of an expression have an order by themselves: numbers and truth values. */
  isOrdered(expression: Expression): boolean {
    const operand = isFactorCall(expression) ? operandOf(expression) : expression;
    return evaluate(operand, this.columns, this.scalings).kind !== "text";
  }

  /** The values of a numeric column in the used rows. */
  take(values: Float64Array): Float64Array {
    if (this.usedRows.length === values.length) return values;
    return Float64Array.from(this.usedRows, (row) => values[row]!);
  }

  private evaluateVariable(expression: Expression) {
    const column = this.evaluateFinite(expression);
    if (isFactorCall(expression) || column.kind === "text") {
      return { kind: "factor" as const, ...this.factor(expression) };
    }
    if (column.kind === "numeric") {
      return { kind: "numeric" as const, values: this.take(column.values) };
    }
    const factor = toLogicalFactor(column.values, this.usedRows);
    return { kind: "factor" as const, ...this.arrange(expression, factor) };
  }

  private evaluateFinite(expression: Expression): Column {
    const column = evaluate(expression, this.columns, this.scalings);
    if (column.kind !== "numeric" || expression.kind === "name") return column;
    const row = this.usedRows.find((one) => !Number.isFinite(column.values[one]));
    if (row === undefined) return column;
    throw new UserError(
      `${labelOf(expression)} is ${column.values[row]} in row ${row + 1}; change the formula or the value`,
    );
  }

  private arrange(expression: Expression, factor: Factor): Factor {
    const reference = this.pick(expression, this.options.reference);
    const order: LevelOrder = { levels: this.levelsOf(expression), reference };
    if (!order.levels && order.reference === undefined) return factor;
    return orderLevels(factor, namesOfFactor(expression).at(-1)!, order);
  }

  private pick<T>(expression: Expression, record: Readonly<Record<string, T>> = {}): T | undefined {
    const name = namesOfFactor(expression).find((one) => Object.hasOwn(record, one));
    return name === undefined ? undefined : record[name];
  }
}

/** The names by which options know a factor: its label and, for a column, the column's name. */
export function namesOfFactor(expression: Expression): string[] {
  const column = unwrap(isFactorCall(expression) ? operandOf(expression) : expression);
  return column.kind === "name" ? [labelOf(expression), column.name] : [labelOf(expression)];
}

/** Whether an expression is `factor(…)`. */
export function isFactorCall(expression: Expression): boolean {
  const call = unwrap(expression);
  return call.kind === "call" && isFactorName(call.name);
}

function operandOf(expression: Expression): Expression {
  const call = unwrap(expression);
  return call.kind === "call" ? call.operands[0]! : call;
}

function refuseInfinite(name: string, column: Column): void {
  if (column.kind !== "numeric") return;
  const row = column.values.findIndex((value) => value === Infinity || value === -Infinity);
  if (row < 0) return;
  throw new UserError(
    `column '${name}', row ${row + 1}: the value is infinite; correct it or make it missing (null)`,
  );
}

// A column that only groups rows is read as labels; those need not be numbers where most are.
function readColumns(formula: Formula, columns: Columns, weights?: string): Map<string, Column> {
  const { response, fixed, random } = formula;
  const values = [
    response,
    ...fixed.variables,
    ...random.flatMap(({ effects }) => effects.variables),
  ];
  const isValue = (name: string) => values.some((one) => readsAsValue(one, name));
  const read = columnsOfFormula(formula).map((name): [string, Column] => {
    return [name, isValue(name) ? columns.get(name) : columns.labels(name)];
  });
  if (weights !== undefined) read.push([weights, columns.get(weights)]);
  return new Map(read);
}

// Whether an expression reads a column for its values, not only by `factor()`.
function readsAsValue(expression: Expression, name: string): boolean {
  if (expression.kind === "name") return expression.name === name;
  if (isFactorCall(expression) && unwrap(operandOf(expression)).kind === "name") return false;
  return partsOf(expression).some((part) => readsAsValue(part, name));
}

function findCompleteRows(read: ReadonlyMap<string, Column>, rows: number): [Int32Array, Missing] {
  const lacking = new Uint8Array(rows);
  const byVariable: Record<string, number> = {};
  for (const [name, column] of read) {
    const count = markMissing(column, lacking);
    if (count > 0) byVariable[name] = count;
  }
  const usedRows = new Int32Array(rows);
  let used = 0;
  for (let row = 0; row < rows; row++) {
    if (lacking[row] === 0) usedRows[used++] = row;
  }
  return [usedRows.slice(0, used), { dropped: rows - used, byVariable }];
}

function markMissing(column: Column, lacking: Uint8Array): number {
  let count = 0;
  const { kind, values } = column;
  for (let row = 0; row < lacking.length; row++) {
    if (kind === "numeric" ? !Number.isNaN(values[row]) : values[row] !== null) continue;
    lacking[row] = 1;
    count++;
  }
  return count;
}
