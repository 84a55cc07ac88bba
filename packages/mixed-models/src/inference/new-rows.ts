// Rows that a fit has not seen, as the data that a response is drawn for: coded as the fit's own, with groups of their own.
import { UserError } from "kit";
import type { Design } from "../design/design";
import type { RowValue, RowValues } from "../design/model-row";
import { contextOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { findPatterns } from "../numerics/patterns";
import type { ModelData, RandomGroup } from "../objective/model-data";
import { nominalColumns } from "../objective/nominal-columns";

/**
 * Checks that rows are a list of objects.
 *
 * @throws UserError naming the row that cannot be read.
 */
export function checkRows(rows: readonly RowValues[]): void {
  if (!Array.isArray(rows)) {
    throw new UserError("rows should be an array of objects, one for each row");
  }
  const bad = rows.findIndex((values) => typeof values !== "object" || values === null);
  if (bad < 0) return;
  throw new UserError(
    `row ${bad + 1} is ${rows[bad]}; give an object with a value for each column`,
  );
}

/**
 * Builds the data of new rows; their response is not known.
 *
 * @param trials column of the rows with their numbers of trials.
 * @throws UserError if there are no rows, a row lacks a value, has an unknown level of a fixed factor, or its trials are no whole
 *   number.
 */
export function dataOfRows(
  fit: MixedFit,
  rows: readonly RowValues[],
  trials: string | undefined,
): ModelData {
  checkRows(rows);
  if (rows.length === 0) throw new UserError("rows is empty; give a row for each value to draw");
  const { design } = fit;
  const { data, grouped } = contextOf(fit);
  const columns = design.fixed.names.length;
  const offset = offsetOfRow(fit);
  const X = joinRows(rows, columns, (values) => design.fixed.rowFor(values));
  const fixed = findPatterns(X, rows.length, columns);
  const { nominal } = data;
  return {
    ...data,
    rows: rows.length,
    y: new Float64Array(rows.length),
    weights: weightsOf(fit, rows, trials),
    fixed,
    ...(nominal ? { nominal: nominalColumns(fixed, columns, nominal) } : {}),
    ...(offset ? { offset: Float64Array.from(rows, offset) } : {}),
    groups: data.groups.map((group, groupIndex) => {
      const terms = grouped.terms.filter((term) => term.groupIndex === groupIndex);
      return groupOfRows(
        group,
        terms.map((term) => designOf(design, term)),
        rows,
      );
    }),
  };
}

/**
 * Reads the offset of a new row; undefined where the model has none.
 *
 * @throws UserError naming the row that lacks it.
 */
export function offsetOfRow(
  fit: MixedFit,
): ((values: RowValues, row: number) => number) | undefined {
  const { offset } = contextOf(fit).options;
  if (offset === undefined) return undefined;
  return (values, row) => {
    const value = values[offset];
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw new UserError(`row ${row + 1}: the offset '${offset}' is ${value}; give a number`);
  };
}

type RandomDesign = Design["random"][number];

function designOf({ random }: Design, term: { group: string; names: readonly string[] }) {
  return random.find(
    ({ group, names }) => group === term.group && names.join() === term.names.join(),
  ) as RandomDesign;
}

// Levels are numbered as they come, whether or not the fit has seen them: all are drawn anew.
function groupOfRows(
  group: RandomGroup,
  terms: readonly RandomDesign[],
  rows: readonly RowValues[],
): RandomGroup {
  const levels = new Map<string, number>();
  const index = Int32Array.from(rows, (values, row) => {
    const { level, place } = atRow(row, () => (terms[0] as RandomDesign).rowFor(values));
    if (Number.isNaN(place)) refuseMissing(row);
    const known = levels.get(level) ?? levels.size;
    levels.set(level, known);
    return known;
  });
  const values = joinRows(rows, group.columns, (one) =>
    Float64Array.from(terms.flatMap((term) => [...term.rowFor(one).z])),
  );
  return { ...group, levels: levels.size, index, values };
}

function joinRows(
  rows: readonly RowValues[],
  columns: number,
  rowFor: (values: RowValues) => Float64Array,
): Float64Array {
  const joined = new Float64Array(rows.length * columns);
  for (const [row, values] of rows.entries()) {
    const found = atRow(row, () => rowFor(values));
    if (found.some(Number.isNaN)) refuseMissing(row);
    joined.set(found, row * columns);
  }
  return joined;
}

function atRow<T>(row: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`row ${row + 1}: ${error.message}`);
    throw error;
  }
}

function refuseMissing(row: number): never {
  throw new UserError(
    `row ${row + 1} lacks a value that the model reads; fill it in, or leave the row out`,
  );
}

function weightsOf(
  fit: MixedFit,
  rows: readonly RowValues[],
  trials: string | undefined,
): Float64Array {
  const { family, design } = fit;
  if (trials !== undefined && family !== "binomial") {
    throw new UserError(`trials is for the binomial family; this fit is ${family}`);
  }
  if (family === "binomial" && design.response.trials && trials === undefined) {
    throw new UserError(
      `${design.response.name} counts several trials a row; name the rows' column that holds their number in trials`,
    );
  }
  const column = trials ?? contextOf(fit).options.weights;
  if (column === undefined || family === "cumulative") return new Float64Array(rows.length).fill(1);
  return Float64Array.from(rows, (values, row) => toWeight(values[column], column, row, family));
}

function toWeight(
  value: RowValue | undefined,
  column: string,
  row: number,
  family: MixedFit["family"],
): number {
  const number = typeof value === "boolean" || value === null || value === "" ? NaN : Number(value);
  const isCount = family !== "binomial" || Number.isInteger(number);
  if (number > 0 && number < Infinity && isCount) return number;
  const due = family === "binomial" ? "a whole number from 1" : "a number above 0";
  throw new UserError(`row ${row + 1}: '${column}' is ${value}; it should be ${due}`);
}
