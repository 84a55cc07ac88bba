import { factorise, invertFactored } from "../numerics/cholesky";
import {
  factoriseWithin,
  invertWithin,
  solveBackwardWithin,
  solveForwardWithin,
} from "../numerics/envelope";
import { NoValue } from "../numerics/minimise";
import { addTransposed } from "./row-passes";
import { countCoupled, type Factors, type SystemView } from "./system-view";

/** Completes the dense block and factors it; the right-hand side loses the penalty's part. */
export function finishDense(
  { dense, small, uSmall, envelope }: SystemView,
  { schur, stepDense }: Factors,
  withFixed: boolean,
): void {
  for (let i = 0; i < small; i++) {
    schur[i * dense + i]! += 1;
    stepDense[i]! -= uSmall[i]!;
  }
  const order = withFixed ? dense : small;
  const failed = envelope
    ? factoriseWithin(envelope, schur, dense, order)
    : factorise(schur, dense, 0, order);
  if (failed >= 0) throw notPositive();
}

/** Solves for the dense block in place; the squared norm on the way is its share of the decrement. */
export function solveDense(
  { dense, small, envelope }: SystemView,
  { schur, stepDense }: Factors,
  withFixed: boolean,
): number {
  const order = withFixed ? dense : small;
  if (envelope) {
    const squares = solveForwardWithin(envelope, schur, dense, order, stepDense);
    solveBackwardWithin(envelope, schur, dense, order, stepDense);
    return squares;
  }
  let norm = 0;
  for (let row = 0; row < order; row++) {
    let sum = stepDense[row]!;
    for (let k = 0; k < row; k++) sum -= schur[row * dense + k]! * stepDense[k]!;
    sum /= schur[row * dense + row]!;
    stepDense[row] = sum;
    norm += sum * sum;
  }
  for (let row = order - 1; row >= 0; row--) {
    let sum = stepDense[row]!;
    for (let k = row + 1; k < order; k++) sum -= schur[k * dense + row]! * stepDense[k]!;
    stepDense[row] = sum / schur[row * dense + row]!;
  }
  return norm;
}

/**
 * The inverse of the factored dense block, as far as its columns meet.
 *
 * @param order number of leading columns: the random ones, or all.
 */
export function invertDense(
  { dense, envelope }: SystemView,
  { schur, inverse }: Factors,
  order: number,
): Float64Array {
  if (!envelope) return invertFactored(schur, dense, order);
  invertWithin(envelope, schur, dense, order, inverse);
  return inverse;
}

/** Solves for the big term, given the dense block's solution. */
export function backSubstitute(view: SystemView, into: Factors, withFixed: boolean): void {
  const { width, levels, coupledStart, coupledColumn } = view;
  if (view.isScalar) {
    backSubstituteScalar(view, into, withFixed);
    return;
  }
  const { coupling, stepBig, stepDense, factorD } = into;
  for (let level = 0; level < levels; level++) {
    const bAt = level * width;
    const from = coupledStart[level]!;
    const to = from + countCoupled(view, level, withFixed);
    for (let k = from; k < to; k++) {
      const step = stepDense[coupledColumn[k]!]!;
      for (let i = 0; i < width; i++) stepBig[bAt + i]! -= coupling[k * width + i]! * step;
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
  view: SystemView,
  into: Factors,
  t: ArrayLike<number>,
  withFixed: boolean,
  penalised: boolean,
): void {
  const { width, levels } = view;
  const { factorD, stepBig, stepDense } = into;
  stepDense.fill(0);
  stepBig.fill(0);
  if (penalised) {
    for (let i = 0; i < stepBig.length; i++) stepBig[i] = -view.uBig[i]!;
    for (let i = 0; i < view.small; i++) stepDense[i] = -view.uSmall[i]!;
  }
  if (view.isScalar) solveLevelsScalar(view, into, t, withFixed);
  else {
    for (let level = 0; level < levels; level++) {
      addTransposed(view, level, t, into);
      forwardRows(factorD, level * width * width, width, stepBig, level * width, 1);
      subtractCoupled(view, level, into, withFixed);
    }
  }
  if (withFixed) addFixedPart(view, t, into);
  solveDense(view, into, withFixed);
  backSubstitute(view, into, withFixed);
}

// What a level's part of the right-hand side takes from that of the dense block.
function subtractCoupled(
  view: SystemView,
  level: number,
  { coupling, stepBig, stepDense }: Factors,
  withFixed: boolean,
): void {
  const { width, coupledColumn } = view;
  const bAt = level * width;
  const from = view.coupledStart[level]!;
  const to = from + countCoupled(view, level, withFixed);
  for (let k = from; k < to; k++) {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += coupling[k * width + i]! * stepBig[bAt + i]!;
    stepDense[coupledColumn[k]!]! -= sum;
  }
}

// X't, by the patterns of the fixed effects.
function addFixedPart(
  { patterns, fixed, small, rows }: SystemView,
  t: ArrayLike<number>,
  { stepDense }: Factors,
): void {
  const { values: x, of, count } = patterns;
  const sums = new Float64Array(count);
  for (let row = 0; row < rows; row++) sums[of[row]!]! += t[row]!;
  for (let pattern = 0; pattern < count; pattern++) {
    for (let j = 0; j < fixed; j++) {
      stepDense[small + j]! += sums[pattern]! * x[pattern * fixed + j]!;
    }
  }
}

/** Solves L x = b in place for several consecutive right-hand sides of length `width`. */
export function forwardRows(
  factor: ArrayLike<number>,
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
  factor: ArrayLike<number>,
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

// For models with one column a group, without the loops over columns.
function solveLevelsScalar(
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

// Likewise.
function backSubstituteScalar(
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
