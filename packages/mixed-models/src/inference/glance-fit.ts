import { contextOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { residualOf } from "./augment-fit";
import { predictFit } from "./predict";

/** A fit in one line, under broom.mixed's names. */
export interface Glance {
  /** Number of rows. */
  readonly nobs: number;
  /** Residual standard deviation; 1 for the binomial family, none for grades. */
  readonly sigma?: number;
  readonly logLik: number;
  readonly AIC: number;
  readonly BIC: number;
  /** Minus twice the restricted log-likelihood, under REML. */
  readonly REMLcrit?: number;
  /**
   * Minus twice the log-likelihood, of a linear model under ML. Of a binomial one, as in R, the sum of squared deviance residuals
   * given the random effects, which is another number than `minusTwoLogLik`. None for grades.
   */
  readonly deviance?: number;
  /** Number of estimated parameters. */
  readonly edf: number;
  /** `nobs` less `edf`. */
  readonly "df.residual": number;
}

/** Sums a fit up in one line, as broom.mixed's `glance` does. */
export function glanceFit(fit: MixedFit): Glance {
  const { nobs, sigma, logLik, aic, bic, minusTwoLogLik, df, family, method } = fit;
  const isLinear = family === "gaussian";
  return {
    nobs,
    ...(family === "cumulative" ? {} : { sigma }),
    logLik,
    AIC: aic,
    BIC: bic,
    ...(isLinear && method === "REML" ? { REMLcrit: minusTwoLogLik } : {}),
    ...(isLinear && method === "ML" ? { deviance: minusTwoLogLik } : {}),
    ...(family === "binomial" ? { deviance: conditionalDeviance(fit) } : {}),
    edf: df,
    "df.residual": nobs - df,
  };
}

function conditionalDeviance(fit: MixedFit): number {
  const { data } = contextOf(fit);
  const means = predictFit(fit);
  return means.reduce((sum, mean, row) => {
    return sum + (residualOf(fit.family, data.y[row]!, data.weights[row]!, mean) ?? 0) ** 2;
  }, 0);
}
