import { UserError } from "kit";
import type { MixedFit } from "../fit/result";
import { gradeProbabilities } from "./grade-probabilities";
import { linearPredictors, type PredictOptions } from "./predict";
import { cutsOfRows } from "./row-cuts";

/** What a cumulative model predicts. */
export interface GradePredictions {
  /** From the lowest. */
  readonly grades: readonly string[];
  /** rows x grades, row-major. */
  readonly probabilities: Float64Array;
  /** The most probable grade of each row; of equals the lowest, null where a value that the model reads is missing. */
  readonly classes: readonly (string | null)[];
}

/**
 * Predicts grades from a cumulative fit, for its own rows or for new ones.
 *
 * @throws UserError if the fit is of another family, or as `predictFit`.
 */
export function predictGrades(
  fit: MixedFit,
  options: Omit<PredictOptions, "scale"> = {},
): GradePredictions {
  const { ordinal } = fit;
  if (!ordinal) {
    throw new UserError(
      `a ${fit.family} fit has no grades; use predictFit, or the cumulative family`,
    );
  }
  const eta = linearPredictors(fit, options);
  const cuts = cutsOfRows({ design: fit.design, ordinal }, options.rows);
  const { grades } = ordinal;
  const probabilities = new Float64Array(eta.length * grades.length);
  const classes = Array.from(eta, (value, row) => {
    if (Number.isNaN(value)) {
      probabilities.fill(value, row * grades.length, (row + 1) * grades.length);
      return null;
    }
    const { values } = gradeProbabilities(ordinal, cuts(row), value);
    probabilities.set(values, row * grades.length);
    return grades[values.indexOf(Math.max(...values))]!;
  });
  return { grades, probabilities, classes };
}
