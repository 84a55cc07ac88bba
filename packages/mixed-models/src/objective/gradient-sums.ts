// What the gradients need from the inverse of the penalised system: for each row the part of H^-1 that the
// row touches. See docs/mixed-models.md, "The gradient".
import { invertFactored } from "../numerics/cholesky";
import { columnOf } from "./blocks";
import type { InverseSums } from "./mode-system";
import { addTermProducts } from "./row-passes";
import { sumInverseScalar } from "./scalar-gradient";
import { countCoupled, type SystemView } from "./system-view";

/**
 * Computes leverages and trace sums at the factors that the system holds.
 *
 * @param withFixed whether H includes the fixed effects (REML).
 */
export function sumInverse(view: SystemView, withFixed: boolean): InverseSums {
  if (view.isScalar && !withFixed) return sumInverseScalar(view);
  const room = makeRoom(view, withFixed);
  const trace = view.groups.map(({ columns }) => new Float64Array(columns * columns));
  const leverage = new Float64Array(view.rows);
  const { rowStart } = view.blocks;
  for (let level = 0; level < view.levels; level++) {
    const count = countCoupled(view, level, withFixed);
    divideCouplings(view, level, count, room.p);
    multiplyInverse(view, level, room, count);
    invertLevel(view, level, room, count);
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      multiplyRow(view, row, room);
      if (withFixed) addFixed(view, row, room, count - view.fixed);
      leverage[row] = dotRow(view, row, room);
      addTermProducts(view, row, view.w[row]!, room.qBig, room.qSmall, trace);
    }
  }
  return { trace, leverage };
}

/** The inverse of S, and room for one level's and one row's part of H^-1. */
interface Room {
  /** Inverse of S, order x order. */
  readonly inverse: ArrayLike<number>;
  readonly order: number;
  /** P = C D^-1 and Q = S^-1 P on the level's columns, columns x width. */
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** The level's own block of H^-1. */
  readonly block: Float64Array;
  /** The row's part of H^-1 a. */
  readonly qBig: Float64Array;
  readonly qSmall: Float64Array;
}

function makeRoom(view: SystemView, withFixed: boolean): Room {
  const { width, smallWidth, dense, small, fixed, blocks } = view;
  const order = withFixed ? dense : small;
  const most = blocks.mostColumns + fixed;
  return {
    inverse: view.invertDense(withFixed),
    order,
    p: new Float64Array(most * width),
    q: new Float64Array(most * width),
    block: new Float64Array(width * width),
    qBig: new Float64Array(width),
    qSmall: new Float64Array(smallWidth),
  };
}

/** P = C D^-1 = G L^-1 for one level, row by row. */
function divideCouplings(
  { width, coupling, coupledStart, factorD }: SystemView,
  level: number,
  count: number,
  p: Float64Array,
): void {
  const dAt = level * width * width;
  const cAt = coupledStart[level]! * width;
  for (let at = 0; at < count * width; at += width) {
    for (let i = width - 1; i >= 0; i--) {
      let sum = coupling[cAt + at + i]!;
      for (let j = i + 1; j < width; j++) sum -= factorD[dAt + j * width + i]! * p[at + j]!;
      p[at + i] = sum / factorD[dAt + i * width + i]!;
    }
  }
}

// Q = S^-1 P.
function multiplyInverse(view: SystemView, level: number, room: Room, count: number): void {
  const { width, coupledColumn } = view;
  const { inverse, order, p, q } = room;
  const from = view.coupledStart[level]!;
  if (width === 1) {
    multiplySymmetric(view, from, room, count);
    return;
  }
  for (let k = 0; k < count; k++) {
    const rowAt = coupledColumn[from + k]! * order;
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let l = 0; l < count; l++)
        sum += inverse[rowAt + coupledColumn[from + l]!]! * p[l * width + i]!;
      q[k * width + i] = sum;
    }
  }
}

// The same for one value a column: each entry of the symmetric inverse is read once.
function multiplySymmetric(
  { coupledColumn }: SystemView,
  from: number,
  { inverse, order, p, q }: Room,
  count: number,
): void {
  for (let k = 0; k < count; k++) {
    const rowAt = coupledColumn[from + k]! * order;
    const own = p[k]!;
    let sum = inverse[rowAt + coupledColumn[from + k]!]! * own;
    for (let l = 0; l < k; l++) {
      const value = inverse[rowAt + coupledColumn[from + l]!]!;
      sum += value * p[l]!;
      q[l]! += value * own;
    }
    q[k] = sum;
  }
}

