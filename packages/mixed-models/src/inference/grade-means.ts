// Marginal means of a cumulative model on the scale of its grades: probabilities, or the expected score. They are
// averaged over the grid as such, and their errors come from the delta method, as in the R package emmeans.
import { UserError } from "kit";
import { mapCovariance } from "../fit/ordinal-part";
import type { MixedFit, OrdinalPart } from "../fit/result";
import { quadraticForm } from "../numerics/matrices";
import { dot, unitVector } from "../numerics/vectors";
import type { Levels, WeightedRow } from "./average-grid";
import type { Estimability } from "./estimability";
import { betaOf } from "./fixed-effects";
import { gradeProbabilities, scoresOf } from "./grade-probabilities";
import type { LinearEstimate } from "./linear-estimate";
import { areCrossed, CROSSED, cutsAt } from "./row-cuts";

/** Means with one row of a vector space each, whose combinations `estimate` knows. */
interface GradeMeans {
  readonly cells: readonly Levels[];
  readonly rows: readonly Float64Array[];
  estimate(row: Float64Array): LinearEstimate;
}

/** What a mean is of: a weight for each grade, and the name of the grade where it is one grade's probability. */
interface Measure {
  readonly weights: readonly number[];
  readonly grade?: string;
}

/**
 * Averages probabilities or scores over the points of each cell.
 *
 * @param name of the response: for probabilities one more variable of the cells, whose values are the grades.
 * @throws UserError if there are not as many scores as grades.
 */
export function gradeMeans(
  fit: MixedFit,
  ordinal: OrdinalPart,
  cells: readonly Levels[],
  points: readonly (readonly WeightedRow[])[],
  estimability: Estimability,
  type: "probabilities" | "expected",
  scores?: readonly number[],
): GradeMeans {
  const measures = listMeasures(ordinal, type, scores);
  const { name } = fit.design.response;
  const beta = betaOf(fit);
  const found = measures.flatMap((measure) =>
    cells.map((levels, cell) => ({
      levels: measure.grade === undefined ? levels : { ...levels, [name]: measure.grade },
      ...averageMeasure(ordinal, beta, points[cell]!, measure, estimability),
    })),
  );
  const covariance = mapCovariance(
    found.map(({ gradient }) => gradient),
    ordinal.covariance,
  );
  const size = found.length;
  // A mean without an estimate is combined with a weight of zero only.
  const values = found.map(({ value, reason }) => (reason === null ? value : 0));
  return {
    cells: found.map(({ levels }) => levels),
    rows: found.map((_, at) => unitVector(size, at)),
    estimate: (row) => {
      const unknown = found.find(({ reason }, at) => reason !== null && row[at] !== 0);
      if (unknown?.reason) return { reason: unknown.reason };
      const variance = quadraticForm(covariance, size, row);
      return { estimate: dot(row, values), se: Math.sqrt(Math.max(0, variance)), reason: null };
    },
  };
}

function listMeasures(
  ordinal: OrdinalPart,
  type: "probabilities" | "expected",
  scores?: readonly number[],
): Measure[] {
  const { grades } = ordinal;
  if (type === "probabilities") {
    return grades.map((grade, at) => ({
      weights: grades.map((_, k) => (k === at ? 1 : 0)),
      grade,
    }));
  }
  if (scores && (scores.length !== grades.length || !scores.every(Number.isFinite))) {
    throw new UserError(
      `scores should be ${grades.length} numbers, one for each grade (${grades.join(", ")})`,
    );
  }
  return [{ weights: scoresOf(ordinal, scores) }];
}

// The mean over points of the sum over grades of weight times probability, and its derivatives in thresholds, shifts and
// coefficients.
function averageMeasure(
  ordinal: OrdinalPart,
  beta: Float64Array,
  points: readonly WeightedRow[],
  { weights }: Measure,
  estimability: Estimability,
): { value: number; gradient: Float64Array; reason: string | null } {
  const { places, shifts } = ordinal.nominal ?? { places: [], shifts: [] };
  const count = ordinal.thresholds.length;
  const first = count + shifts.length;
  const gradient = new Float64Array(first + beta.length - 1);
  const moveCut = (cut: number, by: number, row: Float64Array) => {
    gradient[cut]! += by;
    if (cut === 0) return;
    for (const [at, place] of places.entries()) {
      gradient[count + (cut - 1) * places.length + at]! += by * row[place]!;
    }
  };
  let value = 0;
  for (const { row, weight } of points) {
    const reason = estimability.reasonAgainst(row);
    if (reason !== null) return { value: Number.NaN, gradient, reason };
    const eta = dot(beta, row);
    const cuts = cutsAt(ordinal, row);
    if (areCrossed(cuts)) return { value: Number.NaN, gradient, reason: CROSSED };
    const { values, above, below } = gradeProbabilities(ordinal, cuts, eta);
    for (const [grade, score] of weights.entries()) {
      const share = weight * score;
      value += share * values[grade]!;
      if (grade < count) moveCut(grade, share * above[grade]!, row);
      if (grade > 0) moveCut(grade - 1, share * below[grade]!, row);
      const slope = -share * (above[grade]! + below[grade]!);
      for (let at = 1; at < beta.length; at++) gradient[first + at - 1]! += slope * row[at]!;
    }
  }
  return { value, gradient, reason: null };
}
