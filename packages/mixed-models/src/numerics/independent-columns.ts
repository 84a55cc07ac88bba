// R's rank decision: Householder QR that moves a negligible column to the end (LINPACK's dqrdc2 as
// changed by R, src/appl/dqrdc2.f), as lme4's `chkRank.drop.cols` calls it. The matrix is first
// reduced to its triangular factor, which has the same column norms and angles.
import { lengthOf } from "./vectors";

/**
 * Finds the columns of a matrix that are not combinations of earlier ones.
 *
 * @param matrix `rows x width`, row-major; left unchanged.
 * @param tolerance a column is negligible when less than this share of its norm is left.
 * @returns positions of the columns to keep, ascending.
 */
export function independentColumns(
  matrix: Float64Array,
  rows: number,
  width: number,
  tolerance = 1e-7,
): number[] {
  const columns = triangularFactor(matrix, rows, width);
  const norms = columns.map((column) => lengthOf(column));
  const original = norms.map((value) => value || 1);
  const order = columns.map((_, position) => position);
  let rank = width;
  for (let step = 0; step < rank; step++) {
    while (step < rank && norms[step]! < original[step]! * tolerance) {
      for (const list of [columns, norms, original, order]) moveToEnd(list, step);
      rank--;
    }
    if (step < rank) reflect(columns, norms, step);
  }
  return order.slice(0, Math.min(rank, rows));
}

function moveToEnd(list: unknown[], position: number): void {
  list.push(list.splice(position, 1)[0]);
}

function reflect(columns: readonly Float64Array[], norms: number[], step: number): void {
  const pivot = columns[step]!;
  const length = lengthOf(pivot, step);
  if (length === 0) return;
  const direction = pivot.slice(step);
  for (let row = 0; row < direction.length; row++) direction[row]! /= length;
  const sign = direction[0]! < 0 ? -1 : 1;
  direction[0] = direction[0]! + sign;
  const head = Math.abs(direction[0]!);
  for (let later = step + 1; later < columns.length; later++) {
    const column = columns[later]!;
    const tail = column.subarray(step);
    const factor = dotOf(direction, tail, direction.length) / head;
    for (let row = 0; row < direction.length; row++) tail[row]! -= factor * direction[row]!;
    norms[later] = reduceNorm(column, norms[later]!, step);
  }
}

function reduceNorm(column: Float64Array, before: number, step: number): number {
  if (before === 0) return 0;
  const left = Math.max(0, 1 - (Math.abs(column[step]!) / before) ** 2);
  return left < 1e-6 ? lengthOf(column, step + 1) : before * Math.sqrt(left);
}

// Householder reduction of one block of rows after the other, stacked below the factor so far.
function triangularFactor(matrix: Float64Array, rows: number, width: number): Float64Array[] {
  // A matrix as wide as it is high is no smaller for it.
  if (rows <= width) {
    return Array.from({ length: width }, (_, position) =>
      Float64Array.from({ length: rows }, (_, row) => matrix[row * width + position]!),
    );
  }
  const height = Math.max(256, 4 * width);
  const factor = Array.from({ length: width }, () => new Float64Array(width));
  const block = Array.from({ length: width }, () => new Float64Array(height));
  for (let start = 0; start < rows; start += height) {
    const count = Math.min(height, rows - start);
    block.forEach((column, position) => {
      for (let row = 0; row < count; row++) {
        column[row] = matrix[(start + row) * width + position]!;
      }
    });
    for (let step = 0; step < width; step++) absorb(factor, block, step, count);
  }
  return factor;
}

// Turns a block's column to zero against the factor's diagonal, and the later columns with it.
function absorb(
  factor: readonly Float64Array[],
  block: readonly Float64Array[],
  step: number,
  count: number,
): void {
  const pivot = block[step]!;
  const diagonal = factor[step]![step]!;
  const squares = dotOf(pivot, pivot, count);
  if (squares === 0) return;
  const length = Math.sqrt(diagonal * diagonal + squares);
  const head = diagonal + (diagonal < 0 ? -length : length);
  const scale = 2 / (head * head + squares);
  for (let later = step; later < factor.length; later++) {
    const top = factor[later]!;
    const column = block[later]!;
    const share = scale * (head * top[step]! + dotOf(pivot, column, count));
    if (share === 0) continue;
    top[step] = top[step]! - share * head;
    if (later === step) continue;
    for (let row = 0; row < count; row++) {
      column[row] = column[row]! - share * pivot[row]!;
    }
  }
}

function dotOf(left: Float64Array, right: Float64Array, count: number): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += left[row]! * right[row]!;
  return sum;
}
