// Solving for models with one column a group: what block-solve.ts does in general, without the loops over columns.
import { countCoupled, type Factors, type SystemView } from "./system-view";

/** Adds A't to the right-hand side, and takes each level of the big term out of it. */
export function solveLevelsScalar(
  view: SystemView,
  { factorD, coupling, stepBig, stepDense }: Factors,
  t: ArrayLike<number>,
  withFixed: boolean,
): void {
  const { levels, aBig, aSmall, smallWidth, coupledStart, coupledColumn } = view;
  const { rowStart, smallColumn } = view.blocks;
  for (let level = 0; level < levels; level++) {
    let b = stepBig[level]!;
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const value = t[row]!;
      b += value * aBig[row]!;
      const entryEnd = (row + 1) * smallWidth;
      for (let at = row * smallWidth; at < entryEnd; at++) {
        stepDense[smallColumn[at]!]! += value * aSmall[at]!;
      }
    }
    b /= factorD[level]!;
    stepBig[level] = b;
    const from = coupledStart[level]!;
    const to = from + countCoupled(view, level, withFixed);
    for (let k = from; k < to; k++) stepDense[coupledColumn[k]!]! -= coupling[k]! * b;
  }
}

/** Solves for the big term, given the dense block's solution. */
export function backSubstituteScalar(
  view: SystemView,
  { factorD, coupling, stepBig, stepDense }: Factors,
  withFixed: boolean,
): void {
  const { levels, coupledStart, coupledColumn } = view;
  for (let level = 0; level < levels; level++) {
    const from = coupledStart[level]!;
    const to = from + countCoupled(view, level, withFixed);
    let sum = stepBig[level]!;
    for (let k = from; k < to; k++) sum -= coupling[k]! * stepDense[coupledColumn[k]!]!;
    stepBig[level] = sum / factorD[level]!;
  }
}
