import { FEATURE_BITS, type SparseVector } from "../features/feature-sink";
import type { SparseRows } from "./logistic";

// N-grams, and after them the counts.
const ID_COUNT = (1 << FEATURE_BITS) + 256;

/** Sparse rows whose columns are the features that enough rows hold. */
export interface Vocabulary {
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
export function listFeatures(
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
export function toSparseRows(
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
