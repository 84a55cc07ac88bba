import { type FitTable, formatP, significant } from "mixed-models";
import type { MetaEstimate, MetaFit, MultilevelFit, RobustEstimate } from "mixed-models/meta";
import { type Column, layOutTable, limitHeads } from "./table-columns";

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

/** Columns of an estimate with its test and limits; empty where there are none, or where there is no estimate. */
export function estimateColumns<Row>(
  level: number,
  rows: readonly Row[],
  estimateOf: (row: Row) => MetaEstimate | RobustEstimate | null,
): Column<Row>[] {
  const isNormal = rows.every((row) => {
    const one = estimateOf(row);
    return one === null || one.df === Number.POSITIVE_INFINITY;
  });
  const column = (
    head: string,
    cell: (one: MetaEstimate | RobustEstimate) => string,
  ): Column<Row> => {
    return [
      head,
      (row) => {
        const one = estimateOf(row);
        return one ? cell(one) : "";
      },
    ];
  };
  const [from, to] = limitHeads(level);
  return [
    column("estimate", ({ estimate }) => estimate.toFixed(4)),
    column("se", ({ se }) => fixed(se, 4)),
    column("df", ({ df }) => (df === null ? "" : writeDf(df))),
    column(isNormal ? "z" : "t", ({ statistic }) => fixed(statistic, 2)),
    column("p", ({ p }) => (p === null ? "" : formatP(p))),
    column(from, ({ lower }) => fixed(lower, 3)),
    column(to, ({ upper }) => fixed(upper, 3)),
  ];
}

/** A table of named estimates; warnings of single ones are notes. */
export function estimatesTable(
  title: string,
  all: readonly ((MetaEstimate & { readonly name: string }) | RobustEstimate)[],
  level: number,
): FitTable {
  const noteOf = (one: MetaEstimate | RobustEstimate) =>
    ("warning" in one ? one.warning : "") ?? "";
  return layOutTable(title, all, [
    ["name", ({ name }) => name],
    ...estimateColumns(level, all, (one) => one),
    all.some((one) => noteOf(one) !== "") && ["note", noteOf],
  ]);
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
  const limit = (tau: number | null) => (tau === null ? "none" : significant(tau));
  const [from, to] = limitHeads(fit.level);
  return layOutTable("Heterogeneity between true effects", fit.heterogeneity, [
    ["group", ({ group }) => group],
    ["effects", ({ effects }) => String(effects)],
    ["tau2", ({ tau2 }) => significant(tau2)],
    ["tau", ({ tau }) => significant(tau)],
    [from, ({ tauLower }) => limit(tauLower)],
    [to, ({ tauUpper }) => limit(tauUpper)],
    ["I2", ({ i2 }) => (i2 === null ? "" : `${i2.toFixed(1)} %`)],
  ]);
}

function variances({ variances: all }: MultilevelFit): FitTable {
  return layOutTable("Variances between true effects", all, [
    ["of", ({ name }) => name],
    ["groups", ({ groups }) => String(groups)],
    ["effects", ({ effects }) => String(effects)],
    ["variance", ({ variance }) => significant(variance)],
    ["sd", ({ sd }) => significant(sd)],
  ]);
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
  const title = hasNext ? "Means, and where the next true effect is expected" : "Means";
  const [from, to] = limitHeads(level);
  return layOutTable(title, predictions, [
    ["at", ({ name }) => name],
    ["mean", ({ estimate }) => estimate.toFixed(4)],
    ["se", ({ se }) => se.toFixed(4)],
    [from, ({ lower }) => lower.toFixed(3)],
    [to, ({ upper }) => upper.toFixed(3)],
    hasNext && ["next from", ({ predictionLower }) => fixed(predictionLower ?? null, 3)],
    hasNext && ["to", ({ predictionUpper }) => fixed(predictionUpper ?? null, 3)],
  ]);
}
