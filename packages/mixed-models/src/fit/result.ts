import type { Design } from "../design/design";
import type { BinomialLink } from "../objective/binomial-link";
import type { GradeLink } from "../objective/grade-density";
import type { Thresholds } from "../objective/grade-scale";
import type { Family } from "../objective/model-data";

/** One fixed effect, on the scale of the linear predictor. */
export interface Coefficient {
  /** As R names it. */
  readonly name: string;
  readonly estimate: number;
  readonly se: number;
  /** Estimate over standard error; a t statistic where there is `df`. */
  readonly z: number;
  /** Degrees of freedom of Student's t; without them, `p` and limits are by the standard normal distribution. */
  readonly df?: number;
  /** Two-sided. */
  readonly p: number;
  /** Limits of the 95 % Wald interval. */
  readonly lower: number;
  readonly upper: number;
}

/** How well the variance of an estimate is known: for each, degrees of freedom of its t statistic. */
export interface DegreesOfFreedom {
  readonly method: "Satterthwaite" | "Kenward-Roger";
  /** @param weights of the coefficients in the estimate; more than there are coefficients are not read. */
  of(weights: ArrayLike<number>): number;
  /** @param rows the coefficients' weights in each of some linearly independent estimates, which are zero together. */
  joint(rows: readonly Float64Array[]): FisherTest;
}

/** A test by Fisher's F distribution. */
export interface FisherTest {
  readonly f: number;
  /** Number of estimates that are tested together. */
  readonly numeratorDf: number;
  readonly denominatorDf: number;
}

/** One variance component. */
export interface VarianceComponent {
  /** Grouping factor; `Residual` for the residual variance. */
  readonly group: string;
  /** Name of the column; empty for the residual variance. */
  readonly name: string;
  readonly variance: number;
  readonly sd: number;
  /**
   * Correlation with the column before it in the same term; a list where there are several, null where
   * there is none.
   */
  readonly corr: number | readonly number[] | null;
}

/** Something about a fit that its reader must know: what it means and what to do. */
export interface Warning {
  readonly kind:
    | "not-converged"
    | "unidentified"
    | "singular"
    | "far-from-zero"
    | "separation"
    | "dropped-columns"
    | "dropped-grades"
    | "dropped-rows"
    | "standard-errors";
  readonly message: string;
}

/** The modes of one random term, given the estimates. */
export interface ConditionalModes {
  readonly group: string;
  readonly names: readonly string[];
  readonly levels: readonly string[];
  /** levels x names, row-major, on the scale of the linear predictor. */
  readonly modes: Float64Array;
  /** Standard deviations of the modes, likewise; given the estimates. */
  readonly sd: Float64Array;
}

/** What a cumulative model has besides coefficients: it has no intercept, its thresholds take that place. */
export interface OrdinalPart {
  /** From the lowest; only those that were given. */
  readonly grades: readonly string[];
  readonly link: GradeLink;
  readonly kind: Thresholds;
  /** Between each two grades, such as `Bad|Okay`; on the scale of the linear predictor, where it is without intercept. */
  readonly thresholds: readonly Coefficient[];
  /** Distance of neighbouring thresholds, where they are equidistant. */
  readonly spacing: Coefficient | null;
  /** Of a model with nominal terms: then `thresholds` are those where the nominal columns are 0. */
  readonly nominal?: NominalPart;
  /** Covariance matrix of the thresholds, then the nominal columns' `shifts`, then the coefficients, row-major. */
  readonly covariance: Float64Array;
}

/** Effects that differ from threshold to threshold. */
export interface NominalPart {
  /** Places of the nominal columns in `design.fixed.names`. */
  readonly places: readonly number[];
  /**
   * For each nominal column its effect at each threshold, such as `kindbad at 2|3`: what it adds to the linear predictor there. That at
   * the first threshold is the column's coefficient.
   */
  readonly effects: readonly Coefficient[];
  /** By how much each later threshold moves, besides, for a unit of each column: (thresholds - 1) x columns, row-major. */
  readonly shifts: Float64Array;
}

/** What a binomial model gives the chance of, and how often it came. */
export interface Modelled {
  /** Such as `answer = yes`, `er >= 1` or `cbind(s, f)`. */
  readonly name: string;
  readonly successes: number;
  readonly trials: number;
}

/** A fitted mixed model. */
export interface MixedFit {
  readonly formula: string;
  readonly family: Family;
  /** `ML` or `REML`. */
  readonly method: "ML" | "REML";
  /** How the random effects are integrated out: `exact`, `Laplace` or `adaptive quadrature, n nodes`. */
  readonly integration: string;
  readonly converged: boolean;
  /** Whether a variance is estimated as zero or a correlation as one. */
  readonly singular: boolean;
  readonly warnings: readonly Warning[];
  /** Of a cumulative model without intercept, and of nominal columns at the first threshold; see `ordinal`. */
  readonly coefficients: readonly Coefficient[];
  /** For the binomial family only. */
  readonly modelled?: Modelled;
  /** For the binomial family only; of a cumulative model see `ordinal`. */
  readonly link?: BinomialLink;
  /** The thresholds; for the cumulative family only. */
  readonly ordinal?: OrdinalPart;
  /** Covariance matrix of the coefficients, row-major. */
  readonly covariance: Float64Array;
  readonly variances: readonly VarianceComponent[];
  /** Residual standard deviation; 1 where the family has none. */
  readonly sigma: number;
  /** Relative covariance parameters, in lme4's order. */
  readonly theta: Float64Array;
  readonly logLik: number;
  readonly minusTwoLogLik: number;
  readonly aic: number;
  /** AIC with the small-sample correction of Hurvich and Tsai. */
  readonly aicc: number;
  readonly bic: number;
  /** Number of estimated parameters. */
  readonly df: number;
  readonly nobs: number;
  /** Number of levels of each grouping factor. */
  readonly levels: Readonly<Record<string, number>>;
  readonly seMethod: string;
  /** Of tests and intervals by Student's t; absent where they are by the normal distribution. See `satterthwaite`. */
  readonly degreesOfFreedom?: DegreesOfFreedom;
  /** Length of the objective's gradient at the estimates, with covariates in standard units. */
  readonly gradientNorm: number;
  /** Values of the objective, in the order in which the search saw them. */
  readonly evaluations: readonly number[];
  /** Time that the search and the standard errors took, in milliseconds. */
  readonly fitMs: number;
  /** What the fit was asked for besides formula and data. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly design: Design;
  /** Computes the conditional modes with their standard deviations. */
  conditionalModes(): ConditionalModes[];
}
