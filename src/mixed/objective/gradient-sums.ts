// What the gradients need from the inverse of the penalised system: for each row the part of H^-1 that the
// row touches. See docs/mixed-models.md, "The gradient".
import { invertFactored } from "../numerics/cholesky";
import type { PenalisedSystem } from "./penalised-system";
import { sumInverseScalar } from "./scalar-gradient";

/** Sums over the rows, for every group and every pair of its columns. */
export interface InverseSums {
  /** For each group: columns x columns sums of w z_r q_c, where q is the row's part of H^-1 a. */
  readonly trace: readonly Float64Array[];
  /** For each sorted row: a' H^-1 a, the leverage. */
  readonly leverage: Float64Array;
}

/**
 * Computes leverages and trace sums at the factors that the system holds.
 *
 * @param withFixed whether H includes the fixed effects (REML).
 */
export function sumInverse(system: PenalisedSystem, withFixed: boolean): InverseSums {
  if (system.scalarSums && !withFixed) return sumInverseScalar(system);
  const { width, smallWidth, smallWidths, dense, small, fixed, blocks, levels } = system;
  const { rowStart, columnStart, columnIndex, smallFirst, position } = blocks;
  const { aBig, aSmall, zBig, zSmall, w, coupling, couplingStart, factorD, patterns } = system;
  const order = withFixed ? dense : small;
  const inverse = invertFactored(system.schur, dense, order);
  const terms = smallWidths.length;
  const trace = system.groups.map(({ columns }) => new Float64Array(columns * columns));
  const traceBig = trace[blocks.big]!;
  const leverage = new Float64Array(system.rows);
  const most = largestCount(columnStart) + fixed;
  const p = new Float64Array(most * width);
  const q = new Float64Array(most * width);
  const hBig = new Float64Array(width * width);
  const qBig = new Float64Array(width);
  const qSmall = new Float64Array(smallWidth);
  const columns = new Int32Array(most);
  for (let level = 0; level < levels; level++) {
    const from = columnStart[level]!;
    const met = columnStart[level + 1]! - from;
    const count = met + (withFixed ? fixed : 0);
    for (let k = 0; k < count; k++) {
      columns[k] = k < met ? columnIndex[from + k]! : small + k - met;
    }
    const dAt = level * width * width;
    const cAt = couplingStart[level]!;
    // P = C D^-1 = G L^-1, row by row; Q = S^-1 P on this level's columns.
    for (let k = 0; k < count; k++) {
      for (let i = width - 1; i >= 0; i--) {
        let sum = coupling[cAt + k * width + i]!;
        for (let j = i + 1; j < width; j++) {
          sum -= factorD[dAt + j * width + i]! * p[k * width + j]!;
        }
        p[k * width + i] = sum / factorD[dAt + i * width + i]!;
      }
    }
    if (width === 1) multiplySymmetric(inverse, order, columns, count, p, q);
    else multiplyWide(inverse, order, columns, count, p, q, width);
    invertBlock(factorD, dAt, width, hBig);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        let sum = 0;
        for (let k = 0; k < count; k++) {
          sum += p[k * width + i]! * q[k * width + j]!;
        }
        hBig[i * width + j]! += sum;
      }
    }
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const aAt = row * width;
      const sAt = row * smallWidth;
      for (let i = 0; i < width; i++) {
        let sum = 0;
        for (let j = 0; j < width; j++) {
          sum += hBig[i * width + j]! * aBig[aAt + j]!;
        }
        qBig[i] = sum;
      }
      let entry = 0;
      for (let term = 0; term < terms; term++) {
        const first = smallFirst[row * terms + term]!;
        const place = position[row * terms + term]!;
        for (let e = 0; e < smallWidths[term]!; e++, entry++) {
          const a = aSmall[sAt + entry]!;
          const rowAt = (first + e) * order;
          let sum = 0;
          for (let i = 0; i < width; i++) {
            const coupled = q[(place + e) * width + i]!;
            qBig[i]! -= coupled * a;
            sum -= coupled * aBig[aAt + i]!;
          }
          let other = 0;
          for (let term2 = 0; term2 < terms; term2++) {
            const first2 = smallFirst[row * terms + term2]!;
            for (let f = 0; f < smallWidths[term2]!; f++, other++) {
              sum += inverse[rowAt + first2 + f]! * aSmall[sAt + other]!;
            }
          }
          qSmall[entry] = sum;
        }
      }
      if (withFixed) addFixed(row, met);
      let h = 0;
      const weight = w[row]!;
      for (let i = 0; i < width; i++) h += aBig[aAt + i]! * qBig[i]!;
      for (let e = 0; e < smallWidth; e++) h += aSmall[sAt + e]! * qSmall[e]!;
      leverage[row] = h;
      addProducts(traceBig, zBig, aAt, qBig, 0, width, weight);
      let offset = 0;
      for (let term = 0; term < terms; term++) {
        const size = smallWidths[term]!;
        const target = trace[blocks.smallTerms[term]!]!;
        addProducts(target, zSmall, sAt + offset, qSmall, offset, size, weight);
        offset += size;
      }
    }
  }
  return { trace, leverage };

  function addFixed(row: number, met: number): void {
    const pattern = patterns.of[row]!;
    for (let j = 0; j < fixed; j++) {
      const x = patterns.values[pattern * fixed + j]!;
      if (x === 0) continue;
      for (let i = 0; i < width; i++) qBig[i]! -= q[(met + j) * width + i]! * x;
      let entry = 0;
      for (let term = 0; term < terms; term++) {
        const first = smallFirst[row * terms + term]!;
        for (let e = 0; e < smallWidths[term]!; e++, entry++) {
          qSmall[entry]! += inverse[(first + e) * order + small + j]! * x;
        }
      }
    }
  }
}

