// The pass over the rows that builds and eliminates the blocks of the penalised system, for any number of
// columns a level; see penalised-system.ts.

import { factorise } from "../numerics/cholesky";
import { forwardRows, notPositive } from "./block-solve";
import { addTransposed } from "./row-passes";
import type { PatternSums, Sweep } from "./scalar-passes";
import { type Factors, listColumns, type SystemView } from "./system-view";

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
  { width, couplingStart, uBig }: SystemView,
  level: number,
  { factorD, coupling, stepBig }: Factors,
): void {
  const dAt = level * width * width;
  const bAt = level * width;
  factorD.fill(0, dAt, dAt + width * width);
  coupling.fill(0, couplingStart[level], couplingStart[level + 1]);
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
  const cAt = view.couplingStart[level]!;
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
  const { rowStart, smallColumn, columnStart } = view.blocks;
  const { values: x, of } = view.patterns;
  const fixedAt =
    view.couplingStart[level]! + (columnStart[level + 1]! - columnStart[level]!) * width;
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
  const { width, dense, couplingStart } = view;
  const { factorD, coupling, schur, stepBig, stepDense, columns } = into;
  const bAt = level * width;
  const cAt = couplingStart[level]!;
  const count = listColumns(view, level, withFixed, columns);
  forwardRows(factorD, level * width * width, width, stepBig, bAt, 1);
  forwardRows(factorD, level * width * width, width, coupling, cAt, count);
  if (width === 1) return eliminateColumn(view, level, into, count);
  let decrement = 0;
  for (let i = 0; i < width; i++) decrement += stepBig[bAt + i]! ** 2;
  for (let k = 0; k < count; k++) {
    const gAt = cAt + k * width;
    const rowAt = columns[k]! * dense;
    for (let l = 0; l <= k; l++) {
      schur[rowAt + columns[l]!]! -= dot(coupling, gAt, coupling, cAt + l * width, width);
    }
    stepDense[columns[k]!]! -= dot(coupling, gAt, stepBig, bAt, width);
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
  { dense, couplingStart }: SystemView,
  level: number,
  { coupling, schur, stepBig, stepDense, columns }: Factors,
  count: number,
): number {
  const cAt = couplingStart[level]!;
  const b = stepBig[level]!;
  for (let k = 0; k < count; k++) {
    const g = coupling[cAt + k]!;
    const rowAt = columns[k]! * dense;
    for (let l = 0; l <= k; l++) schur[rowAt + columns[l]!]! -= g * coupling[cAt + l]!;
    stepDense[columns[k]!]! -= g * b;
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
