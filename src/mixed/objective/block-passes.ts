// The pass over the rows that builds and eliminates the blocks of the penalised system, for any number of
// columns a level; see penalised-system.ts.

import { factorise } from "../numerics/cholesky";
import { forwardRows, notPositive } from "./block-solve";
import type { PenalisedSystem } from "./penalised-system";

/**
 * Assembles and eliminates every level of the big term.
 *
 * @returns the levels' share of the squared Newton decrement.
 */
export function sweepBlocks(system: PenalisedSystem, withFixed: boolean): number {
  system.patternSums.fill(0);
  system.logDetD = 0;
  let decrement = 0;
  for (let level = 0; level < system.levels; level++) {
    assembleLevel(system, level, withFixed);
    decrement += eliminateLevel(system, level, withFixed);
  }
  if (withFixed) addFixed(system);
  return decrement;
}

function assembleLevel(system: PenalisedSystem, level: number, withFixed: boolean): void {
  const { width, smallWidth, smallWidths, dense, aBig, aSmall, w, r, coupling, schur } = system;
  const { rowStart, smallFirst, position, columnStart } = system.blocks;
  const { factorD, stepBig, stepDense, uBig, fixed, patternSums } = system;
  const { values: x, of } = system.patterns;
  const terms = smallWidths.length;
  const dAt = level * width * width;
  const bAt = level * width;
  const cAt = system.couplingStart[level]!;
  const fixedAt = cAt + (columnStart[level + 1]! - columnStart[level]!) * width;
  factorD.fill(0, dAt, dAt + width * width);
  coupling.fill(0, cAt, system.couplingStart[level + 1]);
  for (let i = 0; i < width; i++) {
    stepBig[bAt + i] = -uBig[bAt + i]!;
    factorD[dAt + i * width + i] = 1;
  }
  const end = rowStart[level + 1]!;
  for (let row = rowStart[level]!; row < end; row++) {
    const weight = w[row]!;
    const residual = r[row]!;
    const aAt = row * width;
    for (let i = 0; i < width; i++) {
      const a = aBig[aAt + i]!;
      stepBig[bAt + i]! += residual * a;
      for (let j = 0; j <= i; j++) {
        factorD[dAt + i * width + j]! += weight * a * aBig[aAt + j]!;
      }
    }
    let entry = row * smallWidth;
    for (let term = 0; term < terms; term++) {
      const first = smallFirst[row * terms + term]!;
      const place = position[row * terms + term]!;
      for (let i = 0; i < smallWidths[term]!; i++, entry++) {
        const a = aSmall[entry]!;
        const wa = weight * a;
        stepDense[first + i]! += residual * a;
        const coupleAt = cAt + (place + i) * width;
        for (let j = 0; j < width; j++) {
          coupling[coupleAt + j]! += wa * aBig[aAt + j]!;
        }
        addSmallPairs(system, row, term, i, wa);
      }
    }
    if (!withFixed) continue;
    const pattern = of[row]!;
    patternSums[2 * pattern]! += weight;
    patternSums[2 * pattern + 1]! += residual;
    for (let j = 0; j < fixed; j++) {
      const wx = weight * x[pattern * fixed + j]!;
      if (wx === 0) continue;
      for (let i = 0; i < width; i++) {
        coupling[fixedAt + j * width + i]! += wx * aBig[aAt + i]!;
      }
      let at = row * smallWidth;
      const schurRow = (system.small + j) * dense;
      for (let term = 0; term < terms; term++) {
        const first = smallFirst[row * terms + term]!;
        for (let i = 0; i < smallWidths[term]!; i++) {
          schur[schurRow + first + i]! += wx * aSmall[at++]!;
        }
      }
    }
  }
}

// Products of one small entry of a row with itself and the entries before it.
function addSmallPairs(
  system: PenalisedSystem,
  row: number,
  term: number,
  i: number,
  wa: number,
): void {
  const { smallWidth, smallWidths, aSmall, schur, dense } = system;
  const { smallFirst } = system.blocks;
  const terms = smallWidths.length;
  const schurRow = (smallFirst[row * terms + term]! + i) * dense;
  let at = row * smallWidth;
  for (let other = 0; other <= term; other++) {
    const first = smallFirst[row * terms + other]!;
    const last = other === term ? i + 1 : smallWidths[other]!;
    for (let j = 0; j < last; j++) schur[schurRow + first + j]! += wa * aSmall[at + j]!;
    at += smallWidths[other]!;
  }
}

