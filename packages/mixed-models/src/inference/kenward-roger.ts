// Kenward and Roger 1997 (doi.org/10.2307/2533558): a covariance matrix of the fixed effects that allows for the variances' being
// estimated, and the F distribution that comes nearest to a Wald statistic with it; as pbkrtest computes both (Halekoh and
// Hojsgaard 2014, doi.org/10.18637/jss.v059.i09), for any prior weights. docs/mixed-models.md, "Degrees of freedom".
import { UserError } from "kit";
import { contextOf, keepContext } from "../fit/fit-context";
import { mapCovariance } from "../fit/ordinal-part";
import type { DegreesOfFreedom, FisherTest, MixedFit } from "../fit/result";
import { factorise, invertFactored } from "../numerics/cholesky";
import { matrixProduct, quadraticForm, rowOf } from "../numerics/matrices";
import { type Adjusted, adjustCovariance } from "./adjusted-covariance";
import { betaOf } from "./fixed-effects";
import { testByStudent } from "./student-tests";
import { waldStatistic } from "./wald";

/**
 * Tests a linear model's coefficients with Kenward and Roger's covariance matrix and degrees of freedom, as pbkrtest does.
 *
 * Standard errors grow by what the variances' being estimated adds. Marginal means, slopes, contrasts, joint tests and prints of the
 * fit that is returned follow it. Cost: the square of the number of random effects, and the cube of the number of those of all grouping
 * factors but the largest.
 *
 * Such as `kenwardRoger(fitMixed("y ~ x + (1 | g)", table)).coefficients[1]?.df`.
 *
 * @param fit a linear fit by REML.
 * @returns the same fit; its coefficients have `df`, their new standard errors, and `p` and 95 % limits by Student's t.
 * @throws UserError if the fit is not Gaussian or not by REML, or needs more memory than the fit was allowed.
 */
export function kenwardRoger(fit: MixedFit): MixedFit {
  refuseOthers(fit);
  const context = contextOf(fit);
  const adjustment = adjustCovariance(context, fit.sigma ** 2);
  const { covariance } = adjustment;
  const size = fit.coefficients.length;
  const coefficients = fit.coefficients.map((one, at) => {
    const se = Math.sqrt(covariance[at * (size + 1)]!);
    return { ...one, se, z: one.estimate / se };
  });
  const adjusted = { ...fit, coefficients, covariance, seMethod: SE_METHOD };
  return keepContext(testByStudent(adjusted, degreesOf(adjusted, adjustment)), context);
}

const SE_METHOD = "Kenward and Roger's, which allow for the variance parameters' being estimated";

function refuseOthers({ family, method }: MixedFit): void {
  if (family === "gaussian" && method === "REML") return;
  const found =
    family === "gaussian"
      ? "fitted by ML; fit by REML, or use Satterthwaite's"
      : `${family}, whose tests are normal`;
  throw new UserError(
    `Kenward and Roger's degrees of freedom are for linear models by REML; this one is ${found}`,
  );
}

function degreesOf(
  fit: MixedFit,
  { given, slopes, directionCovariance }: Adjusted,
): DegreesOfFreedom {
  const size = fit.coefficients.length;
  const effects = { beta: betaOf(fit), covariance: fit.covariance };
  return {
    method: "Kenward-Roger",
    of: (weights) => {
      const variance = quadraticForm(given, size, weights);
      const shares = slopes.map((slope) => quadraticForm(slope, size, weights) / variance);
      return 2 / sumOver(directionCovariance, (i, j) => shares[i]! * shares[j]!);
    },
    joint: (rows) => {
      const relative = slopes.map((slope) => relativeTo(rows, given, slope));
      const count = rows.length;
      const trace = relative.map((one) => one.reduce((sum, row, at) => sum + row[at]!, 0));
      return scaledTest(waldStatistic(effects, rows), count, {
        first: sumOver(directionCovariance, (i, j) => trace[i]! * trace[j]!),
        second: sumOver(directionCovariance, (i, j) => traceOfProduct(relative[i]!, relative[j]!)),
      });
    },
  };
}

function sumOver(
  weights: readonly (readonly number[])[],
  of: (i: number, j: number) => number,
): number {
  let sum = 0;
  for (const [i, row] of weights.entries()) {
    for (const [j, weight] of row.entries()) sum += weight * of(i, j);
  }
  return sum;
}

// (L Phi L')^-1 L S L' for a slope S.
function relativeTo(
  rows: readonly Float64Array[],
  given: Float64Array,
  slope: Float64Array,
): number[][] {
  const count = rows.length;
  const factor = mapCovariance(rows, given);
  factorise(factor, count);
  const product = matrixProduct(invertFactored(factor, count), count, mapCovariance(rows, slope));
  return rows.map((_, i) => Array.from(rowOf(product, i, count)));
}

function traceOfProduct(left: number[][], right: number[][]): number {
  return left.reduce((sum, row, i) => {
    return sum + row.reduce((own, value, j) => own + value * right[j]![i]!, 0);
  }, 0);
}

/** Sums over the directions: of products of traces, and of traces of products. */
interface TraceSums {
  readonly first: number;
  readonly second: number;
}

// The scale and the degrees of freedom of the F variable whose mean and variance the statistic has (Kenward and Roger 1997,
// section 3.1); exact in the cases in which an exact F test is known.
function scaledTest(wald: number, q: number, { first, second }: TraceSums): FisherTest {
  const b = (first + 6 * second) / (2 * q);
  const g = ((q + 1) * first - (q + 4) * second) / ((q + 2) * second);
  const divisor = 3 * q + 2 * (1 - g);
  const top = 1 + (g / divisor) * b;
  const left = 1 - ((q - g) / divisor) * b;
  const right = 1 - ((q + 2 - g) / divisor) * b;
  const mean = 1 - second / q;
  const ratio = Math.abs(mean) < TINY && Math.abs(left) < TINY ? 1 : mean / left;
  const rho = (ratio ** 2 * (Math.abs(top) < 1e-10 ? 0 : top)) / right / q;
  const denominatorDf = 4 + (q + 2) / (q * rho - 1);
  const isBare = Math.abs(denominatorDf - 2) < 1e-2;
  const scale = isBare ? 1 : (denominatorDf * mean) / (denominatorDf - 2);
  return { f: (scale * wald) / q, numeratorDf: q, denominatorDf };
}

const TINY = 1e-14;
