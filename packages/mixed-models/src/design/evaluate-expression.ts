import { UserError } from "kit";
import {
  type Comparison,
  type Expression,
  isComparison,
  isFactorName,
  labelOf,
  unwrap,
} from "../formula/expression";
import { meanOf } from "../numerics/vectors";
import type { Column } from "./columns";

/** Where an expression's columns come from. */
export interface ColumnSource {
  readonly rows: number;
  get(name: string): Column;
  /** A column as labels, for `factor()`. */
  labels(name: string): Column;
}

/** What `scale(x)` subtracts and divides by. */
interface Scaling {
  readonly mean: number;
  readonly sd: number;
}

/** The scalings of a model's `scale()` calls by their operands, kept so that new data are scaled alike. */
export type Scalings = Map<string, Scaling>;

type RowFunction = (row: number) => number;

const MATHS: Readonly<Record<string, (value: number) => number>> = {
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  exp: Math.exp,
  sqrt: Math.sqrt,
  abs: Math.abs,
};

/**
 * Evaluates an expression for every row; a missing operand gives a missing value.
 *
 * `factor(x)` gives the values of `x`, of a file's column as they are written. `scale(x)` uses the mean and sample standard deviation of all
 * rows where `x` is not missing, as R does, unless `scalings` already holds its own.
 *
 * @throws UserError if a column is unknown, or text is used as a number.
 */
export function evaluate(
  expression: Expression,
  source: ColumnSource,
  scalings: Scalings = new Map(),
): Column {
  return new Evaluator(source, scalings).evaluate(expression);
}

class Evaluator {
  constructor(
    private readonly source: ColumnSource,
    private readonly scalings: Scalings,
  ) {}

  evaluate(expression: Expression): Column {
    switch (expression.kind) {
      case "paren":
        return this.evaluate(expression.inner);
      case "name":
        return this.source.get(expression.name);
      case "boolean":
        return { kind: "boolean", values: Array(this.source.rows).fill(expression.value) };
      case "call":
        if (isFactorName(expression.name)) return this.evaluateLabels(expression.operands[0]!);
        if (expression.name === "I") return this.evaluateInhibited(expression);
        break;
      case "binary":
        if (isComparison(expression.operator)) return this.evaluateComparison(expression);
    }
    return { kind: "numeric", values: this.fill(this.compile(expression)) };
  }

  private evaluateLabels(operand: Expression): Column {
    const inner = unwrap(operand);
    return inner.kind === "name" ? this.source.labels(inner.name) : this.evaluate(inner);
  }

  private evaluateInhibited(call: Expression & { kind: "call" }): Column {
    const inner = this.evaluate(call.operands[0]!);
    if (inner.kind === "text") throw notNumbers(call.operands[0]!);
    return inner;
  }

  private evaluateComparison(expression: Expression & { kind: "binary" }): Column {
    const compare = this.compileComparison(expression);
    const values = Array.from({ length: this.source.rows }, (_, row) => {
      const value = compare(row);
      return Number.isNaN(value) ? null : value === 1;
    });
    return { kind: "boolean", values };
  }

  private fill(valueAt: RowFunction): Float64Array {
    const values = new Float64Array(this.source.rows);
    for (let row = 0; row < values.length; row++) values[row] = valueAt(row);
    return values;
  }

  // A function of the row that gives the expression's value, truth values as 0 and 1.
  private compile(expression: Expression): RowFunction {
    switch (expression.kind) {
      case "number":
      case "boolean": {
        const constant = Number(expression.value);
        return () => constant;
      }
      case "paren":
        return this.compile(expression.inner);
      case "sign": {
        const operand = this.compile(expression.operand);
        return expression.operator === "-" ? (row) => -operand(row) : operand;
      }
      case "call":
        return this.compileCall(expression.name, expression.operands);
      case "binary":
        return isComparison(expression.operator)
          ? this.compileComparison(expression)
          : compileArithmetic(
              expression.operator,
              this.compile(expression.left),
              this.compile(expression.right),
            );
      case "name":
        return this.compileName(expression);
      default:
        throw notNumbers(expression);
    }
  }

