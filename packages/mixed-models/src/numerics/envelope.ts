// Symmetric positive definite matrices that are empty to the left of each row's first entry: the Cholesky factor has
// the same envelope (George and Liu 1981, chapter 4), and so have the entries of the inverse that it takes to compute
// the others of them (Takahashi's equations; Erisman and Tinney 1975, doi.org/10.1145/360680.360704).

/** Where the entries of a matrix are, row by row. */
export interface Envelope {
  /** First column of each row that may hold an entry. */
  readonly first: Int32Array;
  /** Where each column's rows below the diagonal begin in `below`: rows + 1 entries. */
  readonly belowStart: Int32Array;
  readonly below: Int32Array;
}

/** Describes an envelope. @param first column of each row, at most the row itself. */
export function makeEnvelope(first: Int32Array): Envelope {
  const belowStart = new Int32Array(first.length + 1);
  for (const [row, from] of first.entries()) {
    for (let column = from; column < row; column++) belowStart[column + 1]!++;
  }
  for (let column = 0; column < first.length; column++) {
    belowStart[column + 1]! += belowStart[column]!;
  }
  const next = belowStart.slice();
  const below = new Int32Array(belowStart[first.length]!);
  for (const [row, from] of first.entries()) {
    for (let column = from; column < row; column++) below[next[column]!++] = row;
  }
  return { first, belowStart, below };
}

/**
 * Replaces the lower triangle of a matrix by its Cholesky factor, within its envelope.
 *
 * @param a `size x size`, row-major.
 * @param order number of leading rows to factor.
 * @returns the first row whose pivot is not positive, or -1.
 */
export function factoriseWithin(
  { first }: Envelope,
  a: Float64Array,
  size: number,
  order: number,
): number {
  for (let row = 0; row < order; row++) {
    const rowAt = row * size;
    const from = first[row]!;
    for (let column = from; column <= row; column++) {
      const columnAt = column * size;
      let sum = a[rowAt + column]!;
      for (let k = Math.max(from, first[column]!); k < column; k++) {
        sum -= a[rowAt + k]! * a[columnAt + k]!;
      }
      if (column < row) a[rowAt + column] = sum / a[columnAt + column]!;
      else if (sum > 0) a[rowAt + row] = Math.sqrt(sum);
      else return row;
    }
  }
  return -1;
}

/** Solves L x = b in place; returns the squared length of x. */
export function solveForwardWithin(
  { first }: Envelope,
  a: ArrayLike<number>,
  size: number,
  order: number,
  b: Float64Array,
): number {
  let norm = 0;
  for (let row = 0; row < order; row++) {
    let sum = b[row]!;
    for (let k = first[row]!; k < row; k++) sum -= a[row * size + k]! * b[k]!;
    sum /= a[row * size + row]!;
    b[row] = sum;
    norm += sum * sum;
  }
  return norm;
}

/** Solves L' x = b in place. */
export function solveBackwardWithin(
  { first }: Envelope,
  a: ArrayLike<number>,
  size: number,
  order: number,
  b: Float64Array,
): void {
  for (let row = order - 1; row >= 0; row--) {
    const value = b[row]! / a[row * size + row]!;
    b[row] = value;
    for (let k = first[row]!; k < row; k++) b[k]! -= a[row * size + k]! * value;
  }
}

/**
 * The entries of a factored matrix's inverse that lie in its envelope, on both sides of the diagonal.
 *
 * @param into receives them, `order x order`; nothing else of it is read or written.
 */
export function invertWithin(
  { belowStart, below }: Envelope,
  a: ArrayLike<number>,
  size: number,
  order: number,
  into: Float64Array,
): void {
  for (let column = order - 1; column >= 0; column--) {
    const pivot = a[column * size + column]!;
    const from = belowStart[column]!;
    let to = belowStart[column + 1]!;
    while (to > from && below[to - 1]! >= order) to--;
    let diagonal = 1 / pivot;
    for (let at = from; at < to; at++) {
      const row = below[at]!;
      let sum = 0;
      for (let other = from; other < to; other++) {
        const k = below[other]!;
        sum += into[row * order + k]! * a[k * size + column]!;
      }
      const value = -sum / pivot;
      into[row * order + column] = value;
      into[column * order + row] = value;
    }
    for (let at = from; at < to; at++) {
      const k = below[at]!;
      diagonal -= into[column * order + k]! * a[k * size + column]!;
    }
    into[column * order + column] = diagonal / pivot;
  }
}
