// The kernels of cholesky.ts for large matrices: the same sums in tiles of four rows by four columns, so that eight
// numbers read serve sixteen products, and both factors are read along their rows; in WebAssembly where there is such.
import { type TileKernel, tileKernel } from "./tile-kernel";

const SIDE = 4;
let sums: Float64Array = new Float64Array(SIDE * SIDE);
let kernel: TileKernel | undefined;

/** From this order on tiles pay; below, the order of the sums stays as it was. */
export const LEAST_TILED = 128;

/**
 * Replaces the lower triangle of a symmetric matrix by its Cholesky factor.
 *
 * @returns the first row whose pivot is not positive, or -1.
 */
export function factoriseTiled(a: Float64Array, size: number, from: number, to: number): number {
  const room = claim(size * size);
  if (!room) return factoriseTiles(a, size, from, to);
  room.set(a.subarray(0, size * size));
  const failed = factoriseTiles(room, size, from, to);
  a.set(room);
  return failed;
}

// Room that the kernel shares; without one the sums are JavaScript's.
function claim(count: number): Float64Array | undefined {
  kernel = tileKernel(count);
  const room = kernel?.claim(count);
  sums = kernel ? kernel.sums : new Float64Array(SIDE * SIDE);
  return room;
}

/** The same in JavaScript where the matrix does not lie in the kernel's memory: the same bits. */
export function factoriseTiles(a: Float64Array, size: number, from: number, to: number): number {
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
  const room = claim(size * size + order * order);
  room?.set(a);
  const factor = room ? room.subarray(0, size * size) : a;
  const roots = room ? room.subarray(size * size).fill(0) : new Float64Array(order * order);
  invertFactor(factor, size, order, roots);
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
function invertFactor(
  a: ArrayLike<number>,
  size: number,
  order: number,
  roots: Float64Array,
): void {
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
  const count = to - from;
  for (let half = 0; half < SIDE; half += 2) {
    const b0 = Math.min(left + half, lastRight) * bSize;
    const b1 = Math.min(left + half + 1, lastRight) * bSize;
    if (kernel?.holds(a) && kernel.holds(b)) {
      const [atA, atB] = [a.byteOffset + 8 * from, b.byteOffset + 8 * from];
      const byA = (row: number) => atA + 8 * row;
      kernel.dot(byA(a0), byA(a1), byA(a2), byA(a3), atB + 8 * b0, atB + 8 * b1, count, half);
      continue;
    }
    dotHalf(a, a0 + from, a1 + from, a2 + from, a3 + from, b, b0 + from, b1 + from, count, half);
  }
}

// Even and odd places apart, as the kernel sums them.
function dotHalf(
  a: ArrayLike<number>,
  a0: number,
  a1: number,
  a2: number,
  a3: number,
  b: ArrayLike<number>,
  b0: number,
  b1: number,
  count: number,
  half: number,
): void {
  for (let lane = 0; lane < 2; lane++) {
    let [s00, s01, s10, s11, s20, s21, s30, s31] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = lane; k < count; k += 2) {
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
    const found = [s00, s01, s10, s11, s20, s21, s30, s31];
    for (let at = 0; at < 8; at++) {
      const place = SIDE * (at >> 1) + half + (at & 1);
      sums[place] = (lane === 0 ? 0 : sums[place]!) + found[at]!;
    }
  }
}
