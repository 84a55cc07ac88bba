import { contextOf, refuseNominalOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { hatValues } from "./hat-values";
import { predictFit } from "./predict";

/** What a fit says of one row that it used, under broom.mixed's names. */
export interface AugmentedRow {
  /** Number of the row in the table, from 1. */
  readonly ".rownames": number;
  /** Linear predictor with the conditional modes: log-odds for the binomial family. */
  readonly ".fitted": number;
  /**
   * What was observed less what is expected; the deviance residual for the binomial family, none for grades
   * (`quantileResiduals` has some).
   */
  readonly ".resid"?: number;
  /** Linear predictor without random effects. */
  readonly ".fixed": number;
  /** The expected response: a probability for the binomial family, the mean grade from 1 for grades. */
  readonly ".mu": number;
  /** What the row adds to its own fitted value; see `hatValues`. None for grades. */
  readonly ".hat"?: number;
  /** Cook's distance of the row, from its Pearson residual and its leverage; none for grades. */
  readonly ".cooksd"?: number;
}

/**
 * Says for each row of a fit what is fitted and what is left, as broom.mixed's `augment` does.
 *
 * @returns an entry for each row that the fit used, in the table's order; rows with a missing value have none.
 * @throws UserError for a copy of a fit.
 */
export function augmentFit(fit: MixedFit): AugmentedRow[] {
  const { data } = contextOf(fit);
  refuseNominalOf(fit, "linear predictor", "ask for the grades' probabilities");
  const fitted = predictFit(fit, { scale: "link" });
  const fixed = predictFit(fit, { scale: "link", randomEffects: false });
  const means = predictFit(fit);
  const hat = fit.family === "cumulative" ? undefined : hatValues(fit);
  const effects = fit.coefficients.length;
  return Array.from(fitted, (value, row) => {
    const [y, weight, mean] = [data.y[row]!, data.weights[row]!, means[row]!];
    const left = residualOf(fit.family, y, weight, mean);
    return {
      ".rownames": fit.design.usedRows[row]! + 1,
      ".fitted": value,
      ...(left === null ? {} : { ".resid": left }),
      ".fixed": fixed[row]!,
      ".mu": mean,
      ...(hat
        ? { ".hat": hat[row]!, ".cooksd": distanceOf(fit, y, weight, mean, hat[row]!, effects) }
        : {}),
    };
  });
}

/** What is left of an observed response; null for grades. */
export function residualOf(
  family: MixedFit["family"],
  y: number,
  weight: number,
  mean: number,
): number | null {
  if (family === "cumulative") return null;
  if (family === "gaussian") return y - mean;
  const part = (count: number, expected: number) =>
    count === 0 ? 0 : count * Math.log(count / expected);
  const deviance = part(y, weight * mean) + part(weight - y, weight * (1 - mean));
  return Math.sign(y - weight * mean) * Math.sqrt(Math.max(0, 2 * deviance));
}

function distanceOf(
  { family, sigma }: MixedFit,
  y: number,
  weight: number,
  mean: number,
  hat: number,
  effects: number,
): number {
  const pearson =
    family === "gaussian"
      ? ((y - mean) * Math.sqrt(weight)) / sigma
      : (y - weight * mean) / Math.sqrt(weight * mean * (1 - mean));
  return ((pearson / (1 - hat)) ** 2 * hat) / effects;
}
