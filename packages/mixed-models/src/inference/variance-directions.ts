// What Kenward and Roger's adjustment needs of the rows' covariance matrix S, which is linear in the variances and covariances
// of the random effects: for its directions G_i the traces of S^-1 G_i S^-1 G_j, X'S^-1 G_i S^-1 X, and
// X'S^-1 G_i S^-1 G_j S^-1 X. They are sums over the entries of Z'S^-1 Z and Z'S^-1 X (marginal-products.ts). In place of
// the residual variance's direction stands S itself: the others and it span the same space.
import { rowOf, transpose } from "../numerics/matrices";
import { type MarginalProducts, marginalProducts } from "../objective/marginal-products";
import type { ModelData } from "../objective/model-data";

/** Sums in units of the residual variance; the first direction is S itself. */
export interface DirectionSums {
  /** X'S^-1 X, p x p, row-major. */
  readonly information: Float64Array;
  /** tr(S^-1 G_i S^-1 G_j). */
  readonly traces: readonly (readonly number[])[];
  /** X'S^-1 G_i S^-1 X. */
  readonly first: readonly Float64Array[];
  /** X'S^-1 G_i S^-1 G_j S^-1 X. */
  readonly second: readonly (readonly Float64Array[])[];
}

/** The variance of one column of a group, or the covariance of two: G = z_a z_b' + z_b z_a', halved where they are one. */
interface Direction {
  readonly place: number;
  readonly levels: number;
  readonly columns: number;
  readonly a: number;
  readonly b: number;
  readonly share: number;
}

/** The sums at covariance parameters. Cost: the square of the number of random effects, times that of the directions. */
export function sumDirections(data: ModelData, theta: ArrayLike<number>): DirectionSums {
  const products = marginalProducts(data, theta);
  const { information } = products;
  const directions = listDirections(data, products);
  const traces = directions.map(() => directions.map(() => 0));
  const own = directions.map(() => 0);
  const first = directions.map(() => new Float64Array(information.length));
  const second: Float64Array[][] = directions.map(() =>
    directions.map(() => new Float64Array(information.length)),
  );
  for (const [i, direction] of directions.entries()) {
    const { place, levels, columns, a, b, share } = direction;
    for (let level = 0; level < levels; level++) {
      const [left, right] = [place + level * columns + a, place + level * columns + b];
      const rowA = products.rowOf(left);
      const rowB = a === b ? rowA : products.rowOf(right);
      own[i]! += 2 * share * rowA[right]!;
      addOuter(first[i]!, fixedRow(products, left), fixedRow(products, right), share);
      addOuter(first[i]!, fixedRow(products, right), fixedRow(products, left), share);
      for (const [j, other] of directions.entries()) {
        if (j < i) continue;
        traces[i]![j]! += 2 * share * other.share * sumPairs(other, rowA, rowB);
        const throughA = throughRow(products, other, rowA);
        const throughB = a === b ? throughA : throughRow(products, other, rowB);
        addOuter(second[i]![j]!, fixedRow(products, right), throughA, share);
        addOuter(second[i]![j]!, fixedRow(products, left), throughB, share);
      }
    }
  }
  for (const i of directions.keys()) {
    for (let j = 0; j < i; j++) {
      traces[i]![j] = traces[j]![i]!;
      second[i]![j] = transpose(second[j]![i]!, data.fixedColumns);
    }
  }
  return {
    information,
    traces: [[data.rows, ...own], ...traces.map((row, i) => [own[i]!, ...row])],
    first: [information, ...first],
    second: [[information, ...first], ...second.map((row, i) => [first[i]!, ...row])],
  };
}

function listDirections({ groups }: ModelData, { places }: MarginalProducts): Direction[] {
  return groups.flatMap(({ levels, columns, entries }, at) =>
    entries.map(({ row, column }) => ({
      place: places[at]!,
      levels,
      columns,
      a: row,
      b: column,
      share: row === column ? 0.5 : 1,
    })),
  );
}

// Over the levels of a direction: what its two columns have in common with two others.
function sumPairs(
  { place, levels, columns, a, b }: Direction,
  left: Float64Array,
  right: Float64Array,
): number {
  let sum = 0;
  for (let level = 0, from = place; level < levels; level++, from += columns) {
    sum += left[from + a]! * right[from + b]! + left[from + b]! * right[from + a]!;
  }
  return sum;
}

// A row of Z'S^-1 Z times G S^-1 X for a direction.
function throughRow(
  { fixed, information }: MarginalProducts,
  { place, levels, columns, a, b, share }: Direction,
  row: Float64Array,
): Float64Array {
  const width = Math.sqrt(information.length);
  const sum = new Float64Array(width);
  for (let level = 0, from = place; level < levels; level++, from += columns) {
    const [left, right] = [share * row[from + a]!, share * row[from + b]!];
    if (left === 0 && right === 0) continue;
    for (let j = 0; j < width; j++) {
      sum[j]! += left * fixed[(from + b) * width + j]! + right * fixed[(from + a) * width + j]!;
    }
  }
  return sum;
}

function fixedRow({ fixed, information }: MarginalProducts, effect: number): Float64Array {
  return rowOf(fixed, effect, Math.sqrt(information.length));
}

function addOuter(sum: Float64Array, left: Float64Array, right: Float64Array, share: number): void {
  const width = left.length;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) sum[i * width + j]! += share * left[i]! * right[j]!;
  }
}
