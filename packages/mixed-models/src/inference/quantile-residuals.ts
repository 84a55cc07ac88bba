// Randomised quantile residuals: Dunn and Smyth 1996 (doi.org/10.1080/10618600.1996.10474708).
import { createGenerator } from "kit";
import { contextOf } from "../fit/fit-context";
import type { MixedFit, OrdinalPart } from "../fit/result";
import { upperQuantile } from "../numerics/normal";
import { sumOf } from "../numerics/vectors";
import { gradeProbabilities } from "./grade-probabilities";
import { linearPredictors, predictFit } from "./predict";
import { cutsOfRows } from "./row-cuts";

/**
 * Computes residuals that are standard normal where the model holds, given the random effects.
 *
 * For counts and grades, each residual is drawn from the part of the normal distribution that belongs to the observed
 * value, so the seed decides about them.
 *
 * @returns one value for each row of the fit.
 */
export function quantileResiduals(fit: MixedFit, seed: number): Float64Array {
  const { data, parameters } = contextOf(fit);
  const { ordinal } = fit;
  const means = ordinal ? linearPredictors(fit, {}) : predictFit(fit);
  const cuts = ordinal && cutsOfRows({ design: fit.design, ordinal });
  const generator = createGenerator(seed);
  return means.map((mean, row) => {
    const y = data.y[row]!;
    const weight = data.weights[row]!;
    if (fit.family === "gaussian") return ((y - mean) * Math.sqrt(weight)) / parameters.sigma;
    const below =
      ordinal && cuts ? gradesBelow(y, ordinal, cuts(row), mean) : binomialBelow(y, weight, mean);
    const probability = below.strictly + generator.uniform() * below.at;
    return -upperQuantile(Math.min(Math.max(probability, 1e-16), 1 - 1e-16));
  });
}

// Probability of a lower grade, and of that one.
function gradesBelow(grade: number, ordinal: OrdinalPart, cuts: Float64Array, eta: number) {
  const { values } = gradeProbabilities(ordinal, cuts, eta);
  const strictly = sumOf(values.subarray(0, grade));
  return { strictly, at: values[grade]! };
}

// Probability of fewer successes, and of exactly so many.
function binomialBelow(successes: number, trials: number, p: number) {
  const q = 1 - p;
  let at = q ** trials;
  let strictly = 0;
  for (let k = 0; k < successes; k++) {
    strictly += at;
    at *= ((trials - k) / (k + 1)) * (p / q);
  }
  return { strictly, at };
}
