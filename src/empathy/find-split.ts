import { BINS } from "./bin-features";

const sumG = new Float64Array(BINS);
const sumH = new Float64Array(BINS);

/** Finds the split of some rows that gains most, or none where no split gains. */
export function findSplit(
  bins: readonly Uint8Array[],
  rows: readonly number[],
  columns: readonly number[],
  gradient: Float64Array,
  curvature: Float64Array,
  penalty: number,
  least: number,
): { feature: number; bin: number } | undefined {
  let totalG = 0;
  let totalH = 0;
  for (const i of rows) {
    totalG += gradient[i]!;
    totalH += curvature[i]!;
  }
  let best = 1e-6 + (totalG * totalG) / (totalH + penalty);
  let found: { feature: number; bin: number } | undefined;
  for (const feature of columns) {
    sumG.fill(0);
    sumH.fill(0);
    const column = bins[feature]!;
    for (let at = 0; at < rows.length; at++) {
      const i = rows[at]!;
      const bin = column[i]!;
      sumG[bin]! += gradient[i]!;
      sumH[bin]! += curvature[i]!;
    }
    let g = 0;
    let h = 0;
    for (let bin = 0; bin < BINS - 1; bin++) {
      g += sumG[bin]!;
      h += sumH[bin]!;
      if (h < least) continue;
      const restH = totalH - h;
      if (restH < least) break;
      const restG = totalG - g;
      const gain = (g * g) / (h + penalty) + (restG * restG) / (restH + penalty);
      if (gain > best) {
        best = gain;
        found = { feature, bin };
      }
    }
  }
  return found;
}
