import { listNames, UserError } from "kit";
import { type Expression, labelOf } from "../formula/expression";
import { checkLevel, findLevel } from "./factor";
import type { ModelFrame } from "./model-frame";

/** What is modelled, on the used rows. */
export interface Response {
  /**
   * `binary`: `y` is 0 or 1. `counts`: `y` successes of `trials`. `grades`: `y` counts from 0, the lowest of `grades`.
   * Otherwise numbers as they are.
   */
  readonly kind: "numeric" | "binary" | "counts" | "grades";
  readonly y: Float64Array;
  /** Successes and failures together; for counts only. */
  readonly trials?: Float64Array;
  /** The response as written, in R's spelling. */
  readonly name: string;
  /** What 0 and 1 stand for; for binary responses only. */
  readonly levels?: readonly [string, string];
  /** The grades that were given, from the lowest, and those that were not; for grades only. */
  readonly grades?: readonly string[];
  readonly droppedGrades?: readonly string[];
}

/**
 * Evaluates a formula's response.
 *
 * Comparisons, truth values and factors with two levels are binary, the second level being 1;
 * numbers stay numeric, also where they are all 0 or 1.
 *
 * @param success the one of two values that is 1.
 * @throws UserError if the response is the same in every row, has more than two levels, or where
 *   counts are negative.
 */
export function buildResponse(
  expression: Expression,
  frame: ModelFrame,
  success?: string,
): Response {
  if (expression.kind === "call" && expression.name === "cbind") {
    if (success !== undefined) throw noChoice(labelOf(expression), "counts of successes");
    return buildCounts(expression.operands, labelOf(expression), frame);
  }
  const name = labelOf(expression);
  const variable = frame.variable(expression);
  if (variable.kind === "numeric" && success !== undefined) {
    return chooseNumber(variable.values, success, name);
  }
  if (variable.kind === "numeric") {
    return { kind: "numeric", y: refuseConstant(variable.values, name), name };
  }
  if (variable.levels.length > 2) {
    const levels = listNames(variable.levels);
    throw new UserError(
      `the response ${name} has ${variable.levels.length} levels (${levels}); ` +
        `compare it, as in ${name} == ${JSON.stringify(variable.levels[0])}`,
    );
  }
  const y = refuseConstant(Float64Array.from(variable.codes), name);
  const [first, second] = variable.levels as [string, string];
  if (success === undefined || checkLevel(success, name, variable.levels) === 1) {
    return { kind: "binary", y, name, levels: [first, second] };
  }
  return { kind: "binary", y: y.map((code) => 1 - code), name, levels: [second, first] };
}

function chooseNumber(values: Float64Array, success: string, name: string): Response {
  const levels = [...new Set(values)].sort((left, right) => left - right).map(String);
  if (levels.length > 2) throw noChoice(name, `${levels.length} different numbers`);
  const chosen = levels[Math.max(findLevel(levels, Number(success)), 0)]!;
  if (Number(chosen) !== Number(success)) checkLevel(success, name, levels);
  const y = refuseConstant(
    values.map((value) => (String(value) === chosen ? 1 : 0)),
    name,
  );
  const other = levels.find((level) => level !== chosen)!;
  return { kind: "binary", y, name, levels: [other, chosen] };
}

function noChoice(name: string, holds: string): UserError {
  return new UserError(
    `success chooses one of two values, and the response ${name} holds ${holds}; leave it out`,
  );
}

function buildCounts(operands: readonly Expression[], name: string, frame: ModelFrame): Response {
  const [y, failures] = operands.map((operand) => readCounts(operand, frame));
  const trials = y!.map((count, row) => count + failures![row]!);
  return { kind: "counts", y: y!, trials, name };
}

function readCounts(expression: Expression, frame: ModelFrame): Float64Array {
  const variable = frame.variable(expression);
  if (variable.kind !== "numeric") {
    throw new UserError(`${variable.label} in cbind() is not a count; give numbers`);
  }
  const row = variable.values.findIndex((value) => value < 0);
  if (row < 0) return variable.values;
  throw new UserError(
    `${variable.label} is ${variable.values[row]} in row ${frame.usedRows[row]! + 1}; ` +
      "counts cannot be negative: correct the value or the formula",
  );
}

function refuseConstant(y: Float64Array, name: string): Float64Array {
  const [first] = y;
  if (y.some((value) => value !== first)) return y;
  throw new UserError(
    `the response ${name} is the same in all ${y.length} used rows; check the comparison or the data`,
  );
}
