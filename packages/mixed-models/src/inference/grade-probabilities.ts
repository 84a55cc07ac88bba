import type { OrdinalPart } from "../fit/result";
import { FILL_DENSITY, makeDensity } from "../objective/grade-density";

/** The probability of each grade, and how each moves with the threshold above and the one below it. */
interface GradeProbabilities {
  readonly values: Float64Array;
  /** Derivatives in the threshold above each grade, and in the one below; in the linear predictor minus their sum. */
  readonly above: Float64Array;
  readonly below: Float64Array;
}

/**
 * The probabilities of a cumulative model's grades at a linear predictor without intercept.
 *
 * @param cuts its thresholds there; see row-cuts.ts.
 */
export function gradeProbabilities(
  { grades, link }: OrdinalPart,
  cuts: Float64Array,
  eta: number,
): GradeProbabilities {
  const density = makeDensity();
  const count = grades.length;
  const values = new Float64Array(count);
  const above = new Float64Array(count);
  const below = new Float64Array(count);
  for (let grade = 0; grade < count; grade++) {
    const a = (cuts[grade] ?? Number.POSITIVE_INFINITY) - eta;
    const b = (cuts[grade - 1] ?? Number.NEGATIVE_INFINITY) - eta;
    FILL_DENSITY[link](a, b, density);
    const value = Math.exp(density.log);
    values[grade] = value;
    above[grade] = value * density.above;
    below[grade] = value * density.below;
  }
  return { values, above, below };
}

/**
 * The scores of a scale's grades.
 *
 * @param scores one a grade; 1, 2, … by default.
 */
export function scoresOf({ grades }: OrdinalPart, scores?: readonly number[]): readonly number[] {
  return scores ?? grades.map((_, at) => at + 1);
}
