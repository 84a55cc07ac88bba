// Wald's test of several coefficients at once, and its degrees of freedom: those of the residuals, or, for
// Satterthwaite's, those of Fai and Cornelius.

import { UserError } from "kit";
import { eigenvectors } from "../numerics/eigenvectors";
import { denominatorDfOf } from "../numerics/fai-cornelius";
import { fisherTail } from "../numerics/student-t";
import { combine, type Precision } from "./combination";
import type { MetaFit } from "./result";

/**
 * Tests that the coefficients are zero, all but the intercept where there is another one.
 *
 * @param covariance of the coefficients, p x p.
 * @param intercept number of the coefficient that stands for 1 in every row, or -1.
 */
export function testModerators(
  precision: Precision,
  covariance: readonly (readonly number[])[],
  intercept: number,
): MetaFit["moderatorTest"] {
  const names = precision.problem.names;
  const all = [...names.keys()];
  const tested = names.length > 1 ? all.filter((at) => at !== intercept) : all;
  const directions = eigenvectors(tested.map((i) => tested.map((j) => covariance[i]![j]!)));
  const parts = directions.map((direction) => {
    const weights = all.map((at) => (tested.includes(at) ? direction[tested.indexOf(at)]! : 0));
    return combine(precision, weights);
  });
  const sum = parts.reduce((total, part) => total + part.estimate ** 2 / part.variance, 0);
  if (!Number.isFinite(sum)) {
    throw new UserError(
      "the effects lie exactly on the fitted values, and Hartung-Knapp's standard errors are zero; ask for another interval, or for the truncated one",
    );
  }
  const df = tested.length;
  const coefficients = tested.map((at) => names[at]!);
  const denominatorDf = denominatorDfOf(parts.map((part) => part.df));
  const isChiSquare = denominatorDf === Number.POSITIVE_INFINITY;
  const p = fisherTail(sum / df, df, denominatorDf);
  return isChiSquare
    ? { kind: "chi-square", statistic: sum, df, denominatorDf, p, coefficients }
    : { kind: "F", statistic: sum / df, df, denominatorDf, p, coefficients };
}
