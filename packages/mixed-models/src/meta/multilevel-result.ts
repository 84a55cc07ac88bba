import type { UnidentifiedVariance } from "./identify";
import type { MetaData } from "./meta-data";
import type { RandomTerm } from "./random-terms";
import type { GroupWeights, MetaFit, MetaPrediction } from "./result";

/** Effects to be summarised, with what is known of their errors and what they share. */
export interface MultilevelData extends Omit<MetaData, "groups"> {
  /** The random effects; none leaves the model with fixed effects only. */
  readonly random: readonly RandomTerm[];
}

/** How a multilevel meta-analysis is fitted. */
export interface MultilevelOptions {
  /** Restricted (by default) or full maximum likelihood. */
  readonly method?: "REML" | "ML";
  /** `t` (by default) takes t with k - p degrees of freedom, `z` the normal distribution. */
  readonly interval?: "t" | "z";
  /** Coverage of the intervals, between 0 and 1; 0.95 by default. */
  readonly level?: number;
}

/** One variance of the random effects, in squared units of the effects. */
export interface MultilevelVariance {
  /** The term's name, with `: level` where it has several; names of variances that are one sum are joined by `+`. */
  readonly name: string;
  /** Names of the variances whose sum this is; its own name only where it stands alone. */
  readonly includes: readonly string[];
  readonly variance: number;
  /** Its square root, in the unit of the effects. */
  readonly sd: number;
  /** Whether the highest likelihood lies at 0, the bound. */
  readonly isZero: boolean;
  /** Number of groups, and of effects in them. */
  readonly groups: number;
  readonly effects: number;
}

/** A fitted multilevel meta-analysis. */
export interface MultilevelFit
  extends Omit<MetaFit, "method" | "interval" | "scale" | "heterogeneity" | "predict"> {
  readonly method: "REML" | "ML";
  readonly interval: "t" | "z";
  readonly variances: readonly MultilevelVariance[];
  /** Variances that the data cannot tell, and which were left out of the model or are part of a sum. */
  readonly unidentified: readonly UnidentifiedVariance[];
  /**
   * Says where the next true effect is expected: a combination of the coefficients and random effects that have not been seen.
   *
   * @param weights one a coefficient.
   * @param options `variances` are the weights of the random effects by the variances' names: 1 for one of a kind that is drawn anew, 1
   *   each where no term has several variances (the default), 0 for what stays.
   * @throws UserError as `contrast`; if a name is not that of a variance, or there are several of one term and none is named.
   */
  predict(
    weights: readonly number[],
    options?: { readonly variances?: GroupWeights },
  ): MetaPrediction;
}
