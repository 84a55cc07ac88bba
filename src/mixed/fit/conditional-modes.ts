import { columnOf } from "../objective/blocks";
import { divideCouplings, invertBlock } from "../objective/gradient-sums";
import { countCoupled, type SystemView } from "../objective/system-view";
import type { FitParts } from "./package-fit";
import type { ConditionalModes } from "./result";

/**
 * Computes the modes of the random effects and their standard deviations, given the estimates, as lme4's
 * `ranef` does.
 */
export function conditionalModes({ grouped, data, found }: FitParts): ConditionalModes[] {
  const { system, sigma, factors } = found;
  const { blocks } = system;
  const inverse = system.invertDense(false);
  return grouped.terms.map(({ group, names, levels, at, offset }) => {
    const width = data.groups[at]!.columns;
    const factor = factors[at]!;
    const modes = new Float64Array(levels.length * names.length);
    const sd = new Float64Array(modes.length);
    const effects = system.modesOf(at);
    const isBig = at === blocks.big;
    for (let level = 0; level < levels.length; level++) {
      const u = effects.subarray(level * width, (level + 1) * width);
      const first = columnOf(blocks, at, level);
      const block = isBig ? bigBlock(system, inverse, first / width) : smallBlock(first);
      for (let i = 0; i < names.length; i++) {
        const row = factor.subarray((offset + i) * width, (offset + i + 1) * width);
        modes[level * names.length + i] = dot(row, u);
        sd[level * names.length + i] = sigma * Math.sqrt(quadraticForm(row, block));
      }
    }
    return { group, names, levels, modes, sd };

    function smallBlock(from: number): Float64Array {
      return Float64Array.from({ length: width * width }, (_, entry) => {
        const row = from + Math.floor(entry / width);
        return inverse[row * system.small + from + (entry % width)]!;
      });
    }
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

// a' M a.
function quadraticForm(a: Float64Array, matrix: Float64Array): number {
  const width = a.length;
  let sum = 0;
  for (let k = 0; k < width; k++) {
    for (let l = 0; l < width; l++) sum += a[k]! * a[l]! * matrix[k * width + l]!;
  }
  return sum;
}

// D^-1 + P' S^-1 P for one level of the big term.
function bigBlock(view: SystemView, inverse: ArrayLike<number>, level: number): Float64Array {
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
