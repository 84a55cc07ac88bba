import { columnOf } from "./blocks";
import { divideCouplings, invertBlock } from "./gradient-sums";
import { countCoupled, type SystemView } from "./system-view";

/**
 * Each level's own block of the inverse of the factored system, without the fixed effects.
 *
 * @returns for each level of the group columns x columns.
 */
export function modeVariances(view: SystemView, group: number): Float64Array {
  const { small, blocks } = view;
  const inverse = view.invertDense(false);
  const { levels, columns } = view.groups[group]!;
  const variances = new Float64Array(levels * columns * columns);
  for (let level = 0; level < levels; level++) {
    const at = level * columns * columns;
    const first = columnOf(blocks, group, level);
    if (group === blocks.big) {
      variances.set(bigVariances(view, inverse, first / columns), at);
      continue;
    }
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        variances[at + i * columns + j] = inverse[(first + i) * small + first + j]!;
      }
    }
  }
  return variances;
}

// D^-1 + P' S^-1 P for one level of the big term.
function bigVariances(view: SystemView, inverse: ArrayLike<number>, level: number): Float64Array {
  const { width, coupledStart, coupledColumn, small } = view;
  const block = invertBlock(view, level);
  const from = coupledStart[level]!;
  const count = countCoupled(view, level, false);
  const p = new Float64Array(count * width);
  divideCouplings(view, level, count, p);
  for (let k = 0; k < count; k++) {
    const row = coupledColumn[from + k]! * small;
    for (let l = 0; l < count; l++) {
      const value = inverse[row + coupledColumn[from + l]!]!;
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          block[i * width + j]! += p[k * width + i]! * value * p[l * width + j]!;
        }
      }
    }
  }
  return block;
}
