import { dot } from "./vectors";

/**
 * The eigenvectors of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, section 8.5).
 *
 * @returns one unit vector an entry, in no particular order.
 *
 * @example
 * eigenvectors([[2]]); // => [[1]]
 */
export function eigenvectors(matrix: readonly (readonly number[])[]): number[][] {
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++) {
    let turned = false;
    for (let i = 0; i < a.length; i++) {
      for (let j = 0; j < i; j++) {
        const small = 1e-16 * Math.sqrt(Math.abs(a[i]![i]! * a[j]![j]!));
        if (Math.abs(a[i]![j]!) <= small) continue;
        turned = true;
        rotate(a, vectors, j, i);
      }
    }
    if (!turned) break;
  }
  return vectors;
}

/** The eigenvalues of a symmetric matrix, each with its unit vector, in no particular order. */
export function eigenpairs(
  matrix: readonly (readonly number[])[],
): { readonly value: number; readonly vector: readonly number[] }[] {
  return eigenvectors(matrix).map((vector) => {
    const product = matrix.map((row) => dot(row, vector));
    return { value: dot(vector, product), vector };
  });
}

// Turns columns and rows i and j so that their common cell becomes zero.
function rotate(a: number[][], vectors: number[][], i: number, j: number): void {
  const ratio = (a[j]![j]! - a[i]![i]!) / (2 * a[i]![j]!);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  const turn = (x: number, y: number) => [cosine * x - sine * y, sine * x + cosine * y] as const;
  for (const row of a) [row[i], row[j]] = turn(row[i]!, row[j]!);
  for (let k = 0; k < a.length; k++) [a[i]![k], a[j]![k]] = turn(a[i]![k]!, a[j]![k]!);
  const [first, second] = [vectors[i]!, vectors[j]!];
  for (const [k, x] of first.entries()) [first[k], second[k]] = turn(x, second[k]!);
}
