// The pass over the rows that builds and eliminates the blocks of the penalised system, for any number of
// columns a level; see penalised-system.ts.
import { factorise } from "../numerics/cholesky";
import { forwardRows, notPositive } from "./block-solve";
import { addTransposed } from "./row-passes";
import type { PatternSums, Sweep } from "./scalar-passes";
import { countCoupled, type Factors, type SystemView } from "./system-view";

/** Assembles and eliminates every level of the big term. */
export function sweepBlocks(
  view: SystemView,
  into: Factors,
  sums: PatternSums,
  withFixed: boolean,
): Sweep {
  sums.weights.fill(0);
  sums.residuals.fill(0);
  let logDet = 0;
  let decrement = 0;
  for (let level = 0; level < view.levels; level++) {
    clearLevel(view, level, into);
    addTransposed(view, level, view.r, into);
    addCrossProducts(view, level, into);
    if (withFixed) addFixedProducts(view, level, into, sums);
    logDet = factorLevel(view, level, into, logDet);
    decrement += eliminateLevel(view, level, into, withFixed);
  }
  if (withFixed) addFixed(view, into, sums);
  return { decrement, logDet };
}

function clearLevel(
  { width, coupledStart, uBig }: SystemView,
  level: number,
  { factorD, coupling, stepBig }: Factors,
): void {
  const dAt = level * width * width;
  const bAt = level * width;
  factorD.fill(0, dAt, dAt + width * width);
  coupling.fill(0, coupledStart[level]! * width, coupledStart[level + 1]! * width);
  for (let i = 0; i < width; i++) {
    stepBig[bAt + i] = -uBig[bAt + i]!;
    factorD[dAt + i * width + i] = 1;
  }
}

// A'WA over the rows of a level: its block of D, its couplings, and its share of the small columns' products.
function addCrossProducts(view: SystemView, level: number, into: Factors): void {
  const { width, smallWidth, dense, aBig, aSmall, w } = view;
  const { rowStart, smallColumn, smallPlace } = view.blocks;
  const { factorD, coupling, schur } = into;
  const dAt = level * width * width;
  const cAt = view.coupledStart[level]! * width;
  const end = rowStart[level + 1]!;
  for (let row = rowStart[level]!; row < end; row++) {
    const weight = w[row]!;
    const aAt = row * width;
    for (let i = 0; i < width; i++) {
      const wa = weight * aBig[aAt + i]!;
      for (let j = 0; j <= i; j++) factorD[dAt + i * width + j]! += wa * aBig[aAt + j]!;
    }
    const first = row * smallWidth;
    const last = first + smallWidth;
    for (let at = first; at < last; at++) {
      const wa = weight * aSmall[at]!;
      const coupleAt = cAt + smallPlace[at]! * width;
      for (let j = 0; j < width; j++) coupling[coupleAt + j]! += wa * aBig[aAt + j]!;
      const schurRow = smallColumn[at]! * dense;
      for (let other = first; other <= at; other++) {
        schur[schurRow + smallColumn[other]!]! += wa * aSmall[other]!;
      }
    }
  }
}

// X'WA over the rows of a level, and each pattern's sums of weights and residuals.
function addFixedProducts(
  view: SystemView,
  level: number,
  { coupling, schur }: Factors,
  sums: PatternSums,
): void {
  const { width, smallWidth, dense, small, fixed, aBig, aSmall, w, r } = view;
  const { rowStart, smallColumn } = view.blocks;
  const { values: x, of } = view.patterns;
  const fixedAt = (view.coupledStart[level + 1]! - fixed) * width;
  const end = rowStart[level + 1]!;
  for (let row = rowStart[level]!; row < end; row++) {
    const weight = w[row]!;
    const pattern = of[row]!;
    sums.weights[pattern]! += weight;
    sums.residuals[pattern]! += r[row]!;
    for (let j = 0; j < fixed; j++) {
      const wx = weight * x[pattern * fixed + j]!;
      if (wx === 0) continue;
      for (let i = 0; i < width; i++) {
        coupling[fixedAt + j * width + i]! += wx * aBig[row * width + i]!;
      }
      const schurRow = (small + j) * dense;
      const entryEnd = (row + 1) * smallWidth;
      for (let at = row * smallWidth; at < entryEnd; at++) {
        schur[schurRow + smallColumn[at]!]! += wx * aSmall[at]!;
      }
    }
  }
}

// Factors a level's block of D; returns the log-determinant of all blocks so far.
function factorLevel(
  { width }: SystemView,
  level: number,
  { factorD }: Factors,
  before: number,
): number {
  const dAt = level * width * width;
  if (width === 1) {
    const d = factorD[dAt]!;
    if (!(d > 0)) throw notPositive();
    factorD[dAt] = Math.sqrt(d);
    return before + Math.log(d);
  }
  const block = factorD.subarray(dAt, dAt + width * width);
  if (factorise(block, width) >= 0) throw notPositive();
  let logDet = before;
  for (let i = 0; i < width; i++) logDet += 2 * Math.log(block[i * width + i]!);
  return logDet;
}

// Takes a level out of the dense block; returns its share of the decrement.
function eliminateLevel(
  view: SystemView,
  level: number,
  into: Factors,
  withFixed: boolean,
): number {
  const { width, dense, coupledStart, coupledColumn } = view;
  const { factorD, coupling, schur, stepBig, stepDense } = into;
  const bAt = level * width;
  const from = coupledStart[level]!;
  const to = from + countCoupled(view, level, withFixed);
  forwardRows(factorD, bAt * width, width, stepBig, bAt, 1);
  forwardRows(factorD, bAt * width, width, coupling, from * width, to - from);
  if (width === 1) return eliminateColumn(view, level, into, from, to);
  let decrement = 0;
  for (let i = 0; i < width; i++) decrement += stepBig[bAt + i]! ** 2;
  for (let k = from; k < to; k++) {
    const rowAt = coupledColumn[k]! * dense;
    for (let l = from; l <= k; l++) {
      schur[rowAt + coupledColumn[l]!]! -= dot(coupling, k * width, coupling, l * width, width);
    }
    stepDense[coupledColumn[k]!]! -= dot(coupling, k * width, stepBig, bAt, width);
  }
  return decrement;
}

function dot(a: Float64Array, aAt: number, b: Float64Array, bAt: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += a[aAt + i]! * b[bAt + i]!;
  return sum;
}

// The same for a level of one column, where the products of couplings are most of a fit's time.
function eliminateColumn(
  { dense, coupledColumn }: SystemView,
  level: number,
  { coupling, schur, stepBig, stepDense }: Factors,
  from: number,
  to: number,
): number {
  const b = stepBig[level]!;
  for (let k = from; k < to; k++) {
    const g = coupling[k]!;
    const rowAt = coupledColumn[k]! * dense;
    for (let l = from; l <= k; l++) schur[rowAt + coupledColumn[l]!]! -= g * coupling[l]!;
    stepDense[coupledColumn[k]!]! -= g * b;
  }
  return b * b;
}

function addFixed(view: SystemView, { schur, stepDense }: Factors, sums: PatternSums): void {
  const { dense, small, fixed } = view;
  const { values: x, count } = view.patterns;
  for (let pattern = 0; pattern < count; pattern++) {
    const weight = sums.weights[pattern]!;
    const residual = sums.residuals[pattern]!;
    for (let j = 0; j < fixed; j++) {
      const xj = x[pattern * fixed + j]!;
      stepDense[small + j]! += residual * xj;
      for (let k = 0; k <= j; k++) {
        schur[(small + j) * dense + small + k]! += weight * xj * x[pattern * fixed + k]!;
      }
    }
  }
}
