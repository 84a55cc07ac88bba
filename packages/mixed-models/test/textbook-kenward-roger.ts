// Kenward and Roger 1997, equations (2) to (5), word by word, with matrices as large as the data.
import type { MixedFit } from "mixed-models";

type Matrix = readonly (readonly number[])[];

/** The adjusted covariance matrix, row-major, and each coefficient's degrees of freedom. */
export function textbookAdjustment(
  { design, variances, sigma }: MixedFit,
  weights: readonly number[],
): { covariance: number[]; df: number[] } {
  const width = design.fixed.names.length;
  const n = design.rows;
  const x = Array.from({ length: n }, (_, row) => [
    ...design.fixed.X.subarray(row * width, (row + 1) * width),
  ]);
  const residual = weights.map((weight, i) => weights.map((_, j) => (i === j ? 1 / weight : 0)));
  const parts = [{ size: sigma ** 2, matrix: residual as Matrix }];
  for (const { group, names, Z, index } of design.random) {
    const own = variances.filter((one) => one.group === group && names.includes(one.name));
    for (const [a, first] of own.entries()) {
      for (const [b, second] of own.slice(0, a + 1).entries()) {
        const corr = a === b ? 1 : ([second.corr, first.corr].flat().at(-1) as number);
        const matrix = Array.from({ length: n }, (_, i) =>
          Array.from({ length: n }, (_, j) => {
            if (index[i] !== index[j]) return 0;
            const at = (row: number, column: number) => Z[row * names.length + column] as number;
            return a === b ? at(i, a) * at(j, a) : at(i, a) * at(j, b) + at(i, b) * at(j, a);
          }),
        );
        parts.push({ size: corr * first.sd * second.sd, matrix });
      }
    }
  }
  const sigmaMatrix = x.map((_, i) =>
    x.map((_, j) =>
      parts.reduce((sum, { size, matrix }) => sum + size * (matrix[i]?.[j] as number), 0),
    ),
  );
  const inverse = invert(sigmaMatrix);
  const phi = invert(times(times(turn(x), inverse), x));
  const through = parts.map(({ matrix }) => times(inverse, matrix));
  const p = through.map((one) => scale(times(times(times(turn(x), one), inverse), x), -1));
  const q = through.map((one) =>
    through.map((other) => times(times(times(times(turn(x), one), other), inverse), x)),
  );
  const information = through.map((one, i) =>
    through.map((other, j) => {
      const own = trace(times(one, other)) - 2 * trace(times(phi, (q[i] as Matrix[])[j] as Matrix));
      return (own + trace(times(times(phi, p[i] as Matrix), times(phi, p[j] as Matrix)))) / 2;
    }),
  );
  const w = invert(information);
  let u: Matrix = phi.map((row) => row.map(() => 0));
  for (const [i, row] of w.entries()) {
    for (const [j, weight] of row.entries()) {
      const inner = times(times(p[i] as Matrix, phi), p[j] as Matrix);
      u = add(u, scale(add((q[i] as Matrix[])[j] as Matrix, scale(inner, -1)), weight));
    }
  }
  const adjusted = add(phi, scale(times(times(phi, u), phi), 2));
  const slopes = p.map((one) => times(times(phi, one), phi));
  const df = phi.map((row, at) => {
    const share = slopes.map((one) => (one[at]?.[at] as number) / (row[at] as number));
    return (
      2 /
      w.reduce(
        (sum, own, i) =>
          sum +
          own.reduce((all, cell, j) => all + cell * (share[i] as number) * (share[j] as number), 0),
        0,
      )
    );
  });
  return { covariance: adjusted.flat(), df };
}

function times(left: Matrix, right: Matrix): Matrix {
  const turned = turn(right);
  return left.map((row) =>
    turned.map((column) => {
      let sum = 0;
      for (let at = 0; at < row.length; at++) sum += (row[at] as number) * (column[at] as number);
      return sum;
    }),
  );
}

function turn(matrix: Matrix): Matrix {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] as number));
}

function add(left: Matrix, right: Matrix): Matrix {
  return left.map((row, i) => row.map((value, j) => value + (right[i]?.[j] as number)));
}

function scale(matrix: Matrix, by: number): Matrix {
  return matrix.map((row) => row.map((value) => by * value));
}

function trace(matrix: Matrix): number {
  return matrix.reduce((sum, row, at) => sum + (row[at] as number), 0);
}

// Gauss and Jordan, with pivots by size.
function invert(matrix: Matrix): Matrix {
  const size = matrix.length;
  const a = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let at = 0; at < size; at++) {
    let best = at;
    for (let row = at; row < size; row++) {
      if (Math.abs(a[row]?.[at] as number) > Math.abs(a[best]?.[at] as number)) best = row;
    }
    [a[at], a[best]] = [a[best] as number[], a[at] as number[]];
    const own = a[at] as number[];
    const pivot = own[at] as number;
    for (let column = at; column < 2 * size; column++)
      own[column] = (own[column] as number) / pivot;
    for (const [row, other] of a.entries()) {
      const factor = other[at] as number;
      if (row === at || factor === 0) continue;
      for (let column = at; column < 2 * size; column++) {
        other[column] = (other[column] as number) - factor * (own[column] as number);
      }
    }
  }
  return a.map((row) => row.slice(size));
}
