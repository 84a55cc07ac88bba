import type { MixedFit } from "../fit/result";

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
   * Minus twice the log-likelihood, of a linear model under ML. Of other families R's `deviance` leaves the random effects'
   * part out and is another number, so it is not given.
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
    edf: df,
    "df.residual": nobs - df,
  };
}