function eliminateLevel(system: PenalisedSystem, level: number, withFixed: boolean): number {
  const { width, dense, factorD, coupling, schur, stepBig, stepDense, fixed, small } = system;
  const { columnStart, columnIndex } = system.blocks;
  const dAt = level * width * width;
  const bAt = level * width;
  const cAt = system.couplingStart[level]!;
  const from = columnStart[level]!;
  const met = columnStart[level + 1]! - from;
  const count = met + (withFixed ? fixed : 0);
  if (width === 1) {
    const d = factorD[dAt]!;
    if (!(d > 0)) throw notPositive();
    factorD[dAt] = Math.sqrt(d);
    system.logDetD += Math.log(d);
  } else {
    const block = factorD.subarray(dAt, dAt + width * width);
    if (factorise(block, width) >= 0) throw notPositive();
    for (let i = 0; i < width; i++) system.logDetD += 2 * Math.log(block[i * width + i]!);
  }
  forwardRows(factorD, dAt, width, stepBig, bAt, 1);
  forwardRows(factorD, dAt, width, coupling, cAt, count);
  if (width === 1) return eliminateColumn(system, level, count);
  let decrement = 0;
  for (let i = 0; i < width; i++) decrement += stepBig[bAt + i]! ** 2;
  for (let k = 0; k < count; k++) {
    const column = k < met ? columnIndex[from + k]! : small + k - met;
    const rowAt = column * dense;
    const gAt = cAt + k * width;
    for (let l = 0; l <= k; l++) {
      const other = l < met ? columnIndex[from + l]! : small + l - met;
      let sum = 0;
      for (let i = 0; i < width; i++) {
        sum += coupling[gAt + i]! * coupling[cAt + l * width + i]!;
      }
      schur[rowAt + other]! -= sum;
    }
    let sum = 0;
    for (let i = 0; i < width; i++) {
      sum += coupling[gAt + i]! * stepBig[bAt + i]!;
    }
    stepDense[column]! -= sum;
  }
  return decrement;
}

// The same for a level of one column, where the products of couplings are most of a fit's time.
function eliminateColumn(system: PenalisedSystem, level: number, count: number): number {
  const { dense, coupling, schur, stepBig, stepDense, small } = system;
  const { columnStart, columnIndex } = system.blocks;
  const cAt = system.couplingStart[level]!;
  const from = columnStart[level]!;
  const met = columnStart[level + 1]! - from;
  const b = stepBig[level]!;
  for (let k = 0; k < count; k++) {
    const column = k < met ? columnIndex[from + k]! : small + k - met;
    const g = coupling[cAt + k]!;
    const rowAt = column * dense;
    const inner = k < met ? k + 1 : met;
    for (let l = 0; l < inner; l++) {
      schur[rowAt + columnIndex[from + l]!]! -= g * coupling[cAt + l]!;
    }
    for (let l = met; l <= k; l++) {
      schur[rowAt + small + l - met]! -= g * coupling[cAt + l]!;
    }
    stepDense[column]! -= g * b;
  }
  return b * b;
}

function addFixed(system: PenalisedSystem): void {
  const { schur, dense, small, fixed, stepDense, patternSums } = system;
  const { values: x, count } = system.patterns;
  for (let pattern = 0; pattern < count; pattern++) {
    const weight = patternSums[2 * pattern]!;
    const residual = patternSums[2 * pattern + 1]!;
    for (let j = 0; j < fixed; j++) {
      const xj = x[pattern * fixed + j]!;
      stepDense[small + j]! += residual * xj;
      for (let k = 0; k <= j; k++) {
        schur[(small + j) * dense + small + k]! += weight * xj * x[pattern * fixed + k]!;
      }
    }
  }
}