// q = S^-1 p over the given columns, for p of several values a column.
function multiplyWide(
  inverse: Float64Array,
  order: number,
  columns: Int32Array,
  count: number,
  p: Float64Array,
  q: Float64Array,
  width: number,
): void {
  for (let k = 0; k < count; k++) {
    const rowAt = columns[k]! * order;
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let l = 0; l < count; l++) {
        sum += inverse[rowAt + columns[l]!]! * p[l * width + i]!;
      }
      q[k * width + i] = sum;
    }
  }
}

// The same for one value a column: each entry of the symmetric inverse is read once.
function multiplySymmetric(
  inverse: Float64Array,
  order: number,
  columns: Int32Array,
  count: number,
  p: Float64Array,
  q: Float64Array,
): void {
  for (let k = 0; k < count; k++) {
    const rowAt = columns[k]! * order;
    const own = p[k]!;
    let sum = inverse[rowAt + columns[k]!]! * own;
    for (let l = 0; l < k; l++) {
      const value = inverse[rowAt + columns[l]!]!;
      sum += value * p[l]!;
      q[l]! += value * own;
    }
    q[k] = sum;
  }
}

function addProducts(
  target: Float64Array,
  z: Float64Array,
  zAt: number,
  q: Float64Array,
  qAt: number,
  width: number,
  weight: number,
): void {
  for (let r = 0; r < width; r++) {
    const wz = weight * z[zAt + r]!;
    for (let c = 0; c < width; c++) target[r * width + c]! += wz * q[qAt + c]!;
  }
}

function invertBlock(factor: Float64Array, at: number, width: number, into: Float64Array): void {
  if (width === 1) {
    into[0] = 1 / factor[at]! ** 2;
    return;
  }
  into.set(invertFactored(factor.subarray(at, at + width * width), width));
}

function largestCount(starts: Int32Array): number {
  let most = 0;
  for (let at = 1; at < starts.length; at++) {
    most = Math.max(most, starts[at]! - starts[at - 1]!);
  }
  return most;
}
