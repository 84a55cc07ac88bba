// Solving the penalised system once its blocks are factored; see penalised-system.ts.
import { factorise } from "../numerics/cholesky";
import { NoValue } from "../numerics/minimise";
import type { PenalisedSystem } from "./penalised-system";

/** Completes the dense block and factors it; the right-hand side loses the penalty's part. */
export function finishDense(system: PenalisedSystem, withFixed: boolean): void {
  const { schur, dense, small, stepDense, uSmall } = system;
  for (let i = 0; i < small; i++) {
    schur[i * dense + i]! += 1;
    stepDense[i]! -= uSmall[i]!;
  }
  if (factorise(schur, dense, 0, withFixed ? dense : small) >= 0) throw notPositive();
}

/** Solves for the dense block in place; the squared norm on the way is its share of the decrement. */
export function solveDense(system: PenalisedSystem, withFixed: boolean): number {
  const { schur, dense, stepDense } = system;
  const order = withFixed ? dense : system.small;
  let norm = 0;
  for (let row = 0; row < order; row++) {
    let sum = stepDense[row]!;
    for (let k = 0; k < row; k++) {
      sum -= schur[row * dense + k]! * stepDense[k]!;
    }
    sum /= schur[row * dense + row]!;
    stepDense[row] = sum;
    norm += sum * sum;
  }
  for (let row = order - 1; row >= 0; row--) {
    let sum = stepDense[row]!;
    for (let k = row + 1; k < order; k++) {
      sum -= schur[k * dense + row]! * stepDense[k]!;
    }
    stepDense[row] = sum / schur[row * dense + row]!;
  }
  return norm;
}

/** Solves for the big term, given the dense block's solution. */
export function backSubstitute(system: PenalisedSystem, withFixed: boolean): void {
  const { width, coupling, stepBig, stepDense, factorD, fixed, small } = system;
  const { columnStart, columnIndex } = system.blocks;
  for (let level = 0; level < system.levels; level++) {
    const bAt = level * width;
    const cAt = system.couplingStart[level]!;
    const from = columnStart[level]!;
    const met = columnStart[level + 1]! - from;
    const count = met + (withFixed ? fixed : 0);
    for (let k = 0; k < count; k++) {
      const column = k < met ? columnIndex[from + k]! : small + k - met;
      const step = stepDense[column]!;
      for (let i = 0; i < width; i++) {
        stepBig[bAt + i]! -= coupling[cAt + k * width + i]! * step;
      }
    }
    backwardRow(factorD, level * width * width, width, stepBig, bAt);
  }
}

/**
 * Solves the factored system for a right-hand side given by rows: A't and, with fixed effects, X't.
 *
 * @param penalised whether u is subtracted, as in the Newton step.
 */
export function solveRows(
  system: PenalisedSystem,
  t: Float64Array,
  withFixed: boolean,
  penalised = false,
): void {
  const { width, smallWidth, smallWidths, aBig, aSmall, stepBig, stepDense } = system;
  const { rowStart, smallFirst, columnStart, columnIndex } = system.blocks;
  const { values: x, of } = system.patterns;
  const { fixed, small } = system;
  const terms = smallWidths.length;
  stepDense.fill(0);
  stepBig.fill(0);
  if (penalised) {
    stepBig.set(system.uBig.map((value) => -value));
    stepDense.set(system.uSmall.map((value) => -value));
  }
  const sums = new Float64Array(system.patterns.count);
  for (let level = 0; level < system.levels; level++) {
    const bAt = level * width;
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const value = t[row]!;
      sums[of[row]!]! += value;
      for (let i = 0; i < width; i++) stepBig[bAt + i]! += value * aBig[row * width + i]!;
      let at = row * smallWidth;
      for (let term = 0; term < terms; term++) {
        const first = smallFirst[row * terms + term]!;
        for (let i = 0; i < smallWidths[term]!; i++) {
          stepDense[first + i]! += value * aSmall[at++]!;
        }
      }
    }
    forwardRows(system.factorD, level * width * width, width, stepBig, bAt, 1);
    const cAt = system.couplingStart[level]!;
    const from = columnStart[level]!;
    const met = columnStart[level + 1]! - from;
    const count = met + (withFixed ? fixed : 0);
    for (let k = 0; k < count; k++) {
      const column = k < met ? columnIndex[from + k]! : small + k - met;
      let sum = 0;
      for (let i = 0; i < width; i++) {
        sum += system.coupling[cAt + k * width + i]! * stepBig[bAt + i]!;
      }
      stepDense[column]! -= sum;
    }
  }
  if (withFixed) {
    for (let pattern = 0; pattern < system.patterns.count; pattern++) {
      for (let j = 0; j < fixed; j++) {
        stepDense[small + j]! += sums[pattern]! * x[pattern * fixed + j]!;
      }
    }
  }
  solveDense(system, withFixed);
  backSubstitute(system, withFixed);
}

/** Solves L x = b in place for several consecutive right-hand sides of length `width`. */
export function forwardRows(
  factor: Float64Array,
  factorAt: number,
  width: number,
  b: Float64Array,
  bAt: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    const at = bAt + k * width;
    for (let i = 0; i < width; i++) {
      let sum = b[at + i]!;
      for (let j = 0; j < i; j++) {
        sum -= factor[factorAt + i * width + j]! * b[at + j]!;
      }
      b[at + i] = sum / factor[factorAt + i * width + i]!;
    }
  }
}

function backwardRow(
  factor: Float64Array,
  factorAt: number,
  width: number,
  b: Float64Array,
  at: number,
): void {
  for (let i = width - 1; i >= 0; i--) {
    let sum = b[at + i]!;
    for (let j = i + 1; j < width; j++) {
      sum -= factor[factorAt + j * width + i]! * b[at + j]!;
    }
    b[at + i] = sum / factor[factorAt + i * width + i]!;
  }
}

/** Says that a value is not finite: the system is positive definite otherwise. */
export function notPositive(): NoValue {
  return new NoValue("the penalised system is not positive definite: a value is not finite");
}
