import { RowClasses } from "./row-classes";

/** A matrix as its distinct rows, and which of them each row is. */
export interface Patterns {
  /** Distinct rows, count x columns, row-major, in order of appearance. */
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
    classes.refine(matrix, columns, column, rows / 2);
    if (classes.count > rows / 2) return everyRow(matrix, rows);
  }
  return patternsOf(classes, matrix, columns);
}

/**
 * Finds the distinct rows of a matrix of which each class of rows is known to hold one row only.
 *
 * @param matrix one row for each class.
 */
export function findPatternsOfClasses(
  { of, count }: RowClasses,
  matrix: Float64Array,
  columns: number,
): Patterns {
  const merged = new RowClasses(count);
  for (let column = 0; column < columns; column++) merged.refine(matrix, columns, column);
  const found = patternsOf(merged, matrix, columns);
  return { ...found, of: of.map((own) => found.of[own]!) };
}

/** The whole matrix, rows x columns, row-major. */
export function expandPatterns({ values, count, of }: Patterns, columns: number): Float64Array {
  return count === of.length ? values : takeRows(values, columns, of);
}

/** The same patterns of another matrix, whose rows are alike where theirs are. */
export function patternsIn(
  { of, count }: Patterns,
  matrix: Float64Array,
  columns: number,
): Patterns {
  if (count === of.length) return { values: matrix, count, of };
  const first = new Int32Array(count).fill(-1);
  for (let row = of.length - 1; row >= 0; row--) first[of[row]!] = row;
  return { values: takeRows(matrix, columns, first), count, of };
}

/** The patterns of some of the rows, in a new order. */
export function takePatterns(
  { values, of, count }: Patterns,
  columns: number,
  rows: Int32Array,
): Patterns {
  const places = new Int32Array(count).fill(-1);
  const met: number[] = [];
  const taken = rows.map((row) => {
    const own = of[row]!;
    if (places[own] === -1) places[own] = met.push(own) - 1;
    return places[own]!;
  });
  return { values: takeRows(values, columns, met), count: met.length, of: taken };
}

/** Some rows of a matrix. */
export function takeRows(
  values: Float64Array,
  columns: number,
  rows: ArrayLike<number>,
): Float64Array {
  const taken = new Float64Array(rows.length * columns);
  for (let at = 0; at < rows.length; at++) {
    const from = rows[at]! * columns;
    const to = at * columns;
    for (let column = 0; column < columns; column++) taken[to + column] = values[from + column]!;
  }
  return taken;
}

/** Each row's sum of its columns times weights, such as fixed effects. */
export function timesWeights(
  { values, count, of }: Patterns,
  weights: ArrayLike<number>,
): Float64Array {
  const columns = weights.length;
  const sums = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    for (let j = 0; j < columns; j++) sums[at]! += values[at * columns + j]! * weights[j]!;
  }
  return Float64Array.from(of, (own) => sums[own]!);
}

function patternsOf(classes: RowClasses, matrix: Float64Array, columns: number): Patterns {
  const values = takeRows(matrix, columns, classes.firstRows());
  return { values, count: classes.count, of: classes.of };
}

function everyRow(matrix: Float64Array, rows: number): Patterns {
  return { values: matrix, count: rows, of: Int32Array.from({ length: rows }, (_, row) => row) };
}
