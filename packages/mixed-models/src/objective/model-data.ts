import type { Patterns } from "../numerics/patterns";
import type { BinomialLink } from "./binomial-link";
import type { GradeScale } from "./grade-scale";

/** Nominal columns, and their values at each row. */
export interface NominalColumns {
  /** Their places among the columns of the fixed effects, ascending. */
  readonly places: readonly number[];
  /** rows x places; rows that agree share their thresholds. */
  readonly patterns: Patterns;
  /** Of each nominal term of factors alone its first column among the fixed effects, and the one after the last. */
  readonly factors: readonly (readonly [number, number])[];
}

/** A grouping factor with the columns that vary over its levels; all terms that share the factor. */
export interface RandomGroup {
  /** Name of the grouping factor, such as `dialogue` or `class:school`. */
  readonly name: string;
  /** Number of levels. */
  readonly levels: number;
  /** Number of columns per level: 1 for a random intercept, 2 with one random slope. */
  readonly columns: number;
  /** Level of each row, from 0. */
  readonly index: Int32Array;
  /** Values of the columns, rows x columns, row-major. */
  readonly values: Float64Array;
  /**
   * The free entries of the relative covariance factor, a lower triangular matrix of columns x columns, in
   * the order in which they stand in theta; entries not listed are zero.
   */
  readonly entries: readonly FactorEntry[];
}

/** One free entry of a relative covariance factor. */
export interface FactorEntry {
  readonly row: number;
  readonly column: number;
}

/** How the response is distributed around its mean. */
export type Family = "gaussian" | "binomial" | "cumulative";

/** Everything that the objective of a mixed model depends on, besides its parameters. */
export interface ModelData {
  readonly family: Family;
  readonly rows: number;
  /** Response; for the binomial family the number of successes, for the cumulative one the grade from 0. */
  readonly y: Float64Array;
  /** Number of trials (binomial) or prior weight of each row. */
  readonly weights: Float64Array;
  /** Fixed-effects model matrix, rows x fixedColumns. */
  readonly fixed: Patterns;
  readonly fixedColumns: number;
  /** Known part of the linear predictor, one value a row; none by default. */
  readonly offset?: Float64Array;
  readonly groups: readonly RandomGroup[];
  /** The grades and their thresholds; for the cumulative family only. */
  readonly scale?: GradeScale;
  /** The columns on which the gaps between thresholds depend, `scale.nominal` of them; none by default. */
  readonly nominal?: NominalColumns;
  /** For the binomial family only; the logit by default. */
  readonly link?: BinomialLink;
}
