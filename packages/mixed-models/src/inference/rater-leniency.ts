import { UserError } from "kit";
import { fitMixed } from "../fit/fit-mixed";
import type { FitOptions } from "../fit/fit-options";
import type { MixedFit } from "../fit/result";
import { quadraticForm } from "../numerics/matrices";
import { twoSided, upperQuantile } from "../numerics/normal";
import { studentQuantile, studentTwoSided } from "../numerics/student-t";
import { dot } from "../numerics/vectors";
import { compareFits, type LikelihoodRatio } from "./compare-fits";
import type { UnitRating } from "./generalizability";
import { type Interval, limits } from "./linear-estimate";
import { satterthwaite } from "./satterthwaite";

/** How far a rater rates above the mean of all raters, units being equal. */
export interface Leniency extends Interval {
  readonly rater: string;
  /** Two-sided. */
  readonly p: number;
}

/** How lenient raters are. */
export interface LeniencyStudy {
  /** `log-odds` of a higher rating, by a cumulative model; or the ratings' own `points`, by a linear one. */
  readonly unit: "log-odds" | "points";
  readonly fit: MixedFit;
  /** 95 % intervals. */
  readonly raters: readonly Leniency[];
  /** Of all raters being alike. */
  readonly test: LikelihoodRatio;
}

// As many as a cumulative model takes for grades.
const MOST_GRADES = 20;

/**
 * Estimates how lenient raters are, with units as random effects, so that raters of easy units are not taken for lenient ones.
 *
 * Ratings of up to 20 whole steps are grades of a cumulative logit model, others numbers of a linear one.
 *
 * @param raters in the order in which they are listed, each with a rating; by default that of the rows.
 * @throws UserError if there are fewer than two raters, or the model cannot be estimated.
 */
export function raterLeniency(
  ratings: readonly UnitRating[],
  raters: readonly string[] = [...new Set(ratings.map(({ rater }) => rater))],
): LeniencyStudy {
  if (raters.length < 2) {
    throw new UserError(`leniency needs two raters; there is ${raters.length}`);
  }
  const values = new Set(ratings.map(({ rating }) => rating));
  const isGraded = values.size <= MOST_GRADES && [...values].every(Number.isInteger);
  const options: FitOptions = isGraded
    ? { family: "cumulative" }
    : { family: "gaussian", method: "ML" };
  const rated = fitMixed("rating ~ rater + (1 | unit)", ratings, {
    ...options,
    contrasts: "sum",
    levels: { rater: raters },
  });
  const alike = fitMixed("rating ~ 1 + (1 | unit)", ratings, options);
  return {
    unit: isGraded ? "log-odds" : "points",
    fit: rated,
    raters: deviationsOf(isGraded ? rated : satterthwaite(rated), raters),
    test: compareFits(alike, rated),
  };
}

// Sum coding gives all raters but the last a coefficient: how far each is from their mean. The last one's is what brings the sum to 0.
function deviationsOf(fit: MixedFit, raters: readonly string[]): Leniency[] {
  const { coefficients, covariance, degreesOfFreedom } = fit;
  const size = coefficients.length;
  const first = size - (raters.length - 1);
  const estimates = coefficients.map((one) => one.estimate);
  return raters.map((rater, at) => {
    const isLast = at === raters.length - 1;
    const weights = Float64Array.from(coefficients, (_, column) => {
      if (column < first) return 0;
      if (isLast) return -1;
      return column === first + at ? 1 : 0;
    });
    const estimate = dot(weights, estimates);
    const se = Math.sqrt(quadraticForm(covariance, size, weights));
    const df = degreesOfFreedom?.of(weights);
    const critical = df === undefined ? upperQuantile(0.025) : studentQuantile(0.025, df);
    const p = df === undefined ? twoSided(estimate / se) : studentTwoSided(estimate / se, df);
    return {
      rater,
      p,
      ...limits(df === undefined ? { estimate, se } : { estimate, se, df }, critical),
    };
  });
}
