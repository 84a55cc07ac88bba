/** Effects to be summarised, with what is known of their errors. */
export interface MetaData {
  /** k estimates of effects, all in one unit. */
  readonly effects: readonly number[];
  /** Their sampling variances (k), or their whole sampling covariance matrix (k x k), taken as known. */
  readonly covariance: readonly number[] | readonly (readonly number[])[];
  /** Design of the meta-regression: p names, k rows of p numbers. By default an intercept only. */
  readonly moderators?: {
    readonly names: readonly string[];
    readonly rows: readonly (readonly number[])[];
  };
  /** k labels: each group has a variance between true effects of its own. By default all are one group. */
  readonly groups?: readonly string[];
  /** k names of the effects, for messages and figures; by default their numbers, from 1. */
  readonly labels?: readonly string[];
}

/**
 * How the variances between true effects are estimated: restricted or full maximum likelihood, none (`FE`), by
 * DerSimonian and Laird's moments (`DL`) or Paule and Mandel's (`PM`), the last two for one group only.
 */
export type MetaMethod = "REML" | "ML" | "FE" | "DL" | "PM";

/** How standard errors become intervals and tests. */
export type MetaInterval = "hartung-knapp" | "satterthwaite" | "t" | "z";

/** How a meta-analysis is fitted. */
export interface MetaOptions {
  /** `REML` by default. */
  readonly method?: MetaMethod;
  /**
   * By default `hartung-knapp` for one group and `satterthwaite` for several; `z` under `FE`, where no variance is
   * estimated.
   */
  readonly interval?: MetaInterval;
  /** Coverage of the intervals, between 0 and 1; 0.95 by default. */
  readonly level?: number;
  /** Whether the Hartung-Knapp factor is kept from falling below 1; false by default. */
  readonly truncated?: boolean;
  /** Whether to find the intervals of tau, which take most of a fit's time; true by default. */
  readonly tauIntervals?: boolean;
}