// D^-1 + P'Q: the level's own block of H^-1.
function invertLevel(view: SystemView, level: number, room: Room, count: number): void {
  const { width } = view;
  const { p, q, block } = room;
  if (width === 1) block[0] = 1 / view.factorD[level]! ** 2;
  else block.set(invertBlock(view, level));
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += p[k * width + i]! * q[k * width + j]!;
      block[i * width + j]! += sum;
    }
  }
}

/** The inverse of one level's block of D. */
function invertBlock({ width, factorD }: SystemView, level: number): Float64Array {
  const size = width * width;
  const factor = new Float64Array(size);
  for (let at = 0; at < size; at++) factor[at] = factorD[level * size + at]!;
  return invertFactored(factor, width);
}

// H^-1 a, as far as the row touches it: [D^-1 + P'Q, -Q'; -Q, S^-1] times the row's entries.
function multiplyRow(view: SystemView, row: number, room: Room): void {
  const { width, smallWidth, aBig, aSmall } = view;
  const { smallColumn, smallPlace } = view.blocks;
  const { inverse, order, q, block, qBig, qSmall } = room;
  const aAt = row * width;
  const sAt = row * smallWidth;
  for (let i = 0; i < width; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += block[i * width + j]! * aBig[aAt + j]!;
    qBig[i] = sum;
  }
  for (let e = 0; e < smallWidth; e++) {
    const a = aSmall[sAt + e]!;
    const qAt = smallPlace[sAt + e]! * width;
    const rowAt = smallColumn[sAt + e]! * order;
    let sum = 0;
    for (let i = 0; i < width; i++) {
      qBig[i]! -= q[qAt + i]! * a;
      sum -= q[qAt + i]! * aBig[aAt + i]!;
    }
    for (let f = 0; f < smallWidth; f++) {
      sum += inverse[rowAt + smallColumn[sAt + f]!]! * aSmall[sAt + f]!;
    }
    qSmall[e] = sum;
  }
}

// The fixed effects' part of the same; `met` small columns come before them.
function addFixed(view: SystemView, row: number, room: Room, met: number): void {
  const { width, smallWidth, small, fixed } = view;
  const { smallColumn } = view.blocks;
  const { values, of } = view.patterns;
  const { inverse, order, q, qBig, qSmall } = room;
  const sAt = row * smallWidth;
  const xAt = of[row]! * fixed;
  for (let j = 0; j < fixed; j++) {
    const x = values[xAt + j]!;
    if (x === 0) continue;
    for (let i = 0; i < width; i++) qBig[i]! -= q[(met + j) * width + i]! * x;
    for (let e = 0; e < smallWidth; e++) {
      qSmall[e]! += inverse[smallColumn[sAt + e]! * order + small + j]! * x;
    }
  }
}

function dotRow(view: SystemView, row: number, { qBig, qSmall }: Room): number {
  const { width, smallWidth, aBig, aSmall } = view;
  let sum = 0;
  for (let i = 0; i < width; i++) sum += aBig[row * width + i]! * qBig[i]!;
  for (let e = 0; e < smallWidth; e++) sum += aSmall[row * smallWidth + e]! * qSmall[e]!;
  return sum;
}

/**
 * Each level's own block of the inverse of the factored system, without the fixed effects.
 *
 * @returns for each level of the group columns x columns.
 */
export function modeVariances(view: SystemView, group: number): Float64Array {
  const { small, blocks } = view;
  const inverse = view.invertDense(false);
  const { levels, columns } = view.groups[group]!;
  const variances = new Float64Array(levels * columns * columns);
  for (let level = 0; level < levels; level++) {
    const at = level * columns * columns;
    const first = columnOf(blocks, group, level);
    if (group === blocks.big) {
      variances.set(bigVariances(view, inverse, first / columns), at);
      continue;
    }
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        variances[at + i * columns + j] = inverse[(first + i) * small + first + j]!;
      }
    }
  }
  return variances;
}

// D^-1 + P' S^-1 P for one level of the big term.
function bigVariances(view: SystemView, inverse: ArrayLike<number>, level: number): Float64Array {
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
