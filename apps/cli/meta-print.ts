import { type FitTable, formatP, significant } from "mixed-models";
import type { MetaEstimate, MetaFit, MultilevelFit, RobustEstimate } from "mixed-models/meta";

/** A mean and what it is of; with the limits of the next effect where the model has them. */
export interface NamedPrediction extends MetaEstimate {
  readonly name: string;
  readonly predictionLower?: number;
  readonly predictionUpper?: number;
}

/** What a printed meta-analysis says, in order. */
export interface MetaSheet {
  readonly heading: readonly string[];
  readonly warnings: readonly string[];
  readonly tables: readonly FitTable[];
  readonly footer: readonly string[];
}

const METHODS: Readonly<Record<MetaFit["method"], string>> = {
  REML: "restricted maximum likelihood",
  ML: "maximum likelihood",
  FE: "fixed effects: no variance between true effects",
  DL: "DerSimonian and Laird's moments",
  PM: "Paule and Mandel's moments",
};

const INTERVALS: Readonly<Record<MetaFit["interval"], string>> = {
  "hartung-knapp": "Hartung and Knapp's, t with residual degrees of freedom",
  satterthwaite: "t with Satterthwaite's degrees of freedom",
  t: "t with residual degrees of freedom",
  z: "the normal distribution's",
};

/** Lays a meta-analysis out for printing. */
export function layOutMeta(
  fit: MetaFit | MultilevelFit,
  predictions: readonly NamedPrediction[],
): MetaSheet {
  const { method, interval, effects } = fit;
  const kind = "variances" in fit ? "Multilevel meta-analysis" : "Meta-analysis";
  return {
    heading: [`${kind} of ${effects} effects (${METHODS[method]})`],
    warnings: fit.warnings,
    tables: [
      estimatesTable("Coefficients", fit.coefficients, fit.level),
      ...spreadTables(fit),
      tests(fit),
      predicted(fit, predictions),
    ],
    footer: [
      `Intervals: ${INTERVALS[interval]}. Log-likelihood: ${fit.logLik.toFixed(3)}.`,
      ...describeSpread(fit),
    ],
  };
}

function spreadTables(fit: MetaFit | MultilevelFit): FitTable[] {
  if ("variances" in fit) return fit.variances.length > 0 ? [variances(fit)] : [];
  return fit.method === "FE" ? [] : [heterogeneity(fit)];
}

function describeSpread(fit: MetaFit | MultilevelFit): string[] {
  if ("variances" in fit || fit.method === "FE") return [];
  const [first] = fit.heterogeneity;
  return [
    `Intervals of tau: ${first?.tauInterval}. I2: share of the variance that lies between true effects.`,
  ];
}

/** Names of an interval's columns. */
export function limitNames(level: number): [string, string] {
  return [`${Number((100 * level).toFixed(4))} % from`, "to"];
}

/** An estimate as rows of tables have it: with its test and limits, empty where there are none. */
export function estimateCells(one: MetaEstimate | RobustEstimate): string[] {
  return [
    one.estimate.toFixed(4),
    fixed(one.se, 4),
    one.df === null ? "" : writeDf(one.df),
    fixed(one.statistic, 2),
    one.p === null ? "" : formatP(one.p),
    fixed(one.lower, 3),
    fixed(one.upper, 3),
  ];
}

/** Names of their columns. */
export function estimateColumns(
  all: readonly Pick<RobustEstimate, "df">[],
  level: number,
): string[] {
  const isNormal = all.every(({ df }) => df === Number.POSITIVE_INFINITY);
  return ["estimate", "se", "df", isNormal ? "z" : "t", "p", ...limitNames(level)];
}

/** A table of named estimates; warnings of single ones are notes. */
export function estimatesTable(
  title: string,
  all: readonly ((MetaEstimate & { readonly name: string }) | RobustEstimate)[],
  level: number,
): FitTable {
  const notes = all.map((one) => ("warning" in one ? (one.warning ?? "") : ""));
  const hasNotes = notes.some((note) => note !== "");
  return {
    title,
    columns: ["name", ...estimateColumns(all, level), ...(hasNotes ? ["note"] : [])],
    rows: all.map((one, at) => [
      one.name,
      ...estimateCells(one),
      ...(hasNotes ? [notes[at] as string] : []),
    ]),
  };
}

/** A number with so many decimals; empty where there is none. */
export function fixed(value: number | null, digits: number): string {
  return value === null ? "" : value.toFixed(digits);
}

function writeDf(df: number): string {
  if (df === Number.POSITIVE_INFINITY) return "";
  return Math.abs(df - Math.round(df)) < 1e-9 ? String(Math.round(df)) : df.toFixed(1);
}

function heterogeneity(fit: MetaFit): FitTable {
  return {
    title: "Heterogeneity between true effects",
    columns: ["group", "effects", "tau2", "tau", ...limitNames(fit.level), "I2"],
    rows: fit.heterogeneity.map(({ group, effects, tau2, tau, tauLower, tauUpper, i2 }) => [
      group,
      String(effects),
      significant(tau2),
      significant(tau),
      ...[tauLower, tauUpper].map((limit) => (limit === null ? "none" : significant(limit))),
      i2 === null ? "" : `${i2.toFixed(1)} %`,
    ]),
  };
}

function variances({ variances: all }: MultilevelFit): FitTable {
  return {
    title: "Variances between true effects",
    columns: ["of", "groups", "effects", "variance", "sd"],
    rows: all.map(({ name, groups, effects, variance, sd }) => [
      name,
      String(groups),
      String(effects),
      significant(variance),
      significant(sd),
    ]),
  };
}

function tests({ q, moderatorTest: m }: MetaFit | MultilevelFit): FitTable {
  const below = m.kind === "F" ? writeDf(m.denominatorDf) : "";
  return {
    title: "Tests",
    columns: ["of", "statistic", "value", "df", "of residuals", "p"],
    rows: [
      ["no heterogeneity", "Q", q.statistic.toFixed(3), String(q.df), "", formatP(q.p)],
      [
        m.coefficients.join(", "),
        m.kind,
        m.statistic.toFixed(3),
        String(m.df),
        below,
        formatP(m.p),
      ],
    ],
  };
}

function predicted(
  { level }: Pick<MetaFit, "level">,
  predictions: readonly NamedPrediction[],
): FitTable {
  const hasNext = predictions.some(({ predictionLower }) => predictionLower !== undefined);
  return {
    title: hasNext ? "Means, and where the next true effect is expected" : "Means",
    columns: ["at", "mean", "se", ...limitNames(level), ...(hasNext ? ["next from", "to"] : [])],
    rows: predictions.map((one) => [
      one.name,
      ...[one.estimate, one.se].map((value) => value.toFixed(4)),
      ...[one.lower, one.upper].map((value) => value.toFixed(3)),
      ...(hasNext
        ? [one.predictionLower, one.predictionUpper].map((value) => fixed(value ?? null, 3))
        : []),
    ]),
  };
}
