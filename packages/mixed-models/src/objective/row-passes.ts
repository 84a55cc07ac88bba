// The walks over rows and the entries of their random terms: A v, A't, and Z'q by term.
import type { Factors, SystemView } from "./system-view";

/**
 * Computes A v for every row, and adds what the row's pattern has.
 *
 * @param base one value a pattern of the fixed effects.
 */
export function multiplyRows(
  view: SystemView,
  base: ArrayLike<number>,
  big: ArrayLike<number>,
  small: ArrayLike<number>,
  into: Float64Array,
): void {
  const { aBig, aSmall, width, smallWidth, levels } = view;
  const { rowStart, smallColumn } = view.blocks;
  const { of } = view.patterns;
  for (let level = 0; level < levels; level++) {
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      let sum = base[of[row]!]!;
      if (width === 1) sum += aBig[row]! * big[level]!;
      else for (let i = 0; i < width; i++) sum += aBig[row * width + i]! * big[level * width + i]!;
      const entryEnd = (row + 1) * smallWidth;
      for (let at = row * smallWidth; at < entryEnd; at++) {
        sum += aSmall[at]! * small[smallColumn[at]!]!;
      }
      into[row] = sum;
    }
  }
}

/** Adds A't over the rows of one level to a right-hand side. */
export function addTransposed(
  view: SystemView,
  level: number,
  t: ArrayLike<number>,
  { stepBig, stepDense }: Factors,
): void {
  const { aBig, aSmall, width, smallWidth } = view;
  const { rowStart, smallColumn } = view.blocks;
  const bAt = level * width;
  const end = rowStart[level + 1]!;
  for (let row = rowStart[level]!; row < end; row++) {
    const value = t[row]!;
    for (let i = 0; i < width; i++) stepBig[bAt + i]! += value * aBig[row * width + i]!;
    const entryEnd = (row + 1) * smallWidth;
    for (let at = row * smallWidth; at < entryEnd; at++) {
      stepDense[smallColumn[at]!]! += value * aSmall[at]!;
    }
  }
}

/** For each group, columns x columns sums. */
export type GroupSums = readonly Float64Array[];

/** Adds, for every group, weight z q' of one row. */
export function addTermProducts(
  view: SystemView,
  row: number,
  weight: number,
  qBig: Float64Array,
  qSmall: Float64Array,
  into: GroupSums,
): void {
  const { width, smallWidth, smallWidths, zBig, zSmall, blocks } = view;
  addProducts(into[blocks.big]!, zBig, row * width, qBig, 0, width, weight);
  const zAt = row * smallWidth;
  let offset = 0;
  for (let term = 0; term < smallWidths.length; term++) {
    const size = smallWidths[term]!;
    addProducts(
      into[blocks.smallTerms[term]!]!,
      zSmall,
      zAt + offset,
      qSmall,
      offset,
      size,
      weight,
    );
    offset += size;
  }
}

function addProducts(
  target: Float64Array,
  z: ArrayLike<number>,
  zAt: number,
  q: Float64Array,
  qAt: number,
  width: number,
  weight: number,
): void {
  for (let r = 0; r < width; r++) {
    const wz = weight * z[zAt + r]!;
    for (let c = 0; c < width; c++) target[r * width + c]! += wz * q[qAt + c]!;
  }
}
