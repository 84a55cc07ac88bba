// The gradient's passes over the rows for models with one column a group: what gradient-sums.ts and
// theta-gradient.ts do in general, without the loops over columns.
import type { GradientSums, InverseSums } from "./mode-system";
import type { SystemView } from "./system-view";

/** Leverages and trace sums, without the fixed effects; see gradient-sums.ts. */
export function sumInverseScalar(view: SystemView): InverseSums {
  const { levels, aBig, aSmall, zBig, zSmall, w, small } = view;
  const { rowStart, smallColumn, smallPlace, smallTerms, big } = view.blocks;
  const terms = view.smallWidth;
  const inverse = view.invertDense(false);
  const leverage = new Float64Array(view.rows);
  const traces = new Float64Array(terms + 1);
  const p = new Float64Array(small);
  const q = new Float64Array(small);
  for (let level = 0; level < levels; level++) {
    const h = invertLevel(view, level, inverse, p, q);
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const a = aBig[row]!;
      const weight = w[row]!;
      const rowAt = row * terms;
      let qBig = h * a;
      let total = 0;
      for (let term = 0; term < terms; term++) {
        const s = aSmall[rowAt + term]!;
        const coupled = q[smallPlace[rowAt + term]!]!;
        qBig -= coupled * s;
        const inverseAt = smallColumn[rowAt + term]! * small;
        let sum = -coupled * a;
        for (let other = 0; other < terms; other++) {
          sum += inverse[inverseAt + smallColumn[rowAt + other]!]! * aSmall[rowAt + other]!;
        }
        total += s * sum;
        traces[term + 1]! += weight * zSmall[rowAt + term]! * sum;
      }
      leverage[row] = total + a * qBig;
      traces[0]! += weight * zBig[row]! * qBig;
    }
  }
  const trace = view.groups.map(() => new Float64Array(1));
  trace[big]![0] = traces[0]!;
  for (let term = 0; term < terms; term++) {
    trace[smallTerms[term]!]![0] = traces[term + 1]!;
  }
  return { trace, leverage };
}

// P = G L^-1 and Q = S^-1 P for one level; returns the level's entry of H^-1.
function invertLevel(
  { coupling, coupledStart, coupledColumn, factorD, small, fixed }: SystemView,
  level: number,
  inverse: ArrayLike<number>,
  p: Float64Array,
  q: Float64Array,
): number {
  const from = coupledStart[level]!;
  const count = coupledStart[level + 1]! - fixed - from;
  const scale = 1 / factorD[level]!;
  const h = scale * scale;
  for (let k = 0; k < count; k++) p[k] = coupling[from + k]! * scale;
  return h + multiplyLevel(coupledColumn, from, count, small, inverse, p, q);
}

// Q = S^-1 P and P'Q, with each entry of the symmetric inverse read once.
function multiplyLevel(
  coupledColumn: ArrayLike<number>,
  from: number,
  count: number,
  small: number,
  inverse: ArrayLike<number>,
  p: Float64Array,
  q: Float64Array,
): number {
  let product = 0;
  for (let k = 0; k < count; k++) {
    const rowAt = coupledColumn[from + k]! * small;
    const own = p[k]!;
    let sum = 0;
    for (let l = 0; l < k; l++) {
      const value = inverse[rowAt + coupledColumn[from + l]!]!;
      sum += value * p[l]!;
      q[l]! += value * own;
    }
    const diagonal = inverse[rowAt + coupledColumn[from + k]!]! * own;
    product += own * (2 * sum + diagonal);
    q[k] = sum + diagonal;
  }
  return product;
}

/**
 * Sums v = t - W (A s + shift) - 2 r over the rows, with s the last solution that the system holds.
 *
 * @param t one value a sorted row.
 * @param shift one value a pattern; the fixed effects' part of A s.
 * @param moved receives A s + shift, where it is asked for.
 */
export function sumGradientScalar(
  view: SystemView,
  t: Float64Array,
  shift: Float64Array,
  moved?: Float64Array,
): GradientSums {
  const { levels, aBig, aSmall, zBig, zSmall, w, r, uBig, uSmall, stepBig, stepDense } = view;
  const { rowStart, smallColumn, smallTerms, big } = view.blocks;
  const { of, count } = view.patterns;
  const terms = view.smallWidth;
  const sums = new Float64Array(terms + 1);
  const patterns = new Float64Array(count);
  for (let level = 0; level < levels; level++) {
    const u = uBig[level]!;
    const s = stepBig[level]!;
    const end = rowStart[level + 1]!;
    for (let row = rowStart[level]!; row < end; row++) {
      const pattern = of[row]!;
      const rowAt = row * terms;
      const residual = r[row]!;
      let change = shift[pattern]! + aBig[row]! * s;
      for (let term = 0; term < terms; term++) {
        const first = smallColumn[rowAt + term]!;
        change += aSmall[rowAt + term]! * stepDense[first]!;
      }
      if (moved) moved[row] = change;
      const v = t[row]! - w[row]! * change - 2 * residual;
      patterns[pattern]! += v;
      sums[0]! += zBig[row]! * (v * u + residual * s);
      for (let term = 0; term < terms; term++) {
        const first = smallColumn[rowAt + term]!;
        const both = v * uSmall[first]! + residual * stepDense[first]!;
        sums[term + 1]! += zSmall[rowAt + term]! * both;
      }
    }
  }
  const products = view.groups.map(() => new Float64Array(1));
  products[big]![0] = sums[0]!;
  for (let term = 0; term < terms; term++) {
    products[smallTerms[term]!]![0] = sums[term + 1]!;
  }
  return { products, patterns };
}
