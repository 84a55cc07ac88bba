import { commonCoefficients, type MeanContrasts, type MixedFit } from "mixed-models";
import type { ForestOptions, ForestRow } from "plotly-stills";
import {
  differenceUnitOf,
  ratiosOf,
  type Shown,
  shownContrast,
  shownMean,
  unitOf,
} from "./fit-print";
import type { FitAnswer } from "./fit-questions";
import { percent } from "./table-columns";

/** A forest plot's rows, and what it says of them. */
export type Forest = Omit<ForestOptions, "id"> & { readonly rows: readonly ForestRow[] };

/** What is drawn of a fit: contrasts that were asked for, else means or slopes, else the coefficients. */
export function forestOf(fit: MixedFit, answers: readonly FitAnswer[]): Forest {
  const [first] = answers;
  const [compared] = answers.flatMap((answer) => {
    return answer.contrasts ? [drawContrasts(fit, answer, answer.contrasts)] : [];
  });
  return compared ?? (first ? drawMeans(fit, first) : drawCoefficients(fit));
}

function drawContrasts(
  fit: MixedFit,
  answer: FitAnswer,
  { contrasts, limits, level }: MeanContrasts,
): Forest {
  const ratios = ratiosOf(answer);
  const what = answer.slopeOf === undefined ? "means" : "slopes";
  const adjusted = limits === "none" ? "" : `, adjusted (${limits})`;
  return {
    title: `Contrasts of ${what} with ${percent(level)} intervals${adjusted}`,
    axis: ratios
      ? `${ratios.shown}${fit.family === "gaussian" ? "" : ` of ${fit.design.response.name}`}`
      : differenceUnitOf(fit, answer),
    reference: ratios ? 1 : 0,
    rows: contrasts.flatMap((one) => {
      const group = Object.values(one.by).join(", ");
      const name = group === "" ? one.name : `${group}: ${one.name}`;
      return toRow(name, shownContrast(answer, one));
    }),
  };
}

function drawMeans(fit: MixedFit, answer: FitAnswer): Forest {
  const { slopeOf, means } = answer;
  const kind = slopeOf === undefined ? "Marginal means" : `Slopes of ${slopeOf}`;
  return {
    title: `${kind} with ${percent(means.level)} intervals`,
    axis: unitOf(fit, answer),
    reference: slopeOf === undefined ? null : 0,
    rows: means.means.flatMap((mean) => {
      const name = means.over.map((variable) => String(mean.levels[variable])).join(", ");
      return toRow(name || "all", shownMean(answer, mean));
    }),
  };
}

// An intercept is on the scale of the means, not of the effects; it is drawn where there is nothing else.
function drawCoefficients(fit: MixedFit): Forest {
  const all = [...commonCoefficients(fit), ...(fit.ordinal?.nominal?.effects ?? [])];
  const effects = all.filter(({ name }) => name !== "(Intercept)");
  const shown = effects.length > 0 ? effects : fit.coefficients;
  const isLogOdds = (fit.link ?? fit.ordinal?.link) === "logit";
  const { name } = fit.design.response;
  return {
    title: "Fixed effects with 95 % intervals",
    axis: isLogOdds ? `log-odds of ${name}` : name,
    rows: shown.flatMap((one) => toRow(one.name, one)),
  };
}

function toRow(name: string, shown: Shown): ForestRow[] {
  if (!shown || !Number.isFinite(shown.lower) || !Number.isFinite(shown.upper)) return [];
  const { estimate, lower, upper } = shown;
  return [{ name, estimate, lower, upper }];
}
