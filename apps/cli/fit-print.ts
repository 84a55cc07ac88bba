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
  const [df, notes] = [hasDf(all), hasNotes(all)];
  const overAll = over.length > 0 ? ` over ${over.join(", ")}` : "";
  const kind = slopeOf === undefined ? "Marginal means" : `Slopes of ${slopeOf}`;
  return {
    title: `${kind}${overAll} (${unitOf(fit, answer)})`,
    columns: [
      ...over,
      slopeOf === undefined ? "mean" : "slope",
      "se",
      ...(df ? ["df"] : []),
      ...limitNames(level),
      ...(notes ? ["note"] : []),
    ],
    rows: all.map((mean) => {
      const shown = shownMean(answer, mean);
      return [
        ...over.map((name) => String(mean.levels[name])),
        ...estimateAndError(shown),
        ...(df ? [formatDf(mean.df)] : []),
        ...limitsOf(shown),
        ...(notes ? [mean.reason ?? ""] : []),
      ];
    }),
  };
}

function contrastsTable(
  fit: MixedFit,
  answer: FitAnswer,
  { contrasts: all, adjust, limits, level }: MeanContrasts,
): FitTable {
  const [df, notes, ratios] = [hasDf(all), hasNotes(all), ratiosOf(answer)];
  const by = Object.keys(all[0]?.by ?? {});
  const what = answer.slopeOf === undefined ? "means" : `slopes of ${answer.slopeOf}`;
  const unit = ratios ? ratios.shown.replace("ratio", "ratios") : differenceUnitOf(fit, answer);
  return {
    title: `Contrasts of ${what} (${unit}); adjustment of p: ${adjust}, of intervals: ${limits}`,
    columns: [
      ...by,
      "contrast",
      ratios ? "ratio" : "estimate",
      "se",
      ...(df ? ["df", "t"] : ["z"]),
      "p",
      ...limitNames(level),
      ...(notes ? ["note"] : []),
    ],
    rows: all.map((one) => {
      const shown = shownContrast(answer, one);
      return [
        ...by.map((name) => String(one.by[name])),
        one.name,
        ...estimateAndError(shown),
        ...(df ? [formatDf(one.df)] : []),
        rounded(one.z, 2),
        one.p === null || Number.isNaN(one.p) ? "" : formatP(one.p),
        ...limitsOf(shown),
        ...(notes ? [one.reason ?? ""] : []),
      ];
    }),
  };
}

// Ratios are tested as logarithms, on which the margin is.
function equivalenceTable(
  fit: MixedFit,
  answer: FitAnswer,
  { tests, margin, side, adjust, level }: EquivalenceTests,
): FitTable {
  const [df, notes] = [hasDf(tests), hasNotes(tests)];
  const by = Object.keys(tests[0]?.by ?? {});
  const unit = ratiosOf(answer)?.tested ?? differenceUnitOf(fit, answer);
  const coverage = side === "equivalent" ? 2 * level - 1 : level;
  return {
    title: `Tests of contrasts (${unit}) against a margin of ${margin}: ${side}; adjustment of p: ${adjust}`,
    columns: [
      ...by,
      "contrast",
      "estimate",
      "se",
      ...(df ? ["df", "t"] : ["z"]),
      "p",
      ...limitNames(coverage),
      ...(notes ? ["note"] : []),
    ],
    rows: tests.map((one) => [
      ...by.map((name) => String(one.by[name])),
      one.name,
      ...estimateAndError(one),
      ...(df ? [formatDf(one.df)] : []),
      rounded(one.z, 2),
      one.p === null || Number.isNaN(one.p) ? "" : formatP(one.p),
      ...[one.lower, one.upper].map((limit) =>
        limit !== null && Number.isFinite(limit) ? rounded(limit, digitsFor(one.se ?? 0) - 1) : "",
      ),
      ...(notes ? [one.reason ?? ""] : []),
    ]),
  };
}

function hasDf(all: readonly { readonly df?: number }[]): boolean {
  return all.some(({ df }) => df !== undefined);
}

function hasNotes(all: readonly { readonly reason: string | null }[]): boolean {
  return all.some(({ reason }) => reason !== null);
}

function limitNames(level: number): [string, string] {
  return [`${Number((100 * level).toFixed(4))} % from`, "to"];
}

function estimateAndError(shown: Pick<MeanContrast, "estimate" | "se"> | null): string[] {
  const digits = digitsFor(shown?.se ?? 0);
  return [rounded(shown?.estimate, digits), rounded(shown?.se, digits)];
}

function limitsOf(shown: Shown): string[] {
  const digits = digitsFor(shown?.se ?? 0) - 1;
  return [rounded(shown?.lower, digits), rounded(shown?.upper, digits)];
}

// Slopes that the model makes equal have a difference of exactly zero, and no statistic.
function rounded(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || Number.isNaN(value) ? "" : value.toFixed(digits);
}
