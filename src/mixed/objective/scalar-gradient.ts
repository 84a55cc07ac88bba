// The gradient's passes over the rows for models with one column a group: what gradient-sums.ts and
// theta-gradient.ts do in general, without the loops over columns.
import { invertFactored } from "../numerics/cholesky";
import type { InverseSums } from "./gradient-sums";
import type { PenalisedSystem } from "./penalised-system";

/** Leverages and trace sums, without the fixed effects; see gradient-sums.ts. */
export function sumInverseScalar(system: PenalisedSystem): InverseSums {
  const { levels, aBig, aSmall, zBig, zSmall, w, small, dense } = system;
  const { coupling, couplingStart, factorD } = system;
  const { rowStart, smallFirst, position, columnStart, columnIndex, smallTerms, big } =
    system.blocks;
  const terms = system.smallWidths.length;
  const inverse = invertFactored(system.schur, dense, small);
  const leverage = new Float64Array(system.rows);
  const traces = new Float64Array(terms + 1);
  const p = new Float64Array(small);
  const q = new Float64Array(small);
  for (let level = 0; level < levels; level++) {
    const from = columnStart[level] as number;
    const count = (columnStart[level + 1] as number) - from;
    const cAt = couplingStart[level] as number;
    const scale = 1 / (factorD[level] as number);
    let h = scale * scale;
    for (let k = 0; k < count; k++) p[k] = (coupling[cAt + k] as number) * scale;
    for (let k = 0; k < count; k++) {
      const rowAt = (columnIndex[from + k] as number) * small;
      let sum = 0;
      for (let l = 0; l < count; l++) {
        sum += (inverse[rowAt + (columnIndex[from + l] as number)] as number) * (p[l] as number);
      }
      q[k] = sum;
      h += sum * (p[k] as number);
    }
    const end = rowStart[level + 1] as number;
    for (let row = rowStart[level] as number; row < end; row++) {
      const a = aBig[row] as number;
      const weight = w[row] as number;
      const rowAt = row * terms;
      let qBig = h * a;
      let total = 0;
      for (let term = 0; term < terms; term++) {
        const s = aSmall[rowAt + term] as number;
        const coupled = q[position[rowAt + term] as number] as number;
        qBig -= coupled * s;
        const inverseAt = (smallFirst[rowAt + term] as number) * small;
        let sum = -coupled * a;
        for (let other = 0; other < terms; other++) {
          sum +=
            (inverse[inverseAt + (smallFirst[rowAt + other] as number)] as number) *
            (aSmall[rowAt + other] as number);
        }
        total += s * sum;
        traces[term + 1]! += weight * (zSmall[rowAt + term] as number) * sum;
      }
      leverage[row] = total + a * qBig;
      traces[0]! += weight * (zBig[row] as number) * qBig;
    }
  }
  const trace = system.groups.map(() => new Float64Array(1));
  (trace[big] as Float64Array)[0] = traces[0] as number;
  for (let term = 0; term < terms; term++) {
    (trace[smallTerms[term] as number] as Float64Array)[0] = traces[term + 1] as number;
  }
  return { trace, leverage };
}

/** Sums of the gradient over the rows; see laplace.ts. */
export interface GradientSums {
  /** For each group, the sum of z (v u + r s). */
  readonly products: readonly Float64Array[];
  /** For each pattern of the fixed effects, the sum of v. */
  readonly patterns: Float64Array;
}

/**
 * Sums v = t - W (A s + shift) - 2 r over the rows, with s the last solution that the system holds.
 *
 * @param t one value a sorted row.
 * @param shift one value a pattern; the fixed effects' part of A s.
 */
export function sumGradientScalar(
  system: PenalisedSystem,
  t: Float64Array,
  shift: Float64Array,
): GradientSums {
  const { levels, aBig, aSmall, zBig, zSmall, w, r, uBig, uSmall, stepBig, stepDense } = system;
  const { rowStart, smallFirst, smallTerms, big } = system.blocks;
  const { of, count } = system.patterns;
  const terms = system.smallWidths.length;
  const sums = new Float64Array(terms + 1);
  const patterns = new Float64Array(count);
  for (let level = 0; level < levels; level++) {
    const u = uBig[level] as number;
    const s = stepBig[level] as number;
    const end = rowStart[level + 1] as number;
    for (let row = rowStart[level] as number; row < end; row++) {
      const pattern = of[row] as number;
      const rowAt = row * terms;
      const residual = r[row] as number;
      let moved = (shift[pattern] as number) + (aBig[row] as number) * s;
      for (let term = 0; term < terms; term++) {
        const first = smallFirst[rowAt + term] as number;
        moved += (aSmall[rowAt + term] as number) * (stepDense[first] as number);
      }
      const v = (t[row] as number) - (w[row] as number) * moved - 2 * residual;
      patterns[pattern]! += v;
      sums[0]! += (zBig[row] as number) * (v * u + residual * s);
      for (let term = 0; term < terms; term++) {
        const first = smallFirst[rowAt + term] as number;
        const both = v * (uSmall[first] as number) + residual * (stepDense[first] as number);
        sums[term + 1]! += (zSmall[rowAt + term] as number) * both;
      }
    }
  }
  const products = system.groups.map(() => new Float64Array(1));
  (products[big] as Float64Array)[0] = sums[0] as number;
  for (let term = 0; term < terms; term++) {
    (products[smallTerms[term] as number] as Float64Array)[0] = sums[term + 1] as number;
  }
  return { products, patterns };
}
