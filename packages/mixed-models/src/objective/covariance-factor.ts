import type { FactorEntry, RandomGroup } from "./model-data";

/** Lower triangular factors, columns x columns, of all groups, from their free entries. */
export function unpackFactors(
  groups: readonly RandomGroup[],
  theta: ArrayLike<number>,
): Float64Array[] {
  let at = 0;
  return groups.map(({ columns, entries }) => {
    const factor = new Float64Array(columns * columns);
    for (const { row, column } of entries) factor[row * columns + column] = theta[at++]!;
    return factor;
  });
}

/** Multiplies rows by a lower triangular factor, a = z L: column c sums over the factor's rows from c on. */
export function multiply(
  z: ArrayLike<number>,
  a: Float64Array,
  rows: number,
  stride: number,
  offset: number,
  width: number,
  factor: Float64Array,
): void {
  if (width === 1) {
    const scale = factor[0]!;
    for (let at = offset; at < rows * stride; at += stride) a[at] = z[at]! * scale;
    return;
  }
  for (let row = 0; row < rows; row++) {
    const at = row * stride + offset;
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = column; i < width; i++) {
        sum += z[at + i]! * factor[i * width + column]!;
      }
      a[at + column] = sum;
    }
  }
}

/** One parameter of theta: an entry of one group's factor. */
interface ThetaEntry extends FactorEntry {
  /** Place of the group. */
  readonly group: number;
}

/** Lists what theta holds, in its order. */
export function thetaEntries(groups: readonly RandomGroup[]): ThetaEntry[] {
  return groups.flatMap(({ entries }, group) => entries.map((entry) => ({ ...entry, group })));
}

/** lme4's own bound for a singular fit. */
export const VANISHING = 1e-4;

/**
 * Says for each parameter whether it lies on the boundary: the diagonal entry of its column vanishes, so that a
 * variance is zero or a correlation one.
 */
export function onBoundary(groups: readonly RandomGroup[], theta: Float64Array): boolean[] {
  const entries = thetaEntries(groups);
  return entries.map(({ group, column }) => {
    const diagonal = entries.findIndex(
      (one) => one.group === group && one.row === column && one.column === column,
    );
    return Math.abs(theta[diagonal]!) < VANISHING;
  });
}
