// Matrices are row-major in flat arrays; square ones unless their rows or columns are said.

/** Ones on the diagonal, zeros elsewhere. */
export function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
}

/** One row: a view, not a copy. */
export function rowOf(matrix: Float64Array, row: number, width: number): Float64Array {
  return matrix.subarray(row * width, (row + 1) * width);
}

/** The transpose of a square matrix. */
export function transpose(matrix: Float64Array, width: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % width) * width + Math.floor(at / width)]!);
}

/**
 * The product of two matrices, not square ones alone; zeros of the first cost nothing.
 *
 * @param inner columns of the first, rows of the second.
 */
export function matrixProduct(
  left: Float64Array,
  inner: number,
  right: Float64Array,
): Float64Array {
  const rows = left.length / inner;
  const columns = right.length / inner;
  const product = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < inner; k++) {
      const value = left[row * inner + k]!;
      if (value === 0) continue;
      for (let column = 0; column < columns; column++) {
        product[row * columns + column]! += value * right[k * columns + column]!;
      }
    }
  }
  return product;
}

/** l'Vl, for weights l of which no more than `size` are read. */
export function quadraticForm(
  matrix: Float64Array,
  size: number,
  weights: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    if (weights[i] === 0) continue;
    for (let j = 0; j < size; j++) sum += weights[i]! * weights[j]! * matrix[i * size + j]!;
  }
  return sum;
}

/** Solves T x = b for an upper triangular matrix, for one or several columns of `b` (row-major, in place). */
export function solveUpper(transform: Float64Array, width: number, b: Float64Array): Float64Array {
  const count = b.length / width;
  for (let row = width - 1; row >= 0; row--) {
    for (let column = 0; column < count; column++) {
      let sum = b[row * count + column]!;
      for (let k = row + 1; k < width; k++) {
        sum -= transform[row * width + k]! * b[k * count + column]!;
      }
      b[row * count + column] = sum / transform[row * width + row]!;
    }
  }
  return b;
}

/** The last entries of a square matrix's diagonal. */
export function lastDiagonal(matrix: Float64Array, count: number): Float64Array {
  const width = Math.sqrt(matrix.length);
  return Float64Array.from({ length: count }, (_, at) => {
    return matrix[(width - count + at) * (width + 1)]!;
  });
}

/** The last rows and columns of a square matrix. */
export function lastBlock(matrix: Float64Array, count: number): Float64Array {
  const width = Math.sqrt(matrix.length);
  const first = width - count;
  return matrix.filter((_, at) => at >= first * width && at % width >= first);
}

/** The rows and columns of a square matrix that stand at some places. */
export function takeBlock(matrix: Float64Array, places: readonly number[]): Float64Array {
  const size = Math.sqrt(matrix.length);
  const block = new Float64Array(places.length ** 2);
  let cell = 0;
  for (const row of places) {
    for (const column of places) block[cell++] = matrix[row * size + column]!;
  }
  return block;
}

/** Two square matrices as blocks on the diagonal of one. */
export function joinDiagonally(first: Float64Array, last: Float64Array): Float64Array {
  const [before, after] = [Math.sqrt(first.length), Math.sqrt(last.length)];
  const size = before + after;
  const joined = new Float64Array(size * size);
  for (let row = 0; row < before; row++) {
    joined.set(rowOf(first, row, before), row * size);
  }
  for (let row = 0; row < after; row++) {
    joined.set(rowOf(last, row, after), (before + row) * size + before);
  }
  return joined;
}
