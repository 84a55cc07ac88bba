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
