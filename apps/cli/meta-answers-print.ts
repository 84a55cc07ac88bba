import { type FitTable, significant } from "mixed-models";
import type {
  EffectInfluence,
  EggerTest,
  LeftOut,
  MetaFit,
  MultilevelFit,
  RobustTests,
} from "mixed-models/meta";
import { estimateColumns, estimatesTable, fixed } from "./meta-print";
import type { MetaAnswers } from "./meta-questions";
import { type Column, layOutTable } from "./table-columns";

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
  return layOutTable("Influence of each effect (* beyond metafor's limits)", all, [
    ["effect", ({ label }) => label],
    ["residual", ({ residual }) => threeDigits(residual)],
    ["DFFITS", ({ dffits }) => threeDigits(dffits)],
    ["Cook's distance", ({ cooksDistance }) => threeDigits(cooksDistance)],
    ["covariance ratio", ({ covarianceRatio }) => threeDigits(covarianceRatio)],
    ["tau2 without", ({ tau2 }) => (tau2 === null ? "" : significant(tau2))],
    ["Q without", ({ q }) => threeDigits(q)],
    ["hat", ({ hat }) => threeDigits(hat)],
    ["weight", ({ weight }) => `${weight.toFixed(1)} %`],
    ...coefficients.map(({ name }, at): Column<EffectInfluence> => {
      return [`DFBETAS ${name}`, ({ dfbetas }) => threeDigits(dfbetas?.[at] ?? null)];
    }),
    ["influential", ({ isInfluential }) => (isInfluential ? "*" : "")],
    all.some(({ problem }) => problem !== null) && ["note", ({ problem }) => problem ?? ""],
  ]);
}

function leftOutTable(all: readonly LeftOut<MetaFit | MultilevelFit>[], level: number): FitTable {
  const isMean = all.every((one) => (one.estimates?.length ?? 1) === 1);
  const rows = all.flatMap((one) => {
    const [notes, spread] = [notesOf(one), spreadOf(one.fit)];
    const estimates = one.estimates ?? [null];
    return estimates.map((own, at) => ({ ...one, own, spread, note: notes[at] ?? "" }));
  });
  const spread = [...new Set(rows.flatMap((row) => [...row.spread.keys()]))];
  type Row = (typeof rows)[number];
  return layOutTable("Without each in turn", rows, [
    ["without", ({ left }) => left],
    ["effects", ({ effects }) => String(effects)],
    !isMean && ["name", ({ own }) => own?.name ?? ""],
    ...estimateColumns(level, rows, ({ own }) => own),
    ...spread.map((name): Column<Row> => {
      return [
        name,
        (row) => {
          const variance = row.spread.get(name);
          return variance === undefined ? "" : significant(variance);
        },
      ];
    }),
    ["Q", ({ fit }) => threeDigits(fit?.q.statistic ?? null)],
    ["Cook's distance", ({ cooksDistance }) => threeDigits(cooksDistance)],
    rows.some(({ note }) => note !== "") && ["note", ({ note }) => note],
  ]);
}

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
