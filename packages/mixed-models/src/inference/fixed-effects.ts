import { mapCovariance } from "../fit/ordinal-part";
import type { MixedFit } from "../fit/result";

/** Fixed effects by the columns of the model matrix, with their covariance matrix, row-major. */
export interface FixedEffects {
  readonly beta: Float64Array;
  readonly covariance: Float64Array;
}

/** The fixed effects; a cumulative model's intercept is zero, which is where its thresholds are measured from. */
export function betaOf({ coefficients, ordinal }: MixedFit): Float64Array {
  const own = coefficients.map(({ estimate }) => estimate);
  return Float64Array.from(ordinal ? [0, ...own] : own);
}

/**
 * The fixed effects as marginal means take them: a cumulative model's intercept is minus the mean of its thresholds,
 * as in emmeans, so that the latent scale has its zero in the middle of them.
 */
export function effectsOfMeans(fit: MixedFit): FixedEffects {
  const { ordinal, covariance } = fit;
  const beta = betaOf(fit);
  if (!ordinal) return { beta, covariance };
  const { thresholds } = ordinal;
  const count = thresholds.length;
  beta[0] = -thresholds.reduce((sum, { estimate }) => sum + estimate, 0) / count;
  const first = count + (ordinal.nominal?.shifts.length ?? 0);
  const width = first + beta.length - 1;
  const rows = Array.from(beta, (_, at) => {
    const row = new Float64Array(width);
    if (at === 0) row.fill(-1 / count, 0, count);
    else row[first + at - 1] = 1;
    return row;
  });
  return { beta, covariance: mapCovariance(rows, ordinal.covariance) };
}
