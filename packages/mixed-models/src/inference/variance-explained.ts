// Intraclass correlations and R2: Nakagawa, Johnson and Schielzeth 2017 (doi.org/10.1098/rsif.2017.0213),
// with the variance of the latent variable that the link stands for.
import { refuseNominalOf } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { timesWeights } from "../numerics/patterns";
import { meanOf, sumOf } from "../numerics/vectors";
import { gradeLinkOf } from "../objective/binomial-link";
import { LATENT } from "../objective/latent";
import { betaOf } from "./fixed-effects";

/** How much of the variance the parts of a model explain; proportions of the whole. */
export interface VarianceExplained {
  /** Share of each grouping factor's variance in what the fixed effects leave (adjusted ICC). */
  readonly icc: Readonly<Record<string, number>>;
  /** Share of all grouping factors together in what the fixed effects leave. */
  readonly iccAdjusted: number;
  /** Their share in the whole. */
  readonly iccUnadjusted: number;
  /** Share of the fixed effects. */
  readonly r2Marginal: number;
  /** Share of fixed and random effects together. */
  readonly r2Conditional: number;
}

/** Computes intraclass correlations and R2 on the scale of the linear predictor. */
export function varianceExplained(fit: MixedFit): VarianceExplained {
  refuseNominalOf(fit, "variance of the fixed effects", "leave nominal out");
  const random = groupVariances(fit);
  const total = sumOf(Object.values(random));
  const residual = latentVariance(fit);
  const fixed = fixedVariance(fit);
  const whole = fixed + total + residual;
  const icc = Object.fromEntries(
    Object.entries(random).map(([group, value]) => [group, value / (total + residual)]),
  );
  return {
    icc,
    iccAdjusted: total / (total + residual),
    iccUnadjusted: total / whole,
    r2Marginal: fixed / whole,
    r2Conditional: (fixed + total) / whole,
  };
}

// Mean over the rows of z' Sigma z, which is the variance where there are intercepts only (Johnson 2014,
// doi.org/10.1111/2041-210X.12225).
function groupVariances({ design, variances }: MixedFit): Record<string, number> {
  const sums: Record<string, number> = {};
  const seen = new Map<string, number>();
  for (const { group, names, Z } of design.random) {
    const own = names.map((name) => {
      const nth = seen.get(`${group} ${name}`) ?? 0;
      seen.set(`${group} ${name}`, nth + 1);
      return variances.filter((one) => one.group === group && one.name === name)[nth];
    });
    const width = names.length;
    const covariance = (i: number, j: number): number => {
      const [low, high] = i < j ? [i, j] : [j, i];
      if (low === high) return own[low]!.variance;
      const corr = own[high]?.corr;
      const value = typeof corr === "number" ? corr : ((corr ?? [])[low] ?? 0);
      return value * own[low]!.sd * own[high]!.sd;
    };
    let sum = 0;
    for (let at = 0; at < Z.length; at += width) {
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          sum += Z[at + i]! * Z[at + j]! * (covariance(i, j) || 0);
        }
      }
    }
    sums[group] = (sums[group] ?? 0) + sum / (Z.length / width);
  }
  return sums;
}

function latentVariance({ family, sigma, ordinal, link }: MixedFit): number {
  if (family === "gaussian") return sigma ** 2;
  return LATENT[ordinal?.link ?? gradeLinkOf(link)].variance;
}

function fixedVariance(fit: MixedFit): number {
  const values = timesWeights(fit.design.fixed.patterns, betaOf(fit));
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
