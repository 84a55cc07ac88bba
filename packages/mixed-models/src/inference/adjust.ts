// Adjustments for several tests, as R's p.adjust and emmeans: Holm (1979), Bonferroni, Sidak, and Tukey's for all
// pairwise differences.
import { studentQuantile, studentTwoSided } from "../numerics/student-t";
import { rangeQuantile, rangeUpperTail } from "../numerics/studentized-range";

/** How probabilities and limits of several tests are adjusted. */
export type Adjustment = "none" | "holm" | "bonferroni" | "sidak" | "tukey";

/** All of them. */
export const ADJUSTMENTS: readonly Adjustment[] = ["none", "holm", "bonferroni", "sidak", "tukey"];

/** The tests that are adjusted together. */
export interface TestFamily {
  /** Number of tests, those included that cannot be made. */
  readonly tests: number;
  /** Number of means whose pairwise differences are tested; read by `tukey` alone. */
  readonly means: number;
}

/**
 * Adjusts the two-sided probabilities of a family of statistics.
 *
 * A single test is not adjusted.
 *
 * @param z the statistics; null for a test that cannot be made, which still counts in `family.tests`.
 * @param df degrees of freedom of each, if it is Student's t; the normal distribution's by default.
 * @returns a probability for each statistic, null for null.
 *
 * @example
 * adjustProbabilities([1.959964, 3], "bonferroni", { tests: 2, means: 2 })[0]?.toFixed(4); // => "0.1000"
 */
export function adjustProbabilities(
  z: readonly (number | null)[],
  method: Adjustment,
  family: TestFamily,
  df: readonly number[] = [],
): (number | null)[] {
  const degrees = (at: number) => df[at] ?? Number.POSITIVE_INFINITY;
  const raw = z.map((value, at) => (value === null ? null : studentTwoSided(value, degrees(at))));
  if (method !== "tukey" || family.tests === 1) {
    return adjustRaw(raw, method === "tukey" ? "none" : method, family.tests);
  }
  return z.map((value, at) => {
    if (value === null) return null;
    return rangeUpperTail(Math.SQRT2 * Math.abs(value), family.means, degrees(at));
  });
}

/**
 * Adjusts probabilities that need not be two-sided.
 *
 * @param tests how many there are, those included that cannot be made and are null.
 */
export function adjustRaw(
  raw: readonly (number | null)[],
  method: Exclude<Adjustment, "tukey">,
  tests: number,
): (number | null)[] {
  if (method === "holm") return adjustHolm(raw, tests);
  return raw.map((p) => {
    if (p === null || method === "none") return p;
    return method === "sidak" ? -Math.expm1(tests * Math.log1p(-p)) : Math.min(1, tests * p);
  });
}

/**
 * Half width, in standard errors, of the simultaneous intervals that belong to an adjustment.
 *
 * Holm's has no intervals of its own; as in emmeans they are Bonferroni's.
 *
 * @param level coverage of the family, such as 0.95.
 * @param df degrees of freedom; the normal distribution's by default.
 */
export function criticalValue(
  level: number,
  method: Adjustment,
  family: TestFamily,
  df = Number.POSITIVE_INFINITY,
): number {
  if (Number.isNaN(df)) return Number.NaN;
  if (family.tests === 1) return studentQuantile((1 - level) / 2, df);
  if (method === "tukey") return rangeQuantile(1 - level, family.means, df) / Math.SQRT2;
  return studentQuantile(shareOf(1 - level, method, family.tests) / 2, df);
}

/** What a single test may err by where all together may by a given share; Holm's is Bonferroni's. */
export function shareOf(
  error: number,
  method: Exclude<Adjustment, "tukey">,
  tests: number,
): number {
  if (method === "none") return error;
  return method === "sidak" ? -Math.expm1(Math.log1p(-error) / tests) : error / tests;
}

function adjustHolm(raw: readonly (number | null)[], tests: number): (number | null)[] {
  const known = [...raw.keys()].filter((at) => raw[at] !== null);
  known.sort((left, right) => raw[left]! - raw[right]!);
  const adjusted: (number | null)[] = raw.map(() => null);
  let largest = 0;
  for (const [rank, at] of known.entries()) {
    largest = Math.max(largest, Math.min(1, (tests - rank) * raw[at]!));
    adjusted[at] = largest;
  }
  return adjusted;
}
