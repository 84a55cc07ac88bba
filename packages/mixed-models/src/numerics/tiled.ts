// The kernels of cholesky.ts for large matrices: the same sums in tiles of four rows by four columns, so that eight
// numbers read serve sixteen products, and both factors are read along their rows.

const SIDE = 4;
const sums = new Float64Array(SIDE * SIDE);

/** From this order on tiles pay; below, the order of the sums stays as it was. */
export const LEAST_TILED = 128;

/**
 * Replaces the lower triangle of a symmetric matrix by its Cholesky factor.
 *
 * @returns the first row whose pivot is not positive, or -1.
 */
export function factoriseTiled(a: Float64Array, size: number, from: number, to: number): number {
  for (let top = from; top < to; top += SIDE) {
    const bottom = Math.min(top + SIDE, to);
    for (let left = 0; left < bottom; left += SIDE) {
      const right = Math.min(left + SIDE, bottom);
      dotRows(a, top, bottom, a, left, right, size, size, 0, left);
      const failed = finishTile(a, size, top, bottom, left, right);
      if (failed >= 0) return failed;
    }
  }
  return -1;
}

function finishTile(
  a: Float64Array,
  size: number,
  top: number,
  bottom: number,
  left: number,
  right: number,
): number {
  for (let row = top; row < bottom; row++) {
    const rowAt = row * size;
    for (let column = left; column < right && column <= row; column++) {
      const columnAt = column * size;
      const tileAt = (row - top) * SIDE + column - left;
      let sum = a[rowAt + column]! - sums[tileAt]!;
      for (let k = left; k < column; k++) {
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
export function invertTiled(a: ArrayLike<number>, size: number, order: number): Float64Array {
  const inverse = new Float64Array(order * order);
  const roots = invertFactor(a, size, order);
  for (let top = 0; top < order; top += SIDE) {
    const bottom = Math.min(top + SIDE, order);
    for (let left = 0; left <= top; left += SIDE) {
      const right = Math.min(left + SIDE, order);
      // Row i of the transposed inverse factor begins at its diagonal; what stands before is zero.
      dotRows(roots, top, bottom, roots, left, right, order, order, top, order);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const value = sums[(row - top) * SIDE + column - left]!;
          inverse[row * order + column] = value;
          inverse[column * order + row] = value;
        }
      }
    }
  }
  return inverse;
}

// The inverse of the factor, transposed: column by column, so that its own earlier entries are read along a row.
function invertFactor(a: ArrayLike<number>, size: number, order: number): Float64Array {
  const roots = new Float64Array(order * order);
  for (let left = 0; left < order; left += SIDE) {
    const right = Math.min(left + SIDE, order);
    for (let top = left; top < order; top += SIDE) {
      const bottom = Math.min(top + SIDE, order);
      dotRows(a, top, bottom, roots, left, right, size, order, left, top);
      for (let row = top; row < bottom; row++) {
        const pivot = a[row * size + row]!;
        for (let column = left; column < right && column <= row; column++) {
          let sum = (row === column ? 1 : 0) - sums[(row - top) * SIDE + column - left]!;
          for (let k = top; k < row; k++) {
            sum -= a[row * size + k]! * roots[column * order + k]!;
          }
          roots[column * order + row] = sum / pivot;
        }
      }
    }
  }
  return roots;
}

// Products of up to four rows of one matrix with up to four of another, over a range of columns, into `sums`.
// A tile at the edge reads its last row again instead of one that is not there.
function dotRows(
  a: ArrayLike<number>,
  top: number,
  bottom: number,
  b: ArrayLike<number>,
  left: number,
  right: number,
  aSize: number,
  bSize: number,
  from: number,
  to: number,
): void {
  const a0 = top * aSize;
  const a1 = Math.min(top + 1, bottom - 1) * aSize;
  const a2 = Math.min(top + 2, bottom - 1) * aSize;
  const a3 = Math.min(top + 3, bottom - 1) * aSize;
  const lastRight = right - 1;
  for (let half = 0; half < SIDE; half += 2) {
    const b0 = Math.min(left + half, lastRight) * bSize;
    const b1 = Math.min(left + half + 1, lastRight) * bSize;
    let [s00, s01, s10, s11, s20, s21, s30, s31] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = from; k < to; k++) {
      const y0 = b[b0 + k]!;
      const y1 = b[b1 + k]!;
      const x0 = a[a0 + k]!;
      const x1 = a[a1 + k]!;
      const x2 = a[a2 + k]!;
      const x3 = a[a3 + k]!;
      s00 += x0 * y0;
      s01 += x0 * y1;
      s10 += x1 * y0;
      s11 += x1 * y1;
      s20 += x2 * y0;
      s21 += x2 * y1;
      s30 += x3 * y0;
      s31 += x3 * y1;
    }
    sums[half] = s00;
    sums[half + 1] = s01;
    sums[SIDE + half] = s10;
    sums[SIDE + half + 1] = s11;
    sums[2 * SIDE + half] = s20;
    sums[2 * SIDE + half + 1] = s21;
    sums[3 * SIDE + half] = s30;
    sums[3 * SIDE + half + 1] = s31;
  }
}
