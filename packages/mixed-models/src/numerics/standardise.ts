// Columns of a model matrix in units of their own: a covariate in years, in grams or far from zero makes a system
// that is nearly singular although the model is not. Each numeric column is freed of the columns before it and
// scaled to a mean square of one; columns of factors stay as they are, so that a model of factors keeps every bit.
import { factorise, solveFactored } from "./cholesky";

/** A matrix in its own units. */
export interface StandardColumns {
  /** `rows x width`, row-major: the given matrix times the transform. */
  readonly values: Float64Array;
  /** `width x width`, row-major, upper triangular. */
  readonly transform: Float64Array;
}

/**
 * Standardises the numeric columns of a matrix.
 *
 * @param matrix `rows x width`, row-major; left unchanged.
 * @param blocks first column and the one after the last; a column is freed of earlier ones of its block only.
 * @returns nothing where all columns hold -1, 0 and 1 only.
 */
export function standardiseColumns(
  matrix: Float64Array,
  rows: number,
  width: number,
  blocks: readonly (readonly [number, number])[],
): StandardColumns | undefined {
  const isNumeric = numericColumns(matrix, width);
  if (!isNumeric.includes(true)) return undefined;
  const transform = new Float64Array(width * width);
  for (let column = 0; column < width; column++) transform[column * width + column] = 1;
  const columns = new Columns(matrix.slice(), transform, rows, width);
  for (const [from, to] of blocks) {
    if (isNumeric.slice(from, to).includes(true)) columns.standardise(from, to, isNumeric);
  }
  return { values: columns.values, transform };
}

/** Whether each column holds another value than -1, 0 and 1. */
export function numericColumns(matrix: Float64Array, width: number): boolean[] {
  const isNumeric: boolean[] = Array(width).fill(false);
  for (let cell = 0; cell < matrix.length; cell++) {
    const value = matrix[cell]!;
    if (value !== 0 && value !== 1 && value !== -1) isNumeric[cell % width] = true;
  }
  return isNumeric;
}

/** Mean and standard deviation, in two passes so that a large mean costs no digits. */
export function placeOf(values: Float64Array): { mean: number; sd: number } {
  const rough = (values[0] ?? 0) as number;
  const mean = rough + values.reduce((sum, value) => sum + (value - rough), 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / values.length) };
}

class Columns {
  constructor(
    readonly values: Float64Array,
    private readonly transform: Float64Array,
    private readonly rows: number,
    private readonly width: number,
  ) {}

  standardise(from: number, to: number, isNumeric: readonly boolean[]): void {
    const basis: number[] = [];
    const size = to - from;
    const gram = new Float64Array(size * size);
    for (let column = from; column < to; column++) {
      if (isNumeric[column]) this.standardiseColumn(column, basis, gram, size);
      const place = basis.length;
      const products = this.productsWith(column, [...basis, column]);
      gram.set(products, place * size);
      // A column that depends on earlier ones is no help to later ones.
      const pivot = products[place]!;
      const isFree = factorise(gram, size, place, place + 1) < 0;
      if (isFree && gram[place * size + place]! ** 2 > 1e-10 * pivot) basis.push(column);
    }
  }

  private standardiseColumn(
    column: number,
    basis: readonly number[],
    gram: Float64Array,
    size: number,
  ): void {
    this.divide(column, this.largest(column));
    const scaled = this.values.filter((_, cell) => cell % this.width === column);
    const start = this.transform.slice();
    // Twice, because rounding leaves something of the earlier columns in the first remainder.
    for (let pass = 0; pass < 2; pass++) this.free(column, basis, gram, size);
    let rest = this.rootMeanSquare(column);
    if (!(rest > 1e-12)) {
      this.transform.set(start);
      for (let row = 0; row < this.rows; row++) {
        this.values[row * this.width + column] = scaled[row]!;
      }
      rest = this.rootMeanSquare(column);
    }
    this.divide(column, rest);
  }

  // Takes the least-squares fit on the basis off a column.
  private free(target: number, basis: readonly number[], gram: Float64Array, size: number): void {
    const { values, transform, width, rows } = this;
    const shares = solveFactored(gram, size, this.productsWith(target, basis));
    for (let row = 0; row < rows; row++) {
      let sum = values[row * width + target]!;
      for (let k = 0; k < basis.length; k++) {
        sum -= shares[k]! * values[row * width + basis[k]!]!;
      }
      values[row * width + target] = sum;
    }
    for (let row = 0; row < width; row++) {
      for (const [k, column] of basis.entries()) {
        transform[row * width + target]! -= shares[k]! * transform[row * width + column]!;
      }
    }
  }

  private productsWith(column: number, others: readonly number[]): Float64Array {
    const { values, width, rows } = this;
    const sums = new Float64Array(others.length);
    for (let row = 0; row < rows; row++) {
      const value = values[row * width + column]!;
      for (let k = 0; k < sums.length; k++) {
        sums[k]! += value * values[row * width + others[k]!]!;
      }
    }
    return sums;
  }

  private largest(column: number): number {
    let most = 0;
    for (let cell = column; cell < this.values.length; cell += this.width) {
      most = Math.max(most, Math.abs(this.values[cell]!));
    }
    return most;
  }

  private rootMeanSquare(column: number): number {
    return Math.sqrt(this.productsWith(column, [column])[0]! / this.rows);
  }

  private divide(column: number, by: number): void {
    const { values, transform, width } = this;
    for (let cell = column; cell < values.length; cell += width) values[cell]! /= by;
    for (let cell = column; cell < transform.length; cell += width) transform[cell]! /= by;
  }
}

/** Turns a factor M into the lower triangular L with L L' = M M', by rotations of its columns; in place. */
export function makeLower(matrix: Float64Array, width: number): Float64Array {
  for (let row = 0; row < width; row++) {
    for (let other = row + 1; other < width; other++) {
      const b = matrix[row * width + other]!;
      if (b === 0) continue;
      const a = matrix[row * width + row]!;
      const length = Math.hypot(a, b);
      rotate(matrix, width, row, other, a / length, b / length);
      matrix[row * width + other] = 0;
    }
  }
  return matrix;
}

function rotate(
  matrix: Float64Array,
  width: number,
  left: number,
  right: number,
  cosine: number,
  sine: number,
): void {
  for (let row = 0; row < width; row++) {
    const a = matrix[row * width + left]!;
    const b = matrix[row * width + right]!;
    matrix[row * width + left] = cosine * a + sine * b;
    matrix[row * width + right] = cosine * b - sine * a;
  }
}
