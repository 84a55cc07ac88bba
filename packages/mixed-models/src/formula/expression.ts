import { formatNumber } from "./format-number";

/** An operator between two operands. */
export type Operator = "+" | "-" | "*" | "/" | "^" | ":" | Comparison;

/** An operator whose value is true or false. */
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A part of a formula as it is written; `at` is where it begins, for messages. */
export type Expression = { readonly at: number } & (
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "call"; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: "sign"; readonly operator: "+" | "-"; readonly operand: Expression }
  | ({ readonly kind: "binary" } & Binary)
  | { readonly kind: "paren"; readonly inner: Expression }
  | ({ readonly kind: "bar" } & Bar)
);

interface Binary {
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

/** A random effect: `(effects | group)`, or with `||` where the effects are uncorrelated. */
export interface Bar {
  readonly effects: Expression;
  readonly group: Expression;
  readonly uncorrelated: boolean;
}

/** Whether an operator compares. */
export function isComparison(operator: Operator): operator is Comparison {
  return /[=<>]/.test(operator);
}

/** The expressions directly inside one. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "call":
      return expression.operands;
    case "sign":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "paren":
      return [expression.inner];
    case "bar":
      return [expression.effects, expression.group];
    default:
      return [];
  }
}

/** The columns that an expression reads, each once, in order of appearance. */
export function columnsOf(expression: Expression): string[] {
  if (expression.kind === "name") return [expression.name];
  return [...new Set(partsOf(expression).flatMap(columnsOf))];
}

/** Whether a function makes a factor of its operand. */
export function isFactorName(name: string): boolean {
  return name === "factor" || name === "as.factor";
}

/** An expression without the parentheses around it. */
export function unwrap(expression: Expression): Expression {
  return expression.kind === "paren" ? unwrap(expression.inner) : expression;
}

/** Writes an expression as R's `deparse` does; it names a column of the model matrix. */
export function labelOf(expression: Expression): string {
  switch (expression.kind) {
    case "name":
      return quoteName(expression.name);
    case "number":
      return formatNumber(expression.value);
    case "boolean":
      return expression.value ? "TRUE" : "FALSE";
    case "text":
      return JSON.stringify(expression.value);
    case "call":
      return `${expression.name}(${expression.operands.map(labelOf).join(", ")})`;
    case "sign":
      return expression.operator + labelOf(expression.operand);
    case "binary":
      return labelOfBinary(expression);
    case "paren":
      return `(${labelOf(expression.inner)})`;
    case "bar":
      return `${labelOf(expression.effects)} ${expression.uncorrelated ? "||" : "|"} ${labelOf(expression.group)}`;
  }
}

function labelOfBinary({ operator, left, right }: Binary): string {
  const space = ["/", "^", ":"].includes(operator) ? "" : " ";
  const nested = operator === ":" && right.kind === "binary" && right.operator === ":";
  const last = nested ? `(${labelOf(right)})` : labelOf(right);
  return labelOf(left) + space + operator + space + last;
}

const RESERVED =
  /^(if|else|repeat|while|function|for|next|break|in|TRUE|FALSE|NULL|Inf|NaN|NA|NA_(integer|real|complex|character)_|\.\.\.|\.\.\d+)$/;

function quoteName(name: string): string {
  const plain = /^(\p{L}|\.(?!\d))[\p{L}\p{M}\p{N}._]*$/u.test(name) && !RESERVED.test(name);
  return plain ? name : `\`${name}\``;
}
