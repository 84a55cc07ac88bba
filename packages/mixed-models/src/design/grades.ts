import { listNames, UserError } from "kit";
import { type Expression, labelOf } from "../formula/expression";
import type { ModelFrame } from "./model-frame";
import type { Response } from "./response";

/** More different numbers than this are a measurement. */
const MOST_GRADES = 20;

/**
 * Evaluates a response whose values are grades in order: whole numbers, at most 20 of them, by size; texts in the
 * order that `levels` declares; truth values with false first.
 *
 * Grades that nobody gave are left out and named in `droppedGrades`: those that `levels` lists, and the holes between
 * whole numbers.
 *
 * @throws UserError if numbers are no grades, texts have no declared order, or there is one grade only.
 */
export function buildGrades(expression: Expression, frame: ModelFrame): Response {
  const name = labelOf(expression);
  if (expression.kind === "call" && expression.name === "cbind") {
    throw new UserError(
      `${name} is counts of successes; a cumulative model's response is one column of grades`,
    );
  }
  const variable = frame.variable(expression);
  const asked = frame.levelsOf(expression);
  if (variable.kind === "numeric") refuseMeasurement(variable.values, name, frame);
  const { levels, codes } = frame.factor(expression);
  if (variable.kind === "factor" && !asked && !frame.isOrdered(expression)) {
    throw new UserError(
      `the response ${name} holds texts (${listNames(levels)}), whose order is not known; name them from the lowest ` +
        'to the highest grade in levels, such as "lowest", "next", "highest"',
    );
  }
  const given = levels.filter((_, code) => codes.includes(code));
  if (given.length < 2) {
    throw new UserError(
      `the response ${name} is '${given[0]}' in all ${codes.length} used rows; a cumulative model needs two grades`,
    );
  }
  const place = new Map(given.map((level, at) => [levels.indexOf(level), at]));
  return {
    kind: "grades",
    y: Float64Array.from(codes, (code) => place.get(code)!),
    name,
    grades: given,
    droppedGrades: (asked ?? wholeRange(levels)).filter((level) => !given.includes(level)),
  };
}

function refuseMeasurement(values: Float64Array, name: string, frame: ModelFrame): void {
  const row = values.findIndex((value) => !Number.isInteger(value));
  if (row >= 0) {
    throw new UserError(
      `the response ${name} is ${values[row]} in row ${frame.usedRows[row]! + 1}; grades are whole numbers or ` +
        "texts: use the gaussian family, or round",
    );
  }
  const count = new Set(values).size;
  if (count > MOST_GRADES) {
    throw new UserError(
      `the response ${name} has ${count} different numbers; a cumulative model takes ${MOST_GRADES} grades at most: ` +
        "use the gaussian family, or join grades",
    );
  }
}

// The whole numbers from the lowest to the highest grade; of grades that are not whole numbers, themselves.
function wholeRange(levels: readonly string[]): readonly string[] {
  const numbers = levels.map(Number);
  if (!numbers.every(Number.isInteger)) return levels;
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (high - low >= MOST_GRADES) return levels;
  return Array.from({ length: high - low + 1 }, (_, at) => String(low + at));
}
