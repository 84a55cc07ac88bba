import { FEATURE_BITS, type SparseVector } from "../features/feature-sink";
import { stableLog } from "../text/stable-math";
import { fitLogistic, type SparseRows } from "./logistic";

/** Identifiers from here on are counts (dense features), not n-grams. */
export const DENSE_BASE = 1 << FEATURE_BITS;

/** A linear model as it is shipped: its strongest weights, in 8 bits each. */
export interface SparseLinear {
  /** Feature identifiers, rising. */
  readonly ids: Int32Array;
  readonly weights: Int8Array;
  /** What a weight of 1 stands for. */
  readonly scale: number;
  readonly bias: number;
}

/** How a linear model is fitted. */
export interface LinearOptions {
  /** Cost of an error, beside |w|^2 / 2. */
  readonly cost: number;
  /** From 0, errors cost the same in both classes, to 1, both classes cost the same in total. */
  readonly balance: number;
  /** In how many rows a feature must occur. */
  readonly least: number;
  /** How many weights are kept. */
  readonly keep: number;
  /** Whether values are scaled by the feature's log-count ratio (Wang and Manning 2012). */
  readonly ratios?: boolean;
}

/** Rows ready for fitting: several models may be fitted to one. */
interface PreparedRows {
  readonly vocabulary: Vocabulary;
  readonly rows: SparseRows;
}

/** Lists the features that `least` vectors hold, and lays the vectors out for fitting. */
export function prepareRows(vectors: readonly SparseVector[], least: number): PreparedRows {
  const all = vectors.map((_, row) => row);
  const vocabulary = listFeatures(vectors, all, least);
  return { vocabulary, rows: toSparseRows(vectors, all, vocabulary) };
}

/**
 * Fits a logistic regression, keeps its strongest weights and rounds them to 8 bits.
 *
 * @param prepared the rows, in an order that does not depend on the caller's.
 * @param rowWeights factor on each row's cost.
 */
export function fitSparseLinear(
  prepared: PreparedRows,
  positive: Uint8Array,
  options: LinearOptions,
  rowWeights?: Float64Array,
): SparseLinear {
  const ratios = options.ratios ? ratiosOf(prepared.rows, positive) : undefined;
  const rows = ratios ? scaleColumns(prepared.rows, ratios) : prepared.rows;
  const { weights, bias } = fitLogistic(rows, positive, costs(positive, options, rowWeights));
  const squares = new Float64Array(weights.length);
  for (let at = 0; at < rows.columns.length; at++) {
    squares[rows.columns[at]!]! += rows.values[at]! * rows.values[at]!;
  }
  const importance = weights.map((weight, column) => weight * weight * squares[column]!);
  if (ratios) for (let at = 0; at < weights.length; at++) weights[at]! *= ratios[at]!;
  return roundWeights(prepared.vocabulary.ids, weights, importance, bias, options.keep);
}

function costs(
  positive: Uint8Array,
  { cost, balance }: LinearOptions,
  rowWeights?: Float64Array,
): Float64Array {
  let ones = 0;
  for (const one of positive) ones += one;
  const count = positive.length;
  const share = [count / (2 * Math.max(count - ones, 1)), count / (2 * Math.max(ones, 1))] as const;
  return Float64Array.from(
    positive,
    (one, row) => cost * (1 - balance + balance * share[one as 0 | 1]) * (rowWeights?.[row] ?? 1),
  );
}

function ratiosOf(rows: SparseRows, positive: Uint8Array): Float64Array {
  const counts = [
    new Float64Array(rows.columnCount).fill(1),
    new Float64Array(rows.columnCount).fill(1),
  ] as const;
  const totals: [number, number] = [rows.columnCount, rows.columnCount];
  for (let row = 0; row < positive.length; row++) {
    const side = positive[row] as 0 | 1;
    for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at++) {
      counts[side][rows.columns[at]!]!++;
      totals[side]++;
    }
  }
  return counts[1].map((count, column) =>
    stableLog(count / totals[1] / (counts[0][column]! / totals[0])),
  );
}

function scaleColumns(rows: SparseRows, factors: Float64Array): SparseRows {
  const values = rows.values.map((value, at) => value * factors[rows.columns[at]!]!);
  return { ...rows, values };
}

function roundWeights(
  ids: Int32Array,
  weights: Float64Array,
  importance: Float64Array,
  bias: number,
  keep: number,
): SparseLinear {
  const strongest = Float64Array.from(importance).sort();
  const limit = strongest[Math.max(0, strongest.length - keep)] ?? 0;
  const kept: number[] = [];
  for (let at = 0; at < weights.length; at++)
    if (importance[at]! >= limit && importance[at]! > 0) kept.push(at);
  let largest = 1e-9;
  for (const at of kept) largest = Math.max(largest, Math.abs(weights[at]!));
  const scale = Math.fround(largest / 127);
  const rounded = kept.map((at) => Math.round(weights[at]! / scale));
  const left = kept
    .map((at, place) => [ids[at]!, rounded[place]!] as const)
    .filter(([, weight]) => weight !== 0);
  return {
    ids: Int32Array.from(left, ([id]) => id),
    weights: Int8Array.from(left, ([, weight]) => weight),
    scale,
    bias: Math.fround(bias),
  };
}

// N-grams, and after them the counts.
const ID_COUNT = (1 << FEATURE_BITS) + 256;

/** Sparse rows whose columns are the features that enough rows hold. */
interface Vocabulary {
  /** Feature identifiers by column, rising. */
  readonly ids: Int32Array;
  /** Column by identifier, -1 where it is not kept. */
  readonly columnOf: Int32Array;
}

/**
 * Lists the features that at least `least` of the rows hold.
 *
 * @param chosen indices of the rows that count.
 */
function listFeatures(
  vectors: readonly SparseVector[],
  chosen: readonly number[],
  least = 2,
): Vocabulary {
  const counts = new Uint16Array(ID_COUNT);
  for (const row of chosen) {
    for (const id of (vectors[row] as SparseVector).ids) {
      if ((counts[id] as number) < 65535) counts[id]!++;
    }
  }
  const ids: number[] = [];
  const columnOf = new Int32Array(ID_COUNT).fill(-1);
  for (let id = 0; id < counts.length; id++) {
    if ((counts[id] as number) < least) continue;
    columnOf[id] = ids.length;
    ids.push(id);
  }
  return { ids: Int32Array.from(ids), columnOf };
}

/** Collects chosen rows, with the vocabulary's columns only. */
function toSparseRows(
  vectors: readonly SparseVector[],
  chosen: readonly number[],
  { ids, columnOf }: Vocabulary,
): SparseRows {
  const starts = new Int32Array(chosen.length + 1);
  let total = 0;
  for (const row of chosen) total += (vectors[row] as SparseVector).ids.length;
  const columns = new Int32Array(total);
  const values = new Float32Array(total);
  let size = 0;
  for (const [at, row] of chosen.entries()) {
    const vector = vectors[row] as SparseVector;
    for (let entry = 0; entry < vector.ids.length; entry++) {
      const column = columnOf[vector.ids[entry] as number] as number;
      if (column < 0) continue;
      columns[size] = column;
      values[size++] = vector.values[entry] as number;
    }
    starts[at + 1] = size;
  }
  return {
    starts,
    columns: columns.slice(0, size),
    values: values.slice(0, size),
    columnCount: ids.length,
  };
}
