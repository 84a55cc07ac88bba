// The columns of the fixed effects whose coefficients differ from threshold to threshold: of nominal terms.
import { expandPatterns, findPatterns, type Patterns, takePatterns } from "../numerics/patterns";

/** Nominal columns, and their values at each row. */
export interface NominalColumns {
  /** Their places among the columns of the fixed effects, ascending. */
  readonly places: readonly number[];
  /** rows x places; rows that agree share their thresholds. */
  readonly patterns: Patterns;
}

/** Takes nominal columns from the fixed effects' model matrix. */
export function nominalColumns(
  fixed: Patterns,
  fixedColumns: number,
  places: readonly number[],
): NominalColumns {
  const rows = fixed.of.length;
  const matrix = expandPatterns(fixed, fixedColumns);
  const taken = new Float64Array(rows * places.length);
  for (let row = 0; row < rows; row++) {
    for (const [at, place] of places.entries()) {
      taken[row * places.length + at] = matrix[row * fixedColumns + place]!;
    }
  }
  return { places, patterns: findPatterns(taken, rows, places.length) };
}

/** The same columns at some of the rows, in a new order. */
export function takeNominal(
  { places, patterns }: NominalColumns,
  rows: Int32Array,
): NominalColumns {
  return { places, patterns: takePatterns(patterns, places.length, rows) };
}
