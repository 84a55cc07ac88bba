/** Most bins of a feature. */
export const BINS = 32;

/** Features cut into bins. */
export interface BinnedFeatures {
  /** The bin of each row, by feature. */
  readonly bins: readonly Uint8Array[];
  /** Where each feature's bins end, by feature. */
  readonly cuts: readonly Float32Array[];
}

/** Cuts features into bins: a value's bin is the number of cuts below it; cuts are quantiles of the values. */
export function binFeatures(rows: readonly Float32Array[]): BinnedFeatures {
  const width = rows[0]?.length ?? 0;
  const bins: Uint8Array[] = [];
  const cuts: Float32Array[] = [];
  for (let f = 0; f < width; f++) {
    const sorted = Float32Array.from(rows, (row) => row[f]!).sort();
    const found: number[] = [];
    for (let cut = 1; cut < BINS; cut++) {
      const at = Math.floor((cut * sorted.length) / BINS);
      const low = sorted[Math.max(at - 1, 0)]!;
      const next = sorted[at]!;
      const value = Math.fround((low + next) / 2);
      if (next > sorted[0]! && (found.length === 0 || value > found.at(-1)!))
        found.push(value < next ? value : low);
    }
    // Sparse counts: quantiles miss what is mostly zero, so distinct values get cuts of their own.
    const distinct = [...new Set(sorted)];
    const own = distinct.length <= BINS ? distinct.slice(0, -1) : spread(found, distinct);
    const column = new Uint8Array(rows.length);
    const list = Float32Array.from(own);
    for (let i = 0; i < rows.length; i++) {
      const value = rows[i]![f]!;
      let bin = 0;
      while (bin < list.length && value > list[bin]!) bin++;
      column[i] = bin;
    }
    bins.push(column);
    cuts.push(list);
  }
  return { bins, cuts };
}

function spread(found: readonly number[], distinct: readonly number[]): number[] {
  const all = new Set(found);
  const room = BINS - 1 - all.size;
  for (let at = 1; at <= room; at++) {
    all.add(distinct[Math.floor((at * (distinct.length - 1)) / (room + 1))]!);
  }
  return [...all].sort((left, right) => left - right).slice(0, BINS - 1);
}
