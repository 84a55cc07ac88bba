// Searle's rule, as in the R package estimability: with dropped columns, a combination of coefficients has one
// value only where it lies in the space that the rows of the full model matrix span.
import type { Design } from "../design/design";
import type { RowValues } from "../design/model-row";
import { rowOf } from "../numerics/matrices";
import { dot } from "../numerics/vectors";
import { columnsOfFactors, type LevelCodes, RowDecoder } from "./row-decoder";

/** Squared share of a row that may lie outside; that of estimability's `is.estble`. */
const TOLERANCE = 1e-8;

/** Tells which linear functions of the coefficients the data determine. */
export interface Estimability {
  /**
   * The model's row for a combination of values: the kept columns, then the dropped ones; NaN where the fit
   * does not tell a dropped column's value.
   */
  rowFor(values: RowValues): Float64Array;
  /** Why a row's value is not determined, or null where it is. */
  reasonAgainst(row: Float64Array): string | null;
}

/**
 * Prepares the check for a design. Cost: where columns were dropped, distinct rows times the square of the
 * number of columns; nothing otherwise.
 */
export function checkEstimability(design: Design): Estimability {
  const { fixed } = design;
  if (fixed.droppedColumns.length === 0) {
    return { rowFor: (values) => fixed.rowFor(values), reasonAgainst: () => null };
  }
  const decoder = new RowDecoder(design);
  const columns = columnsOfFactors(design);
  const rows = fullRows(design, decoder);
  const scales = largestInColumns(rows, fixed.names.length + fixed.droppedColumns.length);
  const basis = spanRows(rows, scales, fixed.names.length);
  const isComplete = basis.length === fixed.names.length;
  return {
    rowFor: (values) => {
      const row = fixed.rowFor(values);
      const possible = decoder
        .levelsOf(row)
        .filter((codes) => agrees(design, columns, codes, values));
      return Float64Array.of(...row, ...decoder.droppedOf(row, possible));
    },
    reasonAgainst: (row) => explain(row, scales, basis, isComplete, fixed.droppedColumns),
  };
}

function explain(
  row: Float64Array,
  scales: Float64Array,
  basis: readonly Float64Array[],
  isComplete: boolean,
  dropped: readonly string[],
): string | null {
  const columns = dropped.join(", ");
  const unsettled = `the fit does not tell whether it is estimable; remove ${columns} from the formula`;
  if (row.some(Number.isNaN)) return unsettled;
  const scaled = row.map((value, at) => value / scales[at]!);
  const total = dot(scaled, scaled);
  const outside = removeSpan(scaled, basis);
  if (dot(outside, outside) < TOLERANCE * (total < TOLERANCE ? 1 : total)) return null;
  return isComplete ? `not estimable: the data do not determine ${columns}` : unsettled;
}

// The distinct rows of the data whose dropped columns are known.
function fullRows(design: Design, decoder: RowDecoder): Float64Array[] {
  const width = design.fixed.names.length;
  const { values, count } = design.fixed.patterns;
  const rows = Array.from({ length: count }, (_, at) => {
    const row = rowOf(values, at, width);
    return Float64Array.of(...row, ...decoder.droppedOf(row, decoder.levelsOf(row)));
  });
  return rows.filter((row) => !row.some(Number.isNaN));
}

// A factor that is a column of the table has the level that was asked for.
function agrees(
  { fixed }: Design,
  columns: readonly (string | undefined)[],
  codes: LevelCodes,
  values: RowValues,
): boolean {
  return fixed.factors.every(({ levels }, factor) => {
    const column = columns[factor];
    const asked = column === undefined ? undefined : values[column];
    return asked === undefined || levels[codes[factor]!] === String(asked);
  });
}

// Scaled by its columns, a row's part outside does not hide behind a covariate of large numbers.
function largestInColumns(rows: readonly Float64Array[], width: number): Float64Array {
  const largest = new Float64Array(width);
  for (const row of rows) {
    for (let at = 0; at < width; at++) {
      largest[at] = Math.max(largest[at]!, Math.abs(row[at]!));
    }
  }
  return largest.map((value) => value || 1);
}

// Gram and Schmidt's orthogonal basis of the rows' span; it has as many vectors as there are kept columns.
function spanRows(
  rows: readonly Float64Array[],
  scales: Float64Array,
  rank: number,
): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const row of rows) {
    if (basis.length === rank) break;
    const scaled = row.map((value, at) => value / scales[at]!);
    const rest = removeSpan(scaled, basis);
    const square = dot(rest, rest);
    if (square > 1e-14 * dot(scaled, scaled)) basis.push(rest.map((x) => x / Math.sqrt(square)));
  }
  return basis;
}

// Twice, because rounding leaves something of the span in the first remainder.
function removeSpan(row: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = row.slice();
  for (const vector of [...basis, ...basis]) {
    const share = dot(vector, rest);
    for (let at = 0; at < rest.length; at++) rest[at]! -= share * vector[at]!;
  }
  return rest;
}
