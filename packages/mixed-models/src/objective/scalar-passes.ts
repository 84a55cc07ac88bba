// The passes over the rows for models whose random effects are all intercepts or single slopes, one column a
// group: what block-passes.ts does in general, without the loops over columns. The tests compare the two.
import { notPositive } from "./block-solve";
import { countCoupled, type Factors, type SystemLayout, type SystemView } from "./system-view";

// Beyond this the products of patterns and small columns are summed row by row.
const MOST_PRODUCTS = 1 << 20;

/** Whether the passes here apply to a system. */
export function isScalar(layout: SystemLayout): boolean {
  const { width, smallWidths, patterns, small } = layout;
  return (
    width === 1 &&
    Array.from(smallWidths).every((one) => one === 1) &&
    patterns.count * (small + 1) <= MOST_PRODUCTS
  );
}

/** What one sweep over the levels of the big term has found. */
export interface Sweep {
  /** The levels' share of the squared Newton decrement. */
  readonly decrement: number;
  /** Log-determinant of D. */
  readonly logDet: number;
}

/** Sums that belong to patterns of the fixed effects rather than to rows. */
export interface PatternSums {
  /** Sum of the weights of each pattern's rows, and of their residuals. */
  readonly weights: Float64Array;
  readonly residuals: Float64Array;
}

/** The sums that the passes for one column a group keep besides. */
export interface ScalarSums extends PatternSums {
  /** Sum of weight times small entry, patterns x small columns. */
  readonly products: Float64Array;
  /** Sum of weight times big entry in the current level, and the patterns that occur in it. */
  readonly inLevel: Float64Array;
  /** Whether a pattern stands in `met` already. */
  readonly isMet: Uint8Array;
  readonly met: Int32Array;
}

/** Makes room for the sums of a system's patterns. */
export function makePatternSums({ patterns: { count } }: SystemLayout): PatternSums {
  return { weights: new Float64Array(count), residuals: new Float64Array(count) };
}

/** Makes room for the sums that the passes here keep. */
export function makeScalarSums(layout: SystemLayout): ScalarSums {
  const { count } = layout.patterns;
  return {
    ...makePatternSums(layout),
    products: new Float64Array(count * layout.small),
    inLevel: new Float64Array(count),
    isMet: new Uint8Array(count),
    met: new Int32Array(count),
  };
}

/** Assembles and eliminates every level of the big term. */
export function sweepLevels(
  view: SystemView,
  into: Factors,
  sums: ScalarSums,
  withFixed: boolean,
): Sweep {
  sums.weights.fill(0);
  sums.residuals.fill(0);
  sums.products.fill(0);
  let decrement = 0;
  let logDet = 0;
  let determinant = 1; // One logarithm serves many levels.
  for (let level = 0; level < view.levels; level++) {
    assembleLevel(view, level, into, sums, withFixed);
    const d = into.factorD[level]!;
    if (!(d > 0)) throw notPositive();
    determinant *= d;
    if (determinant > 1e250) {
      logDet += Math.log(determinant);
      determinant = 1;
    }
    decrement += eliminateLevel(view, level, into, withFixed);
  }
  if (withFixed) addFixed(view, into, sums);
  return { decrement, logDet: logDet + Math.log(determinant) };
}

// Leaves a level's block of D in its place, unfactored, and its part of the right-hand side likewise.
function assembleLevel(
  view: SystemView,
  level: number,
  into: Factors,
  sums: ScalarSums,
  withFixed: boolean,
): void {
  const { aBig, aSmall, w, r, small, dense, smallWidth } = view;
  const { coupling, schur, stepDense } = into;
  const { rowStart, smallColumn, smallPlace } = view.blocks;
  const { of } = view.patterns;
  const { weights, residuals, products, inLevel, isMet, met } = sums;
  const cAt = view.coupledStart[level]!;
  const fixedAt = view.coupledStart[level + 1]! - view.fixed;
  for (let at = cAt; at < fixedAt; at++) coupling[at] = 0; // A few entries: fill would take longer.
  let d = 1;
  let b = -view.uBig[level]!;
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
      // Not where the sum is zero: it is so again where values of a slope are zero or cancel.
      if (isMet[pattern] === 0) {
        isMet[pattern] = 1;
        met[patterns++] = pattern;
      }
      inLevel[pattern]! += wa;
    }
    const rowAt = row * smallWidth;
    const entryEnd = rowAt + smallWidth;
    for (let at = rowAt; at < entryEnd; at++) {
      const s = aSmall[at]!;
      const column = smallColumn[at]!;
      const ws = weight * s;
      stepDense[column]! += residual * s;
      coupling[cAt + smallPlace[at]!]! += ws * a;
      const schurAt = column * dense;
      for (let other = rowAt; other < at; other++) {
        schur[schurAt + smallColumn[other]!]! += ws * aSmall[other]!;
      }
      schur[schurAt + column]! += ws * s;
      if (withFixed) products[pattern * small + column]! += ws;
    }
  }
  into.factorD[level] = d;
  into.stepBig[level] = b;
  if (withFixed) coupleFixed(view, fixedAt, into, sums, patterns);
}

// The couplings of a level with the fixed effects, from the sums of the patterns that occur in it.
function coupleFixed(
  { patterns: { values: x }, fixed }: SystemView,
  fixedAt: number,
  { coupling }: Factors,
  { inLevel, isMet, met }: ScalarSums,
  patterns: number,
): void {
  for (let j = 0; j < fixed; j++) coupling[fixedAt + j] = 0;
  for (let k = 0; k < patterns; k++) {
    const pattern = met[k]!;
    const value = inLevel[pattern]!;
    inLevel[pattern] = 0;
    isMet[pattern] = 0;
    for (let j = 0; j < fixed; j++) coupling[fixedAt + j]! += value * x[pattern * fixed + j]!;
  }
}

// Factors a level and takes it out of the dense block; returns its share of the decrement.
function eliminateLevel(
  view: SystemView,
  level: number,
  { factorD, coupling, schur, stepBig, stepDense }: Factors,
  withFixed: boolean,
): number {
  const { dense, coupledColumn } = view;
  const from = view.coupledStart[level]!;
  const to = from + countCoupled(view, level, withFixed);
  const root = Math.sqrt(factorD[level]!);
  factorD[level] = root;
  const b = stepBig[level]! / root;
  stepBig[level] = b;
  for (let k = from; k < to; k++) {
    const g = coupling[k]! / root;
    coupling[k] = g;
    const column = coupledColumn[k]!;
    stepDense[column]! -= g * b;
    if (g === 0) continue;
    const schurAt = column * dense;
    for (let l = from; l <= k; l++) schur[schurAt + coupledColumn[l]!]! -= g * coupling[l]!;
  }
  return b * b;
}

function addFixed(
  { patterns, fixed, small, dense }: SystemView,
  { schur, stepDense }: Factors,
  sums: ScalarSums,
): void {
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
