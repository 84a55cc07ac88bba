// Compares fits with R's: how far they are apart, and whether that is within the bounds.
import {
  type Coefficient,
  type FitOptions,
  fitMixed,
  type MixedFit,
  type Table,
} from "mixed-models";
import type { Model, Reference } from "./reference";

/** How far a fit is from the reference; every number but the first is the largest of its kind. */
export interface Differences {
  /** Ours minus the reference's. */
  readonly logLik: number;
  /** Of a coefficient, in standard errors. */
  readonly coefficient: number;
  /** Of a standard error, relative. */
  readonly se: number;
  /** Of a variance component's standard deviation, relative. */
  readonly sd: number;
  /** Of a correlation of random effects. */
  readonly correlation: number;
  /** Of a conditional mode, in residual standard deviations (Gaussian) or logits. */
  readonly mode: number;
}

/** The largest differences that pass. */
export interface Bounds {
  readonly reason: string;
  /** How far logLik may lie below the reference, and above. */
  readonly logLikBelow: number;
  readonly logLikAbove: number | null;
  readonly coefficient: number;
  readonly se: number;
  readonly sd: number;
  readonly correlation: number;
  readonly mode: number;
}

/** For grouping factors that are not crossed. */
export const UNCROSSED: Bounds = {
  reason:
    "lme4 and glmmTMB, fitted to the limit of their precision, agree to 1e-6 in logLik, and lme4's own " +
    "estimate of its distance from the optimum is below 1e-4 standard errors",
  logLikBelow: 1e-5,
  logLikAbove: 1e-5,
  coefficient: 1e-4,
  se: 1e-4,
  sd: 1e-4,
  correlation: 1e-4,
  mode: 1e-4,
};

/** For crossed grouping factors. */
export const CROSSED: Bounds = {
  reason:
    "with crossed factors the deviance is flatter and other optimisers stop farther away: a difference of " +
    "0.002 standard errors or 0.5 % of one is below what a reader of three digits sees; a higher logLik is a " +
    "better optimum",
  logLikBelow: 1e-3,
  logLikAbove: null,
  coefficient: 0.002,
  se: 0.005,
  sd: 0.002,
  correlation: 0.002,
  mode: 0.002,
};

/**
 * Standard deviations below this share of the residual one count as zero: lme4 stops at 0, others just
 * above, and relative differences mean nothing there.
 */
export const LEAST_SD = 1e-3;

/** For the cumulative family. */
export const CUMULATIVE: Bounds = {
  ...CROSSED,
  reason:
    "clmm ends where the gradient is below 1e-4 and takes standard errors from differences of its own " +
    "log-likelihood, in which 0.5 % is their noise; a higher logLik is a better optimum",
};

/** What a model's differences may be. */
export function boundsOf({ family, crossed }: Model): Bounds {
  if (family === "cumulative") return CUMULATIVE;
  return crossed ? CROSSED : UNCROSSED;
}

/** One model's comparison. */
export interface Comparison {
  readonly id: string;
  readonly rows: number;
  readonly ms: number;
  readonly differences: Differences;
  /** What exceeds its bound, or why there is no comparison; empty where all is well. */
  readonly faults: readonly string[];
}

/** The options that fit a model of models.json. */
export function optionsOf(model: Model): FitOptions {
  const { family, method, nAGQ: nodes, link, thresholds, weights } = model;
  return {
    family,
    method,
    nodes,
    ...(link ? { link } : {}),
    ...(thresholds ? { thresholds } : {}),
    ...(weights ? { weights } : {}),
  };
}

/** Fits a model and compares it; a fit that throws is a fault, not an end. */
export function compareModel(
  model: Model,
  reference: Reference,
  table: Table,
  levels: FitOptions["levels"] = {},
): Comparison {
  const started = performance.now();
  try {
    const fit = fitMixed(model.formula, table, { ...optionsOf(model), levels });
    const ms = performance.now() - started;
    const differences = findDifferences(fit, reference);
    const faults = findFaults(differences, boundsOf(model));
    if (fit.nobs !== reference.nobs) faults.push(`${fit.nobs} rows instead of ${reference.nobs}`);
    if (!fit.converged) faults.push("not converged");
    return { id: model.id, rows: fit.nobs, ms, differences, faults };
  } catch (error) {
    return noComparison(model.id, (error as Error).message);
  }
}

