import { type FitTable, significant } from "mixed-models";
import type {
  EffectInfluence,
  EggerTest,
  LeftOut,
  MetaFit,
  MultilevelFit,
  RobustTests,
} from "mixed-models/meta";
import { estimateCells, estimateColumns, estimatesTable, fixed } from "./meta-print";
import type { MetaAnswers } from "./meta-questions";

/** The tables of what was asked besides the fit. */
export function answerTables(
  { robust, egger, influence, leftOut }: MetaAnswers,
  { level, coefficients }: Pick<MetaFit, "level" | "coefficients">,
): FitTable[] {
  return [
    ...(robust ? [robustTable(robust)] : []),
    ...(egger ? [eggerTable(egger, level)] : []),
    ...(influence ? [influenceTable(influence, coefficients)] : []),
    ...(leftOut ? [leftOutTable(leftOut, level)] : []),
  ];
}

function robustTable({ type, clusters, contrasts, level }: RobustTests): FitTable {
  const title = `Cluster-robust tests (${type}, Satterthwaite's degrees of freedom, ${clusters} clusters)`;
  return estimatesTable(title, contrasts, level);
}

function eggerTable({ model, slope, limit }: EggerTest, level: number): FitTable {
  const kind = model === "classic" ? "Egger's weighted regression" : "in the model above";
  const rows = [
    { ...slope, name: "slope of the standard error" },
    ...(limit ? [{ ...limit, name: "effect at a standard error of 0" }] : []),
  ];
  return estimatesTable(`Egger's test of a lopsided funnel (${kind})`, rows, level);
}

function influenceTable(
  all: readonly EffectInfluence[],
  coefficients: MetaFit["coefficients"],
): FitTable {
  const problems = all.some(({ problem }) => problem !== null);
  return {
    title: "Influence of each effect (* beyond metafor's limits)",
    columns: [
      "effect",
      "residual",
      "DFFITS",
      "Cook's distance",
      "covariance ratio",
      "tau2 without",
      "Q without",
      "hat",
      "weight",
      ...coefficients.map(({ name }) => `DFBETAS ${name}`),
      "influential",
      ...(problems ? ["note"] : []),
    ],
    rows: all.map((one) => [
      one.label,
      ...[one.residual, one.dffits, one.cooksDistance, one.covarianceRatio].map(threeDigits),
      one.tau2 === null ? "" : significant(one.tau2),
      ...[one.q, one.hat].map(threeDigits),
      `${one.weight.toFixed(1)} %`,
      ...coefficients.map((_, at) => threeDigits(one.dfbetas?.[at] ?? null)),
      one.isInfluential ? "*" : "",
      ...(problems ? [one.problem ?? ""] : []),
    ]),
  };
}

function leftOutTable(all: readonly LeftOut<MetaFit | MultilevelFit>[], level: number): FitTable {
  const estimates = all.flatMap((one) => one.estimates ?? []);
  const isMean = all.every((one) => (one.estimates?.length ?? 1) === 1);
  const spread = [...new Set(all.flatMap(({ fit }) => [...spreadOf(fit).keys()]))];
  const notes = all.map(notesOf);
  const hasNotes = notes.flat().some((note) => note !== "");
  return {
    title: "Without each in turn",
    columns: [
      "without",
      "effects",
      ...(isMean ? [] : ["name"]),
      ...estimateColumns(estimates, level),
      ...spread,
      "Q",
      "Cook's distance",
      ...(hasNotes ? ["note"] : []),
    ],
    rows: all.flatMap(({ left, effects, fit, estimates: own, cooksDistance }, at) => {
      const found = spreadOf(fit);
      return (own ?? [null]).map((one, row) => [
        left,
        String(effects),
        ...(isMean ? [] : [one?.name ?? ""]),
        ...(one ? estimateCells(one) : NOTHING),
        ...spread.map((name) => (found.has(name) ? significant(found.get(name) as number) : "")),
        ...[fit?.q.statistic ?? null, cooksDistance].map(threeDigits),
        ...(hasNotes ? [notes[at]?.[row] ?? ""] : []),
      ]);
    }),
  };
}

const NOTHING = ["", "", "", "", "", "", ""];

// The variances between true effects, by name.
function spreadOf(fit: MetaFit | MultilevelFit | null): ReadonlyMap<string, number> {
  if (!fit) return new Map();
  if ("variances" in fit) {
    return new Map(fit.variances.map(({ name, variance }) => [`variance of ${name}`, variance]));
  }
  if (fit.method === "FE") return new Map();
  const isOne = fit.heterogeneity.length === 1;
  return new Map(
    fit.heterogeneity.map(({ group, tau2 }) => [isOne ? "tau2" : `tau2 of ${group}`, tau2]),
  );
}

// One a row: what concerns the whole fit stands in its first.
function notesOf({ problem, warnings, estimates }: LeftOut<unknown>): string[] {
  if (!estimates) return [problem ?? ""];
  return estimates.map((one, at) => {
    const own = "warning" in one && one.warning ? [one.warning] : [];
    return [...(at === 0 ? warnings : []), ...own].join(" ");
  });
}

function threeDigits(value: number | null): string {
  return fixed(value, 3);
}
