// Whether two raters give each rating equally often: Stuart 1955, A Test for Homogeneity of the Marginal Distributions in a Two-way
// Classification, Biometrika 42 (with Maxwell 1970; of two categories it is McNemar's test), and Bhapkar 1966, A Note on the
// Equivalence of Two Test Criteria for Hypotheses in Categorical Data, JASA 61. Checked against mantelhaen.test of R.
import { chiSquareTail } from "../numerics/chi-square";
import { factorise, invertFactored } from "../numerics/cholesky";
import { quadraticForm } from "../numerics/matrices";
import type { ConfusionTable } from "./confusion";

/** A test of marginal homogeneity. */
export interface MarginalHomogeneity {
  /** Stuart and Maxwell's. */
  readonly chiSquare: number;
  readonly df: number;
  readonly p: number;
  /** Bhapkar's, which is a little more powerful, and alike where units are many; null where every unit is against homogeneity. */
  readonly bhapkar: { readonly chiSquare: number; readonly p: number } | null;
}

// Where every unit is against homogeneity, Stuart's statistic is their number, but for the last digits.
const ROUNDING = 1e-10;

/**
 * Tests whether two raters give each rating equally often.
 *
 * Ratings on which the two never differ say nothing and do not count; nor does a rating that the others determine.
 *
 * @returns null where the two agree on every unit.
 * @example
 * const counts = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]; // Stuart's own
 * marginalHomogeneity({ categories: [1, 2, 3, 4], counts, units: 7477 })?.chiSquare.toFixed(2); // => "11.96"
 */
export function marginalHomogeneity({ counts, units }: ConfusionTable): MarginalHomogeneity | null {
  const kept = freeCategories(counts);
  const df = kept.length;
  if (df === 0) return null;
  const off = (i: number, j: number) => cellOf(counts, i, j) + cellOf(counts, j, i);
  const all = [...counts.keys()];
  const excess = kept.map((i) =>
    all.reduce((sum, j) => sum + cellOf(counts, i, j) - cellOf(counts, j, i), 0),
  );
  const covariance = Float64Array.from({ length: df * df }, (_, at) => {
    const [i, j] = [kept[Math.floor(at / df)] as number, kept[at % df] as number];
    if (i !== j) return -off(i, j);
    return all.reduce((sum, other) => sum + (other === i ? 0 : off(i, other)), 0);
  });
  factorise(covariance, df);
  const inverse = invertFactored(covariance, df);
  const chiSquare = quadraticForm(inverse, df, excess);
  return {
    chiSquare,
    df,
    p: chiSquareTail(chiSquare, df),
    bhapkar: bhapkarOf(chiSquare, df, units),
  };
}

function bhapkarOf(stuart: number, df: number, units: number): MarginalHomogeneity["bhapkar"] {
  if (stuart > units * (1 - ROUNDING)) return null;
  const chiSquare = stuart / (1 - stuart / units);
  return { chiSquare, p: chiSquareTail(chiSquare, df) };
}

function cellOf(counts: ConfusionTable["counts"], row: number, column: number): number {
  return counts[row]?.[column] as number;
}

// Of categories that are linked by disagreements, each but the last: its excess follows from the others'.
function freeCategories(counts: ConfusionTable["counts"]): number[] {
  const seen = new Set<number>();
  return [...counts.keys()].flatMap((start) => {
    if (seen.has(start)) return [];
    const linked = [start];
    seen.add(start);
    for (const at of linked) {
      for (const to of counts.keys()) {
        if (seen.has(to) || cellOf(counts, at, to) + cellOf(counts, to, at) === 0) continue;
        seen.add(to);
        linked.push(to);
      }
    }
    return linked.slice(0, -1);
  });
}
