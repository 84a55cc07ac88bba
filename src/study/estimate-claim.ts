import { marginalMeans } from "../mixed/marginal-means";
import { upperQuantile } from "../mixed/normal-quantile";
import type { MixedFit } from "../mixed/result";
import { type Claim, familiesOf, weightOf } from "./claim";

/** A claim's contrast as a model estimates it, in log-odds. */
export interface ClaimEstimate {
  readonly estimate: number;
  readonly se: number;
  /** Limits of the 95 % Wald interval. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Estimates a claim's contrast of marginal means, averaged over turns with equal weights.
 *
 * @param fit a model with the factors `family` and `sentiment`.
 * @returns null where the model has no replies of one of the families or sentiments.
 */
export function estimateClaim(fit: MixedFit, claim: Claim): ClaimEstimate | null {
  const means = marginalMeans(fit, { over: ["family", "sentiment"] });
  const present = new Set(means.means.map(({ levels }) => levels.family));
  if (familiesOf(claim).some((family) => !present.has(family))) return null;
  const sentiments = new Set(means.means.map(({ levels }) => levels.sentiment)).size;
  const row = new Float64Array(fit.coefficients.length);
  for (const [at, { levels }] of means.means.entries()) {
    const weight = weightOf(
      claim.contrast,
      String(levels.family),
      String(levels.sentiment),
      sentiments,
    );
    // A mean that cannot be estimated has no row to add.
    if (weight === 0) continue;
    for (const [column, value] of (means.rows[at] as Float64Array).entries()) {
      row[column] = (row[column] as number) + weight * value;
    }
  }
  const found = means.estimate(row);
  if (found.reason !== null) return null;
  const { estimate, se } = found;
  const reach = upperQuantile(0.025) * se;
  return { estimate, se, lower: estimate - reach, upper: estimate + reach };
}
