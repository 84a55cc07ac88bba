import type { MixedFit } from "./result";

/** One table of a printed fit; cells are texts already rounded. */
export interface FitTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a printed fit says, in order: sentences, then tables. */
export interface FitSheet {
  readonly heading: readonly string[];
  /** What the reader must know first: what it means, and what to do. */
  readonly warnings: readonly string[];
  readonly tables: readonly FitTable[];
  readonly footer: readonly string[];
}

/** Lays a fit out for printing, as R's `summary` does; the formats differ in dress only. */
export function layOutFit(fit: MixedFit): FitSheet {
  const groups = Object.entries(fit.levels).map(([name, count]) => `${name} ${count}`);
  return {
    heading: [describeMethod(fit), `Formula: ${fit.formula}`],
    warnings: fit.warnings.map(({ message }) => message),
    tables: [criteria(fit), randomEffects(fit), fixedEffects(fit)],
    footer: [
      `Observations: ${fit.nobs}; levels: ${groups.join(", ")}.`,
      `Standard errors: ${fit.seMethod}. Gradient at the end: ${fit.gradientNorm.toExponential(1)}, ` +
        `after ${fit.evaluations.length} evaluations.`,
    ],
  };
}

function describeMethod({ family, method, integration }: MixedFit): string {
  const by = method === "REML" ? "REML" : "maximum likelihood";
  return family === "gaussian"
    ? `Linear mixed model fitted by ${by}`
    : `Binomial mixed model (logit link) fitted by ${by} (${integration})`;
}

function criteria(fit: MixedFit): FitTable {
  const values = [fit.aic, fit.aicc, fit.bic, fit.logLik, fit.minusTwoLogLik];
  return {
    title: fit.method === "REML" ? "Fit (criteria from the REML likelihood)" : "Fit",
    columns: ["AIC", "AICc", "BIC", "logLik", "-2 logLik", "parameters"],
    rows: [[...values.map((value) => value.toFixed(1)), String(fit.df)]],
  };
}

function randomEffects(fit: MixedFit): FitTable {
  const hasCorrelation = fit.variances.some(({ corr }) => corr !== null);
  const columns = ["group", "name", "variance", "sd", ...(hasCorrelation ? ["corr"] : [])];
  const rows = fit.variances.map(({ group, name, variance, sd, corr }) => {
    const correlations = corr === null ? [] : typeof corr === "number" ? [corr] : corr;
    const shown = correlations.map((value) => value.toFixed(2)).join(" ");
    return [
      group,
      name,
      significant(variance),
      significant(sd),
      ...(hasCorrelation ? [shown] : []),
    ];
  });
  return { title: "Random effects", columns, rows };
}

function fixedEffects(fit: MixedFit): FitTable {
  return {
    title: fit.family === "binomial" ? "Fixed effects (log-odds)" : "Fixed effects",
    columns: ["name", "estimate", "se", "z", "p", "95 % from", "to"],
    rows: fit.coefficients.map(({ name, estimate, se, z, p, lower, upper }) => [
      name,
      ...[estimate, se].map((value) => value.toFixed(4)),
      z.toFixed(2),
      formatP(p),
      ...[lower, upper].map((value) => value.toFixed(3)),
    ]),
  };
}

/** Writes a probability as papers do. */
export function formatP(p: number): string {
  return p < 0.0001 ? "<.0001" : p.toFixed(4);
}

function significant(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6
    ? value.toPrecision(4)
    : value.toExponential(2);
}
