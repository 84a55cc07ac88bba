import { checkChoice, UserError } from "kit";
import type { RowValues } from "../design/model-row";
import { contextOf, refuseNominalOf } from "../fit/fit-context";
import type { ConditionalModes, MixedFit, OrdinalPart } from "../fit/result";
import { timesWeights } from "../numerics/patterns";
import { dot } from "../numerics/vectors";
import { inverseLink } from "../objective/binomial-link";
import { betaOf } from "./fixed-effects";
import { gradeProbabilities } from "./grade-probabilities";
import { checkRows, offsetOfRow } from "./new-rows";
import { cutsOfRows } from "./row-cuts";

/** What is predicted and how; every field has a default. */
export interface PredictOptions {
  /** New rows, by the table's columns; the rows of the fit by default. A value that is missing is null. */
  readonly rows?: readonly RowValues[];
  /**
   * Scale of the result: `link` (log-odds for the binomial family) or `response`, the default. For the cumulative
   * family `link` is the linear predictor that the thresholds are compared with, `response` the expected grade, from 1;
   * `predictGrades` gives probabilities and classes.
   */
  readonly scale?: "link" | "response";
  /** Whether the conditional modes of the groups are part of the prediction; true by default. */
  readonly randomEffects?: boolean;
  /**
   * What to do with a group that the fit has not seen: refuse it (the default), or take its effects as zero,
   * their mean.
   */
  readonly newLevels?: "refuse" | "zero";
}

/**
 * Predicts from a fit, for its own rows or for new ones.
 *
 * On the response scale a prediction without random effects is that of a group whose effects are zero; it is not
 * the mean over groups.
 *
 * @returns one value a row; NaN if a value that the model reads is missing.
 * @throws UserError if a new row has no value for a column at all, or its group is new and `newLevels` is `"refuse"`; for the
 *   scale `link` of a fit with nominal terms, which has none; where those put a new row's thresholds out of order.
 */
export function predictFit(fit: MixedFit, options: PredictOptions = {}): Float64Array {
  const { rows, scale = "response" } = options;
  checkChoice("scale", scale, ["link", "response"]);
  const { ordinal } = fit;
  if (scale === "link") refuseNominalOf(fit, "linear predictor", "ask for the scale response");
  const eta = linearPredictors(fit, options);
  if (fit.family === "gaussian" || scale === "link") return eta;
  if (!ordinal) return eta.map((value) => inverseLink(fit.link, value));
  const cuts = cutsOfRows({ design: fit.design, ordinal }, rows);
  return eta.map((value, row) => {
    return Number.isNaN(value) ? value : expectedGrade(ordinal, cuts(row), value);
  });
}

/** The linear predictor of each row; of a model with nominal terms, that at the first threshold. */
export function linearPredictors(
  fit: MixedFit,
  options: Omit<PredictOptions, "scale">,
): Float64Array {
  const { rows, randomEffects = true } = options;
  checkChoice("newLevels", options.newLevels, ["refuse", "zero"]);
  if (rows === undefined) return predictOwn(fit, randomEffects);
  checkRows(rows);
  return predictNew(fit, rows, options);
}

function expectedGrade(ordinal: OrdinalPart, cuts: Float64Array, eta: number): number {
  const { values } = gradeProbabilities(ordinal, cuts, eta);
  return values.reduce((sum, probability, grade) => sum + (grade + 1) * probability, 0);
}

function predictOwn(fit: MixedFit, randomEffects: boolean): Float64Array {
  const { design } = fit;
  const beta = betaOf(fit);
  const fixed = timesWeights(design.fixed.patterns, beta);
  const { offset } = contextOf(fit).data;
  const eta = offset ? fixed.map((value, row) => value + offset[row]!) : fixed;
  if (!randomEffects) return eta;
  for (const [term, modes] of modesByTerm(fit).entries()) {
    const { index, Z, names } = design.random[term]!;
    for (let row = 0; row < eta.length; row++) {
      const first = index[row]! * names.length;
      const own = modes.modes.subarray(first, first + names.length);
      eta[row] = eta[row]! + dot(own, Z.subarray(row * names.length));
    }
  }
  return eta;
}

function predictNew(
  fit: MixedFit,
  rows: readonly RowValues[],
  { randomEffects = true, newLevels = "refuse" }: PredictOptions,
): Float64Array {
  const { design } = fit;
  const beta = betaOf(fit);
  const terms = randomEffects ? modesByTerm(fit) : [];
  const offset = offsetOfRow(fit);
  return Float64Array.from(rows, (values, row) => {
    let eta = dot(beta, design.fixed.rowFor(values)) + (offset ? offset(values, row) : 0);
    for (const [term, { modes, names, group }] of terms.entries()) {
      const { level, place, z } = design.random[term]!.rowFor(values);
      if (Number.isNaN(place)) eta = Number.NaN;
      else if (place >= 0) {
        eta += dot(z, modes.subarray(place * names.length));
      } else if (newLevels === "refuse") {
        throw new UserError(
          `row ${row + 1}: '${level}' is not among the levels of '${group}' that were fitted; say ` +
            "newLevels: 'zero' to predict for a new group with effects of zero",
        );
      }
    }
    return eta;
  });
}

// The modes come in lme4's order of terms; the design's terms in that of the formula.
function modesByTerm(fit: MixedFit): ConditionalModes[] {
  const left = fit.conditionalModes();
  return fit.design.random.map(({ group, names }) => {
    const place = left.findIndex((one) => one.group === group && one.names.join() === names.join());
    return left.splice(place, 1)[0]!;
  });
}
