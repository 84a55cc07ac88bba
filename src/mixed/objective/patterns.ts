import { RowClasses } from "../numerics/row-classes";

/** The distinct rows of a matrix, and which of them each row is. */
export interface Patterns {
  /** Distinct rows, count x columns, row-major. */
  readonly values: Float64Array;
  readonly count: number;
  /** For each row, the place of its pattern. */
  readonly of: Int32Array;
}

/**
 * Finds the distinct rows of a matrix: sums over rows that share their covariates are then sums over a
 * few patterns. Where most rows differ, every row is its own pattern.
 */
export function findPatterns(matrix: Float64Array, rows: number, columns: number): Patterns {
  const classes = new RowClasses(rows);
  for (let column = 0; column < columns; column++) {
    classes.refine(matrix, columns, column);
    if (classes.count > rows / 2) return everyRow(matrix, rows);
  }
  const values = new Float64Array(classes.count * columns);
  for (const [place, row] of classes.firstRows().entries()) {
    values.set(matrix.subarray(row * columns, (row + 1) * columns), place * columns);
  }
  return { values, count: classes.count, of: classes.of };
}

function everyRow(matrix: Float64Array, rows: number): Patterns {
  return { values: matrix, count: rows, of: Int32Array.from({ length: rows }, (_, row) => row) };
}
