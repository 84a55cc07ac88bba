// Where a cumulative link model's thresholds lie. The first one is minus the intercept of the linear predictor; what
// is left are the gaps from it to the later ones, which no covariate's unit or place moves, unless it is nominal: then
// a later threshold's gap is a constant and a slope for each nominal column. docs/mixed-models.md, "Grades".
import type { GradeLink } from "./grade-density";

/** Whether each threshold has its place, or all are equally far apart. */
export type Thresholds = "flexible" | "equidistant";

/** The scale of a response in grades. */
export interface GradeScale {
  /** Number of grades, two at least. */
  readonly grades: number;
  readonly link: GradeLink;
  readonly thresholds: Thresholds;
  /** Number of columns on which each gap depends besides its constant; 0 by default, and where thresholds are equidistant. */
  readonly nominal?: number;
}

/**
 * Number of gaps that are estimated: for each later threshold its distance from the first, followed by the slopes of the
 * nominal columns; or one spacing.
 */
export function countGaps({ grades, thresholds, nominal = 0 }: GradeScale): number {
  return thresholds === "equidistant" ? Math.min(1, grades - 2) : (grades - 2) * (nominal + 1);
}

/**
 * How far each threshold is from the first one.
 *
 * @param gaps as many as `countGaps` says.
 * @param x values of the nominal columns, all zero by default.
 * @returns grades - 1 distances, the first 0.
 */
export function distancesOf(
  { grades, thresholds, nominal = 0 }: GradeScale,
  gaps: ArrayLike<number>,
  x?: ArrayLike<number>,
): Float64Array {
  return Float64Array.from({ length: grades - 1 }, (_, at) => {
    if (at === 0) return 0;
    if (thresholds === "equidistant") return at * gaps[0]!;
    const first = (at - 1) * (nominal + 1);
    let sum = gaps[first]!;
    if (x) for (let j = 0; j < nominal; j++) sum += gaps[first + 1 + j]! * x[j]!;
    return sum;
  });
}

/**
 * Turns derivatives in the distances into derivatives in the gaps, and adds them to others.
 *
 * @param x as `distancesOf` takes it.
 */
export function addGapSums(
  { grades, thresholds, nominal = 0 }: GradeScale,
  byDistance: ArrayLike<number>,
  sums: Float64Array,
  x?: ArrayLike<number>,
): void {
  for (let at = 1; at < grades - 1; at++) {
    const value = byDistance[at]!;
    if (thresholds === "equidistant") {
      sums[0]! += at * value;
      continue;
    }
    const first = (at - 1) * (nominal + 1);
    sums[first]! += value;
    if (x) for (let j = 0; j < nominal; j++) sums[first + 1 + j]! += value * x[j]!;
  }
}
