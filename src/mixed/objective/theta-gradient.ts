import type { PenalisedSystem } from "./penalised-system";

/**
 * Sums z_r (v u_c + r s_c) over the rows, for every group and every pair of its columns.
 *
 * @param v one value a sorted row.
 * @param withSteps whether to add the second part, with s the last solution that the system holds.
 * @returns for each group, columns x columns sums.
 */
export function sumProducts(
  system: PenalisedSystem,
  v: Float64Array,
  withSteps: boolean,
): Float64Array[] {
  const { width, smallWidth, smallWidths, blocks, zBig, zSmall, r } = system;
  const { uBig, uSmall, stepBig, stepDense } = system;
  const { rowStart, smallFirst } = blocks;
  const terms = smallWidths.length;
  const sums = system.groups.map(({ columns }) => new Float64Array(columns * columns));
  const sumsBig = sums[blocks.big]!;
  for (let level = 0; level < system.levels; level++) {
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const value = v[row]!;
      const residual = withSteps ? r[row]! : 0;
      for (let i = 0; i < width; i++) {
        const z = zBig[row * width + i]!;
        for (let c = 0; c < width; c++) {
          const at = level * width + c;
          sumsBig[i * width + c]! += z * (value * uBig[at]! + residual * stepBig[at]!);
        }
      }
      let offset = row * smallWidth;
      for (let term = 0; term < terms; term++) {
        const size = smallWidths[term]!;
        const first = smallFirst[row * terms + term]!;
        const target = sums[blocks.smallTerms[term]!]!;
        for (let i = 0; i < size; i++) {
          const z = zSmall[offset + i]!;
          for (let c = 0; c < size; c++) {
            const at = first + c;
            target[i * size + c]! += z * (value * uSmall[at]! + residual * stepDense[at]!);
          }
        }
        offset += size;
      }
    }
  }
  return sums;
}

/** Picks the entries of theta out of sums over groups, in theta's order. */
export function pickEntries(
  system: PenalisedSystem,
  sums: readonly Float64Array[],
  scale: number,
  into: Float64Array,
): void {
  let at = 0;
  for (const [which, { columns, entries }] of system.groups.entries()) {
    for (const { row, column } of entries) {
      into[at++]! += scale * sums[which]![row * columns + column]!;
    }
  }
}
