// Gram-Schmidt, modified and done twice, which leaves the columns orthogonal to rounding error (Giraud and others
// 2005, doi.org/10.1007/s00211-005-0615-4). A design of years, say, then loses no digits to its distance from zero.
import { lengthOf } from "../numerics/vectors";

/** A design X as Q R: Q with orthonormal columns, R upper triangular. */
export interface OrthonormalBasis {
  /** k x p, row-major. */
  readonly q: Float64Array;
  /** p x p, row-major. */
  readonly r: Float64Array;
}

/** A column is taken for a combination of earlier ones where less than this share of it is left. */
const NEGLIGIBLE = 1e-9;

/**
 * Splits a design.
 *
 * @param x rows of p numbers.
 * @returns the number of the first column that is a combination of earlier ones, or the basis.
 */
export function orthonormalBasis(x: readonly (readonly number[])[]): OrthonormalBasis | number {
  const rows = x.length;
  const width = x[0]!.length;
  const q = new Float64Array(rows * width);
  const r = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    const column = Float64Array.from(x, (row) => row[j]!);
    const before = lengthOf(column);
    for (let pass = 0; pass < 2; pass++) removeEarlier(column, q, r, j, width);
    const length = lengthOf(column);
    if (!(length > NEGLIGIBLE * before)) return j;
    r[j * width + j] = length;
    for (let row = 0; row < rows; row++) q[row * width + j] = column[row]! / length;
  }
  return { q, r };
}

function removeEarlier(
  column: Float64Array,
  q: Float64Array,
  r: Float64Array,
  upTo: number,
  width: number,
): void {
  for (let i = 0; i < upTo; i++) {
    let dot = 0;
    for (let row = 0; row < column.length; row++) dot += q[row * width + i]! * column[row]!;
    for (let row = 0; row < column.length; row++) column[row]! -= dot * q[row * width + i]!;
    r[i * width + upTo]! += dot;
  }
}

/** Solves R' x = b. */
export function solveUpperTransposed({ r }: OrthonormalBasis, b: ArrayLike<number>): Float64Array {
  const size = b.length;
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = b[i]!;
    for (let j = 0; j < i; j++) sum -= r[j * size + i]! * x[j]!;
    x[i] = sum / r[i * size + i]!;
  }
  return x;
}
