import type { FitParts } from "./fit-parts";
import type { ConditionalModes } from "./result";

/**
 * Computes the modes of the random effects and their standard deviations, given the estimates, as lme4's
 * `ranef` does.
 */
export function conditionalModes({ grouped, data, found }: FitParts): ConditionalModes[] {
  const { system, sigma, factors } = found;
  return grouped.terms.map(({ group, names, levels, at, offset }) => {
    const width = data.groups[at]!.columns;
    const factor = factors[at]!;
    const modes = new Float64Array(levels.length * names.length);
    const sd = new Float64Array(modes.length);
    const effects = system.modesOf(at);
    const variances = system.modeVariances(at);
    for (let level = 0; level < levels.length; level++) {
      const u = effects.subarray(level * width, (level + 1) * width);
      const block = variances.subarray(level * width * width, (level + 1) * width * width);
      for (let i = 0; i < names.length; i++) {
        const row = factor.subarray((offset + i) * width, (offset + i + 1) * width);
        modes[level * names.length + i] = dot(row, u);
        sd[level * names.length + i] = sigma * Math.sqrt(quadraticForm(row, block));
      }
    }
    return { group, names, levels, modes, sd };
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