/** The row of a model that could not be compared. */
export function noComparison(id: string, fault: string): Comparison {
  const nan = Number.NaN;
  const differences = {
    logLik: nan,
    coefficient: nan,
    se: nan,
    sd: nan,
    correlation: nan,
    mode: nan,
  };
  return { id, rows: nan, ms: nan, differences, faults: [fault] };
}

/** How far a fit is from a reference; NaN where the fit lacks what the reference has. */
export function findDifferences(fit: MixedFit, reference: Reference): Differences {
  const own = reference.coefficients.map(({ name }) =>
    estimatesOf(fit).find((one) => one.name === name),
  );
  const isSameCount = estimatesOf(fit).length === reference.coefficients.length;
  const coefficients = reference.coefficients.map(
    ({ estimate, se }, at) => ((own[at]?.estimate ?? Number.NaN) - estimate) / se,
  );
  return {
    logLik: fit.logLik - reference.logLik,
    coefficient: isSameCount ? largest(coefficients) : Number.NaN,
    se: largest(reference.coefficients.map(({ se }, at) => (own[at]?.se ?? Number.NaN) / se - 1)),
    sd: largest([fit.sigma / reference.sigma - 1, ...sdDifferences(fit, reference)]),
    correlation: largest(correlationDifferences(fit, reference)),
    mode: largest(modeDifferences(fit, reference)),
  };
}

// As clmm lists them: equidistant thresholds are the first one and the spacing.
function estimatesOf({ coefficients, ordinal }: MixedFit): readonly Coefficient[] {
  if (!ordinal) return coefficients;
  const { thresholds, spacing } = ordinal;
  return [...(spacing ? [...thresholds.slice(0, 1), spacing] : thresholds), ...coefficients];
}

function sdDifferences(fit: MixedFit, { sds, sigma }: Reference): number[] {
  return sds.map(([group, name, sd]) => {
    const own = fit.variances.find((one) => one.group === group && one.name === name);
    return ((own?.sd ?? Number.NaN) - sd) / Math.max(sd, LEAST_SD * sigma);
  });
}

// A correlation with a standard deviation of zero is undefined in both programs.
function correlationDifferences(fit: MixedFit, reference: Reference): number[] {
  const { correlations, sds, sigma } = reference;
  const isZero = (group: string, name: string) =>
    sds.some(([one, column, sd]) => one === group && column === name && sd < LEAST_SD * sigma);
  return correlations
    .filter(([group, first, second]) => !isZero(group, first) && !isZero(group, second))
    .map(([group, first, second, corr]) => correlationOf(fit, group, first, second) - corr);
}

function correlationOf(fit: MixedFit, group: string, first: string, second: string): number {
  const members = fit.variances.filter((one) => one.group === group);
  const position = members.findIndex(({ name }) => name === first);
  const { corr = null } = members.find(({ name }) => name === second) ?? {};
  if (corr === null || position < 0) return Number.NaN;
  return typeof corr === "number" ? corr : (corr[position] ?? Number.NaN);
}

function modeDifferences(fit: MixedFit, { modes, sigma }: Reference): number[] {
  const terms = fit.conditionalModes();
  return modes.map(([group, name, level, mode]) => {
    const term = terms.find((one) => one.group === group && one.names.includes(name));
    if (!term) return Number.NaN;
    const row = term.levels.indexOf(level);
    const own = term.modes[row * term.names.length + term.names.indexOf(name)] ?? Number.NaN;
    return (own - mode) / sigma;
  });
}

// NaN if any is NaN, so that what is missing cannot pass.
function largest(values: readonly number[]): number {
  return Math.max(0, ...values.map(Math.abs));
}

/** What exceeds its bound. */
export function findFaults(found: Differences, bounds: Bounds): string[] {
  const { logLikBelow, logLikAbove } = bounds;
  const faults: string[] = [];
  const check = (name: string, value: number, bound: number) => {
    if (!(value <= bound)) faults.push(`${name} ${value.toExponential(1)} exceeds ${bound}`);
  };
  check("logLik below by", -found.logLik, logLikBelow);
  if (logLikAbove !== null) check("logLik above by", found.logLik, logLikAbove);
  for (const kind of ["coefficient", "se", "sd", "correlation", "mode"] as const) {
    check(kind, found[kind], bounds[kind]);
  }
  return faults;
}
