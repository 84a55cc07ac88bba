// Where a cumulative link model's thresholds lie. The first one is minus the intercept of the linear predictor; what
// is left are the gaps from it to the later ones, which no covariate's unit or place moves.
import type { GradeLink } from "./grade-density";

/** Whether each threshold has its place, or all are equally far apart. */
export type Thresholds = "flexible" | "equidistant";

/** The scale of a response in grades. */
export interface GradeScale {
  /** Number of grades, two at least. */
  readonly grades: number;
  readonly link: GradeLink;
  readonly thresholds: Thresholds;
}

/** Number of gaps that are estimated: for each later threshold its distance from the first, or one spacing. */
export function countGaps({ grades, thresholds }: GradeScale): number {
  return thresholds === "equidistant" ? Math.min(1, grades - 2) : grades - 2;
}

/**
 * How far each threshold is from the first one.
 *
 * @param gaps as many as `countGaps` says.
 * @returns grades - 1 distances, the first 0.
 */
export function distancesOf(scale: GradeScale, gaps: ArrayLike<number>): Float64Array {
  const { grades, thresholds } = scale;
  return Float64Array.from({ length: grades - 1 }, (_, at) => {
    if (at === 0) return 0;
    return thresholds === "equidistant" ? at * gaps[0]! : gaps[at - 1]!;
  });
}

/** Turns derivatives in the distances into derivatives in the gaps. */
export function gapSums(scale: GradeScale, byDistance: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(countGaps(scale));
  for (let at = 1; at < scale.grades - 1; at++) {
    if (scale.thresholds === "equidistant") sums[0]! += at * byDistance[at]!;
    else sums[at - 1] = byDistance[at]!;
  }
  return sums;
}
