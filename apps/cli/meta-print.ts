import { type FitTable, formatP, significant } from "mixed-models";
/** A prediction and what it is for. */
import type { MetaFit, MetaPrediction } from "mixed-models/meta";
export interface NamedPrediction extends MetaPrediction {
  readonly name: string;
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
export function layOutMeta(fit: MetaFit, predictions: readonly NamedPrediction[]): MetaSheet {
  const { method, interval, effects } = fit;
  return {
    heading: [`Meta-analysis of ${effects} effects (${METHODS[method]})`],
    warnings: fit.warnings,
    tables: [
      coefficients(fit),
      ...(method === "FE" ? [] : [heterogeneity(fit)]),
      tests(fit),
      predicted(fit, predictions),
    ],
    footer: [
      `Intervals: ${INTERVALS[interval]}. Log-likelihood: ${fit.logLik.toFixed(3)}.`,
      ...(method === "FE" ? [] : [describeTau(fit)]),
    ],
  };
}

function describeTau({ heterogeneity }: MetaFit): string {
  return `Intervals of tau: ${heterogeneity[0]?.tauInterval}. I2: share of the variance that lies between true effects.`;
}

function limits({ level }: MetaFit): [string, string] {
  return [`${Number((100 * level).toFixed(4))} % from`, "to"];
}

function coefficients(fit: MetaFit): FitTable {
  return {
    title: "Coefficients",
    columns: [
      "name",
      "estimate",
      "se",
      "df",
      fit.interval === "z" ? "z" : "t",
      "p",
      ...limits(fit),
    ],
    rows: fit.coefficients.map(({ name, estimate, se, df, statistic, p, lower, upper }) => [
      name,
      ...[estimate, se].map((value) => value.toFixed(4)),
      writeDf(df),
      statistic.toFixed(2),
      formatP(p),
      ...[lower, upper].map((value) => value.toFixed(3)),
    ]),
  };
}

function writeDf(df: number): string {
  if (df === Number.POSITIVE_INFINITY) return "";
  return Math.abs(df - Math.round(df)) < 1e-9 ? String(Math.round(df)) : df.toFixed(1);
}

function heterogeneity(fit: MetaFit): FitTable {
  return {
    title: "Heterogeneity between true effects",
    columns: ["group", "effects", "tau2", "tau", ...limits(fit), "I2"],
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

function tests({ q, moderatorTest: m }: MetaFit): FitTable {
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

function predicted(fit: MetaFit, predictions: readonly NamedPrediction[]): FitTable {
  return {
    title: "Means, and where the next true effect is expected",
    columns: ["at", "mean", "se", ...limits(fit), "next from", "to"],
    rows: predictions.map(
      ({ name, estimate, se, lower, upper, predictionLower, predictionUpper }) => [
        name,
        ...[estimate, se].map((value) => value.toFixed(4)),
        ...[lower, upper, predictionLower, predictionUpper].map((value) => value.toFixed(3)),
      ],
    ),
  };
}