  private compileName(expression: Expression & { kind: "name" }): RowFunction {
    const column = this.source.get(expression.name);
    if (column.kind === "text") throw notNumbers(expression);
    const { values } = column;
    return (row) => (values[row] === null ? Number.NaN : Number(values[row]));
  }

  private compileCall(name: string, operands: readonly Expression[]): RowFunction {
    const [operand, base] = operands as [Expression, Expression?];
    if (isFactorName(name)) {
      throw new UserError(
        `${name}(${labelOf(operand)}) is not a number; take it out of the arithmetic`,
      );
    }
    const inner = this.compile(operand);
    if (name === "I") return inner;
    if (base) return compileLogarithm(inner, this.compile(base));
    if (name === "scale") return this.compileScale(operand, inner);
    const apply = MATHS[name] as (value: number) => number;
    return (row) => apply(inner(row));
  }

  private compileScale(operand: Expression, inner: RowFunction): RowFunction {
    const label = labelOf(operand);
    const known = this.scalings.get(label);
    const { mean, sd } = known ?? measure(this.fill(inner));
    if (!(sd > 0)) {
      throw new UserError(`scale(${label}): ${label} does not vary; leave it out of the formula`);
    }
    this.scalings.set(label, { mean, sd });
    return (row) => (inner(row) - mean) / sd;
  }

  private compileComparison({
    operator,
    left,
    right,
  }: Expression & { kind: "binary" }): RowFunction {
    const [texts, others] = [this.readTexts(left), this.readTexts(right)];
    if (!texts && !others) {
      return compileOrder(operator as Comparison, this.compile(left), this.compile(right));
    }
    if (!texts || !others) {
      const [text, number] = texts ? [left, right] : [right, left];
      const advice = "convert the column to numbers, or put the value in quotes";
      throw new UserError(`${labelOf(text)} is text and ${labelOf(number)} is not; ${advice}`);
    }
    if (operator !== "==" && operator !== "!=") {
      throw new UserError(`${labelOf(left)} is text, which has no order; compare with == or !=`);
    }
    return (row) => {
      const [text, other] = [texts(row), others(row)];
      if (text === null || other === null) return Number.NaN;
      return Number((text === other) === (operator === "=="));
    };
  }

  private readTexts(expression: Expression): ((row: number) => string | null) | undefined {
    if (expression.kind === "paren") return this.readTexts(expression.inner);
    if (expression.kind === "text") return () => expression.value;
    if (expression.kind !== "name") return undefined;
    const column = this.source.get(expression.name);
    return column.kind === "text" ? (row) => column.values[row] as string | null : undefined;
  }
}

function compileLogarithm(inner: RowFunction, base: RowFunction): RowFunction {
  return (row) => Math.log(inner(row)) / Math.log(base(row));
}

function notNumbers(expression: Expression): UserError {
  return new UserError(`${labelOf(expression)} is text where a number is needed; convert it first`);
}

function compileArithmetic(operator: string, left: RowFunction, right: RowFunction): RowFunction {
  switch (operator) {
    case "+":
      return (row) => left(row) + right(row);
    case "-":
      return (row) => left(row) - right(row);
    case "*":
      return (row) => left(row) * right(row);
    case "/":
      return (row) => left(row) / right(row);
    default:
      return (row) => left(row) ** right(row);
  }
}

function compileOrder(operator: Comparison, left: RowFunction, right: RowFunction): RowFunction {
  const holds = {
    "==": (x: number, y: number) => x === y,
    "!=": (x: number, y: number) => x !== y,
    "<": (x: number, y: number) => x < y,
    "<=": (x: number, y: number) => x <= y,
    ">": (x: number, y: number) => x > y,
    ">=": (x: number, y: number) => x >= y,
  }[operator];
  return (row) => {
    const [x, y] = [left(row), right(row)];
    return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Number(holds(x, y));
  };
}

// Two passes, so that a large mean costs no digits.
function measure(values: Float64Array): Scaling {
  const known = values.filter((value) => !Number.isNaN(value));
  const rough = meanOf(known);
  const mean = rough + known.reduce((sum, value) => sum + (value - rough), 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / Math.max(1, known.length - 1)) };
}
