// Dense symmetric positive definite systems, row-major in flat arrays, lower triangles. Sizes here are
// those of a model's small block; textbook algorithms (Golub and Van Loan, section 4.2) do, in tiles where the
// block is large.
import { factoriseTiled, invertTiled, LEAST_TILED } from "./tiled";

/**
 * Replaces the lower triangle of a symmetric matrix by its Cholesky factor.
 *
 * @param a `size x size`, row-major; only the lower triangle is read and written.
 * @param from first row to factor; earlier rows hold their factor already.
 * @returns the first row whose pivot is not positive, or -1.
 */
export function factorise(a: Float64Array, size: number, from = 0, to = size): number {
  if (to - from >= LEAST_TILED) return factoriseTiled(a, size, from, to);
  for (let row = from; row < to; row++) {
    const rowAt = row * size;
    for (let column = 0; column <= row; column++) {
      const columnAt = column * size;
      let sum = a[rowAt + column]!;
      for (let k = 0; k < column; k++) {
        sum -= a[rowAt + k]! * a[columnAt + k]!;
      }
      if (column < row) a[rowAt + column] = sum / a[columnAt + column]!;
      else if (sum > 0) a[rowAt + row] = Math.sqrt(sum);
      else return row;
    }
  }
  return -1;
}

/**
 * Inverts a factored matrix.
 *
 * @returns the whole symmetric inverse of the leading `order` rows, `order x order`.
 */
export function invertFactored(a: ArrayLike<number>, size: number, order = size): Float64Array {
  if (order >= LEAST_TILED) return invertTiled(a, size, order);
  const inverse = new Float64Array(order * order);
  // First the inverse of the factor, in the lower triangle, then its product with its transpose.
  for (let column = 0; column < order; column++) {
    inverse[column * order + column] = 1 / a[column * size + column]!;
    for (let row = column + 1; row < order; row++) {
      let sum = 0;
      for (let k = column; k < row; k++) {
        sum -= a[row * size + k]! * inverse[k * order + column]!;
      }
      inverse[row * order + column] = sum / a[row * size + row]!;
    }
  }
  for (let row = 0; row < order; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let k = row; k < order; k++) {
        sum += inverse[k * order + row]! * inverse[k * order + column]!;
      }
      inverse[row * order + column] = sum;
    }
  }
  for (let row = 0; row < order; row++) {
    for (let column = row + 1; column < order; column++) {
      inverse[row * order + column] = inverse[column * order + row]!;
    }
  }
  return inverse;
}

/** Solves L L' x = b in place; L is the leading part of a matrix with rows of `size`. */
export function solveFactored(factor: Float64Array, size: number, b: Float64Array): Float64Array {
  for (let row = 0; row < b.length; row++) {
    for (let k = 0; k < row; k++) b[row]! -= factor[row * size + k]! * b[k]!;
    b[row]! /= factor[row * size + row]!;
  }
  for (let row = b.length - 1; row >= 0; row--) {
    for (let k = row + 1; k < b.length; k++) {
      b[row]! -= factor[k * size + row]! * b[k]!;
    }
    b[row]! /= factor[row * size + row]!;
  }
  return b;
}

/** Twice the sum of the logarithms of a factor's pivots: the log-determinant of what was factored. */
export function logDeterminant(a: ArrayLike<number>, size: number, order = size): number {
  let sum = 0;
  for (let row = 0; row < order; row++) sum += Math.log(a[row * size + row]!);
  return 2 * sum;
}
