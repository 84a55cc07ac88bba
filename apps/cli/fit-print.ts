import {
  digitsFor,
  type FitTable,
  formatDf,
  formatP,
  type Interval,
  type MarginalMean,
  type MeanContrast,
  type MeanContrasts,
  type MixedFit,
  varianceExplained,
} from "mixed-models";
import type { EquivalenceTests } from "mixed-models/hypotheses";
import type { FitAnswer } from "./fit-questions";
import { type Column, layOutTable, limitHeads } from "./table-columns";

/** An estimate as it is shown: on the scale that was asked for, null where the data do not determine it. */
export type Shown = Omit<Interval, "df"> | null;

/** The tables of an answer: means or slopes, then their contrasts. */
export function tablesOf(fit: MixedFit, answer: FitAnswer): FitTable[] {
  const { contrasts, equivalence } = answer;
  return [
    meansTable(fit, answer),
    ...(contrasts ? [contrastsTable(fit, answer, contrasts)] : []),
    ...(equivalence ? [equivalenceTable(fit, answer, equivalence)] : []),
  ];
}

/** Says how much of the variance the parts of a model explain. */
export function describeExplained(fit: MixedFit): string {
  const { r2Marginal, r2Conditional, iccAdjusted, iccUnadjusted } = varianceExplained(fit);
  const scale = fit.family === "gaussian" ? "" : ", on the scale of the linear predictor";
  const [marginal, conditional, adjusted, unadjusted] = [
    r2Marginal,
    r2Conditional,
    iccAdjusted,
    iccUnadjusted,
  ].map((share) => share.toFixed(3));
  return (
    `R² (Nakagawa): ${marginal} by fixed effects, ${conditional} with random effects; ` +
    `ICC: ${adjusted} adjusted, ${unadjusted} unadjusted${scale}.`
  );
}

/** What the numbers of an answer are: their name and unit. */
export function unitOf(fit: MixedFit, { slopeOf, scale }: FitAnswer): string {
  const { name } = fit.design.response;
  const unit = scaleOf(fit, scale);
  const of = unit === "" ? name : `${unit} of ${name}`;
  return slopeOf === undefined ? of : `${of} for each unit of ${slopeOf}`;
}

/** What differences between the numbers of an answer are. */
export function differenceUnitOf(fit: MixedFit, answer: FitAnswer): string {
  const unit = unitOf(fit, answer);
  return answer.scale === "difference" ? `difference in ${unit}` : unit;
}

/** What the numbers on a scale of a model are; empty for a response's own unit. */
export function scaleOf({ family, ordinal, link }: MixedFit, scale: FitAnswer["scale"]): string {
  if (family === "gaussian") return "";
  if (scale === "response" || scale === "difference" || scale === "ratio") return "probability";
  if (scale === "expected") return "expected grade";
  if (ordinal) return "latent scale";
  return link === "logit" ? "log-odds" : `${link} scale`;
}

/** A mean on the scale that was asked for. */
export function shownMean({ scale }: FitAnswer, mean: MarginalMean): Shown {
  const isResponse = scale === "response" || scale === "ratio";
  return isResponse && mean.response ? mean.response : known(mean);
}

/** A contrast on that scale: log-odds are compared by their odds ratio on the response's. */
export function shownContrast({ scale }: FitAnswer, contrast: MeanContrast): Shown {
  if (scale === "ratio" && contrast.ratio) return contrast.ratio;
  return scale === "response" && contrast.oddsRatio ? contrast.oddsRatio : known(contrast);
}

function known({ estimate, se, lower, upper }: MarginalMean | MeanContrast): Shown {
  if (estimate === null || se === null || lower === null || upper === null) return null;
  return { estimate, se, lower, upper };
}

/** What ratios the contrasts of an answer are shown as, and their logarithms; undefined where they are differences. */
export function ratiosOf({
  scale,
  means,
  slopeOf,
}: FitAnswer): { readonly shown: string; readonly tested: string } | undefined {
  if (slopeOf !== undefined) return undefined;
  if (scale === "response" && means.isLogOdds) return { shown: "odds ratio", tested: "log-odds" };
  if (scale !== "ratio") return undefined;
  const of = means.family === "gaussian" ? "means" : "probabilities";
  return { shown: `ratio of ${of}`, tested: `logarithms of ratios of ${of}` };
}

