import type { GradientSums } from "./mode-system";
import { addTermProducts, type GroupSums, multiplyRows } from "./row-passes";
import { sumGradientScalar } from "./scalar-gradient";
import type { SystemView } from "./system-view";

/**
 * Sums v = t - W (A s + shift) - 2 r over the rows, with s the last solution that the system holds.
 *
 * @param t one value a sorted row.
 * @param shift one value a pattern; the fixed effects' part of A s.
 * @param moved receives A s + shift, where it is asked for.
 */
export function sumGradient(
  view: SystemView,
  t: Float64Array,
  shift: Float64Array,
  moved?: Float64Array,
): GradientSums {
  if (view.isScalar) return sumGradientScalar(view, t, shift, moved);
  const { rows, w, r, patterns } = view;
  const v = new Float64Array(rows);
  multiplyRows(view, shift, view.stepBig, view.stepDense, v);
  moved?.set(v);
  const sums = new Float64Array(patterns.count);
  for (let row = 0; row < rows; row++) {
    const value = t[row]! - w[row]! * v[row]! - 2 * r[row]!;
    v[row] = value;
    sums[patterns.of[row]!]! += value;
  }
  return { products: sumProducts(view, v, true), patterns: sums };
}

/**
 * Sums z_r (v u_c + r s_c) over the rows, for every group and every pair of its columns.
 *
 * @param v one value a sorted row.
 * @param withSteps whether to add the second part, with s the last solution that the system holds.
 * @returns for each group, columns x columns sums.
 */
export function sumProducts(view: SystemView, v: ArrayLike<number>, withSteps: boolean): GroupSums {
  const { width, smallWidth, r, uBig, uSmall, stepBig, stepDense } = view;
  const { rowStart, smallColumn } = view.blocks;
  const sums = view.groups.map(({ columns }) => new Float64Array(columns * columns));
  const big = new Float64Array(width);
  const small = new Float64Array(smallWidth);
  for (let level = 0; level < view.levels; level++) {
    const bAt = level * width;
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const value = v[row]!;
      const residual = withSteps ? r[row]! : 0;
      for (let c = 0; c < width; c++)
        big[c] = value * uBig[bAt + c]! + residual * stepBig[bAt + c]!;
      for (let e = 0; e < smallWidth; e++) {
        const column = smallColumn[row * smallWidth + e]!;
        small[e] = value * uSmall[column]! + residual * stepDense[column]!;
      }
      addTermProducts(view, row, 1, big, small, sums);
    }
  }
  return sums;
}

/** Picks the entries of theta out of sums over groups, in theta's order. */
export function pickEntries(
  view: Pick<SystemView, "groups">,
  sums: GroupSums,
  scale: number,
  into: Float64Array,
): void {
  let at = 0;
  for (const [which, { columns, entries }] of view.groups.entries()) {
    for (const { row, column } of entries) {
      into[at++]! += scale * sums[which]![row * columns + column]!;
    }
  }
}
