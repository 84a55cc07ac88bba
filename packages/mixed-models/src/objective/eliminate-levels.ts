// X'S^-1X and its like for S = W^-1 + Z Lambda Lambda'Z' without a matrix of the rows: the largest grouping factor is
// eliminated level by level, what is left is one dense block of the other factors' columns and the fixed effects'.
import { factorise, invertFactored } from "../numerics/cholesky";
import { matrixProduct, rowOf, transpose } from "../numerics/matrices";
import { unpackFactors } from "./covariance-factor";
import type { ModelData, RandomGroup } from "./model-data";

/** One level of the largest factor, with that factor marginalised: S_b = W^-1 + Z_b Lambda Lambda'Z_b'. */
interface EliminatedLevel {
  /** Z_l'S_b^-1 Z_l, width x width. */
  readonly own: Float64Array;
  /** The dense columns that the level's rows meet, ascending by first meeting. */
  readonly columns: Int32Array;
  /** Z_l'S_b^-1 [Z_s X] in these columns, width x columns. */
  readonly coupling: Float64Array;
}

/** A model whose largest factor is eliminated. */
export interface EliminatedModel {
  /** The largest factor's place among the groups. */
  readonly big: number;
  /** For each group where its columns begin in the dense block; the largest factor has none there. */
  readonly offsets: readonly number[];
  /** Columns of the other factors; those of the fixed effects follow. */
  readonly small: number;
  /** Columns of the dense block. */
  readonly dense: number;
  readonly levels: readonly EliminatedLevel[];
  /** [Z_s X]'S_b^-1 [Z_s X], dense x dense. */
  readonly gram: Float64Array;
  /** For each group its relative covariance factor. */
  readonly factors: readonly Float64Array[];
}

/** The group that is eliminated: that with most columns in all. */
export function largestGroup(groups: readonly RandomGroup[]): number {
  const sizes = groups.map(({ levels, columns }) => levels * columns);
  return sizes.indexOf(Math.max(...sizes));
}

/** Eliminates the largest factor at covariance parameters. Cost: a pass over the rows, with the squares of their columns. */
export function eliminateLevels(data: ModelData, theta: ArrayLike<number>): EliminatedModel {
  const { groups, fixedColumns } = data;
  const big = largestGroup(groups);
  let small = 0;
  const offsets = groups.map(({ levels, columns }, at) => {
    const offset = small;
    if (at !== big) small += levels * columns;
    return offset;
  });
  const dense = small + fixedColumns;
  const gram = new Float64Array(dense * dense);
  const factors = unpackFactors(groups, theta);
  const { levels, columns: width } = groups[big]!;
  const rowsOf = Array.from({ length: levels }, (): number[] => []);
  for (const [row, level] of groups[big]!.index.entries()) rowsOf[level]!.push(row);
  const rest = { big, offsets, small, dense };
  const eliminated = rowsOf.map((rows) => {
    const met = sumLevel(data, rest, rows, gram);
    return eliminate(met, relativeInverse(met.own, width, factors[big]!), width, gram, dense);
  });
  return { ...rest, levels: eliminated, gram, factors };
}

type Layout = Pick<EliminatedModel, "big" | "offsets" | "small" | "dense">;

// Cross-products of one level's rows; those among dense columns go into the gram matrix.
function sumLevel(
  data: ModelData,
  layout: Layout,
  rows: readonly number[],
  gram: Float64Array,
): EliminatedLevel {
  const { groups, weights } = data;
  const { values, columns: width } = groups[layout.big]!;
  const own = new Float64Array(width * width);
  const places = new Map<number, number>();
  const sums: Float64Array[] = [];
  for (const row of rows) {
    const entries = denseEntries(data, layout, row);
    const weight = weights[row]!;
    const z = rowOf(values, row, width);
    addOuter(own, z, weight);
    for (const [column, value] of entries) {
      for (const [other, otherValue] of entries) {
        gram[column * layout.dense + other]! += weight * value * otherValue;
      }
      const place = places.get(column) ?? places.size;
      if (place === places.size) {
        places.set(column, place);
        sums.push(new Float64Array(width));
      }
      for (let at = 0; at < width; at++) sums[place]![at]! += weight * value * z[at]!;
    }
  }
  const columns = Int32Array.from(places.keys());
  const coupling = Float64Array.from({ length: width * columns.length }, (_, at) => {
    return sums[at % columns.length]![Math.floor(at / columns.length)]!;
  });
  return { own, columns, coupling };
}

// A row's columns in the dense block that are not zero.
function denseEntries(data: ModelData, layout: Layout, row: number): [number, number][] {
  const { groups, fixed, fixedColumns } = data;
  const entries: [number, number][] = [];
  for (const [at, { index, columns, values }] of groups.entries()) {
    if (at === layout.big) continue;
    const first = layout.offsets[at]! + index[row]! * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      if (value !== 0) entries.push([first + column, value]);
    }
  }
  const from = fixed.of[row]! * fixedColumns;
  for (let column = 0; column < fixedColumns; column++) {
    const value = fixed.values[from + column]!;
    if (value !== 0) entries.push([layout.small + column, value]);
  }
  return entries;
}

function addOuter(sum: Float64Array, z: Float64Array, weight: number): void {
  const width = z.length;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) sum[i * width + j]! += weight * z[i]! * z[j]!;
  }
}

/** Lambda (I + Lambda'K Lambda)^-1 Lambda', for a symmetric K of as many columns as the factor has. */
export function relativeInverse(
  products: Float64Array,
  size: number,
  factor: Float64Array,
): Float64Array {
  const turned = transpose(factor, size);
  const half = matrixProduct(turned, size, products);
  const inner = matrixProduct(turned, size, transpose(half, size));
  for (let at = 0; at < size; at++) inner[at * (size + 1)]! += 1;
  factorise(inner, size);
  const back = matrixProduct(factor, size, invertFactored(inner, size));
  return matrixProduct(factor, size, transpose(back, size));
}

// K - K V K and (I - K V) K_ls, and from the gram matrix K_sl V K_ls.
function eliminate(
  { own, columns, coupling }: EliminatedLevel,
  inverse: Float64Array,
  width: number,
  gram: Float64Array,
  dense: number,
): EliminatedLevel {
  const count = columns.length;
  const through = matrixProduct(own, width, inverse);
  const left = through.map((value, at) => (at % (width + 1) === 0 ? 1 : 0) - value);
  const middle = matrixProduct(inverse, width, coupling);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += coupling[k * count + i]! * middle[k * count + j]!;
      gram[columns[i]! * dense + columns[j]!]! -= sum;
    }
  }
  return {
    own: matrixProduct(left, width, own),
    columns,
    coupling: matrixProduct(left, width, coupling),
  };
}