function meansTable(fit: MixedFit, answer: FitAnswer): FitTable {
  const { slopeOf, means } = answer;
  const { over, means: all, level } = means;
  const overAll = over.length > 0 ? ` over ${over.join(", ")}` : "";
  const kind = slopeOf === undefined ? "Marginal means" : `Slopes of ${slopeOf}`;
  const rows = all.map((mean) => ({ ...mean, shown: shownMean(answer, mean) }));
  return layOutTable(`${kind}${overAll} (${unitOf(fit, answer)})`, rows, [
    ...over.map((name): Column<MarginalMean> => [name, ({ levels }) => String(levels[name])]),
    ...estimateColumns(slopeOf === undefined ? "mean" : "slope"),
    hasDf(all) && ["df", ({ df }) => formatDf(df)],
    ...limitColumns(level),
    hasNotes(all) && ["note", ({ reason }) => reason ?? ""],
  ]);
}

function contrastsTable(
  fit: MixedFit,
  answer: FitAnswer,
  { contrasts: all, adjust, limits, level }: MeanContrasts,
): FitTable {
  const ratios = ratiosOf(answer);
  const what = answer.slopeOf === undefined ? "means" : `slopes of ${answer.slopeOf}`;
  const unit = ratios ? ratios.shown.replace("ratio", "ratios") : differenceUnitOf(fit, answer);
  const title = `Contrasts of ${what} (${unit}); adjustment of p: ${adjust}, of intervals: ${limits}`;
  const rows = all.map((one) => ({ ...one, shown: shownContrast(answer, one) }));
  return comparisonsTable(title, rows, ratios ? "ratio" : "estimate", level);
}

// Ratios are tested as logarithms, on which the margin is.
function equivalenceTable(
  fit: MixedFit,
  answer: FitAnswer,
  { tests, margin, side, adjust, level }: EquivalenceTests,
): FitTable {
  const unit = ratiosOf(answer)?.tested ?? differenceUnitOf(fit, answer);
  const title = `Tests of contrasts (${unit}) against a margin of ${margin}: ${side}; adjustment of p: ${adjust}`;
  const finite = (limit: number | null) => (Number.isFinite(limit) ? limit : null);
  const rows = tests.map((one) => {
    const { estimate, se, lower, upper } = one;
    return { ...one, shown: { estimate, se, lower: finite(lower), upper: finite(upper) } };
  });
  return comparisonsTable(title, rows, "estimate", side === "equivalent" ? 2 * level - 1 : level);
}

/** The numbers of a row as far as there are any. */
interface ShownRow {
  readonly shown: Readonly<Record<"estimate" | "se" | "lower" | "upper", number | null>> | null;
}

function comparisonsTable(
  title: string,
  all: readonly (Pick<MeanContrast, "name" | "by" | "df" | "z" | "p" | "reason"> & ShownRow)[],
  head: string,
  level: number,
): FitTable {
  const by = Object.keys(all[0]?.by ?? {});
  const isT = hasDf(all);
  return layOutTable(title, all, [
    ...by.map((name): Column<Pick<MeanContrast, "by">> => [name, (one) => String(one.by[name])]),
    ["contrast", ({ name }) => name],
    ...estimateColumns(head),
    isT && ["df", ({ df }) => formatDf(df)],
    [isT ? "t" : "z", ({ z }) => rounded(z, 2)],
    ["p", ({ p }) => (p === null || Number.isNaN(p) ? "" : formatP(p))],
    ...limitColumns(level),
    hasNotes(all) && ["note", ({ reason }) => reason ?? ""],
  ]);
}

function hasDf(all: readonly { readonly df?: number }[]): boolean {
  return all.some(({ df }) => df !== undefined);
}

function hasNotes(all: readonly { readonly reason: string | null }[]): boolean {
  return all.some(({ reason }) => reason !== null);
}

function estimateColumns(head: string): Column<ShownRow>[] {
  return [
    [head, ({ shown }) => rounded(shown?.estimate, digitsFor(shown?.se ?? 0))],
    ["se", ({ shown }) => rounded(shown?.se, digitsFor(shown?.se ?? 0))],
  ];
}

function limitColumns(level: number): Column<ShownRow>[] {
  const [from, to] = limitHeads(level);
  return [
    [from, ({ shown }) => rounded(shown?.lower, digitsFor(shown?.se ?? 0) - 1)],
    [to, ({ shown }) => rounded(shown?.upper, digitsFor(shown?.se ?? 0) - 1)],
  ];
}

// Slopes that the model makes equal have a difference of exactly zero, and no statistic.
function rounded(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || Number.isNaN(value) ? "" : value.toFixed(digits);
}
