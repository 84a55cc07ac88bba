// The passes over the rows for models whose random effects are all intercepts or single slopes, one column a
// group: what block-passes.ts does in general, without the loops over columns. The tests compare the two.
import { notPositive } from "./block-solve";
import type { PenalisedSystem } from "./penalised-system";

// Beyond this the products of patterns and small columns are summed row by row.
const MOST_PRODUCTS = 1 << 20;

/** Whether the passes here apply to a system. */
export function isScalar(system: PenalisedSystem): boolean {
  const { width, smallWidths, patterns, small } = system;
  return (
    width === 1 &&
    smallWidths.every((one) => one === 1) &&
    patterns.count * (small + 1) <= MOST_PRODUCTS
  );
}

/** Sums that belong to patterns of the fixed effects rather than to rows. */
export interface PatternSums {
  /** Sum of the weights of each pattern's rows, and of their residuals. */
  readonly weights: Float64Array;
  readonly residuals: Float64Array;
  /** Sum of weight times small entry, patterns x small columns. */
  readonly products: Float64Array;
  /** Sum of weight times big entry in the current level, and the patterns that occur in it. */
  readonly inLevel: Float64Array;
  readonly met: Int32Array;
}

/** Makes room for the sums of a system's patterns. */
export function patternSums(system: PenalisedSystem): PatternSums {
  const { count } = system.patterns;
  return {
    weights: new Float64Array(count),
    residuals: new Float64Array(count),
    products: new Float64Array(count * system.small),
    inLevel: new Float64Array(count),
    met: new Int32Array(count),
  };
}

/**
 * Assembles and eliminates every level of the big term.
 *
 * @returns the levels' share of the squared Newton decrement.
 */
export function sweepLevels(
  system: PenalisedSystem,
  sums: PatternSums,
  withFixed: boolean,
): number {
  const { levels, aBig, aSmall, w, r, uBig, small, fixed, dense } = system;
  const { coupling, couplingStart, factorD, schur, stepBig, stepDense } = system;
  const { rowStart, smallFirst, position, columnStart, columnIndex } = system.blocks;
  const { of, values: x } = system.patterns;
  const { weights, residuals, products, inLevel, met } = sums;
  const terms = system.smallWidths.length;
  weights.fill(0);
  residuals.fill(0);
  products.fill(0);
  let decrement = 0;
  let logDet = 0;
  let determinant = 1;
  for (let level = 0; level < levels; level++) {
    const cAt = couplingStart[level]!;
    const from = columnStart[level]!;
    const columns = columnStart[level + 1]! - from;
    const count = columns + (withFixed ? fixed : 0);
    coupling.fill(0, cAt, cAt + count);
    let d = 1;
    let b = -uBig[level]!;
    let patterns = 0;
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const weight = w[row]!;
      const residual = r[row]!;
      const a = aBig[row]!;
      const wa = weight * a;
      d += wa * a;
      b += residual * a;
      const pattern = of[row]!;
      if (withFixed) {
        weights[pattern]! += weight;
        residuals[pattern]! += residual;
        if (inLevel[pattern] === 0) met[patterns++] = pattern;
        inLevel[pattern]! += wa;
      }
      const rowAt = row * terms;
      for (let term = 0; term < terms; term++) {
        const s = aSmall[rowAt + term]!;
        const first = smallFirst[rowAt + term]!;
        const ws = weight * s;
        stepDense[first]! += residual * s;
        coupling[cAt + position[rowAt + term]!]! += ws * a;
        const schurAt = first * dense;
        for (let other = 0; other < term; other++) {
          schur[schurAt + smallFirst[rowAt + other]!]! += ws * aSmall[rowAt + other]!;
        }
        schur[schurAt + first]! += ws * s;
        if (withFixed) products[pattern * small + first]! += ws;
      }
    }
    for (let k = 0; k < patterns; k++) {
      const pattern = met[k]!;
      const value = inLevel[pattern]!;
      inLevel[pattern] = 0;
      for (let j = 0; j < fixed; j++) {
        coupling[cAt + columns + j]! += value * x[pattern * fixed + j]!;
      }
    }
    if (!(d > 0)) throw notPositive();
    const root = Math.sqrt(d);
    factorD[level] = root;
    determinant *= d;
    if (determinant > 1e250) {
      logDet += Math.log(determinant);
      determinant = 1;
    }
    b /= root;
    stepBig[level] = b;
    decrement += b * b;
    for (let k = 0; k < count; k++) {
      const g = coupling[cAt + k]! / root;
      coupling[cAt + k] = g;
      const column = k < columns ? columnIndex[from + k]! : small + k - columns;
      stepDense[column]! -= g * b;
      if (g === 0) continue;
      const schurAt = column * dense;
      const inner = k < columns ? k + 1 : columns;
      for (let l = 0; l < inner; l++) {
        schur[schurAt + columnIndex[from + l]!]! -= g * coupling[cAt + l]!;
      }
      for (let l = columns; l <= k; l++) {
        schur[schurAt + small + l - columns]! -= g * coupling[cAt + l]!;
      }
    }
  }
  system.logDetD = logDet + Math.log(determinant);
  if (withFixed) addFixed(system, sums);
  return decrement;
}

function addFixed(system: PenalisedSystem, sums: PatternSums): void {
  const { patterns, fixed, small, dense, schur, stepDense } = system;
  const { weights, residuals, products } = sums;
  for (let pattern = 0; pattern < patterns.count; pattern++) {
    for (let j = 0; j < fixed; j++) {
      const xj = patterns.values[pattern * fixed + j]!;
      if (xj === 0) continue;
      const schurAt = (small + j) * dense;
      stepDense[small + j]! += residuals[pattern]! * xj;
      for (let column = 0; column < small; column++) {
        schur[schurAt + column]! += xj * products[pattern * small + column]!;
      }
      const wx = weights[pattern]! * xj;
      for (let k = 0; k <= j; k++) {
        schur[schurAt + small + k]! += wx * patterns.values[pattern * fixed + k]!;
      }
    }
  }
}
