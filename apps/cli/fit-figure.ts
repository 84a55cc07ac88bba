import { UserError } from "kit";
import type { MixedFit } from "mixed-models";
import { forestPlot, type PlotlySpec } from "plotly-stills";
import type { FigureFile } from "./figure-file";
import type { FitAnswer } from "./fit-questions";
import { forestOf } from "./fit-rows";

/**
 * Draws what was asked for first: contrasts, else means or slopes, else the coefficients.
 *
 * @throws UserError if nothing of it has an estimate.
 */
export function fitFigure(
  { id, path }: FigureFile,
  fit: MixedFit,
  answers: readonly FitAnswer[],
): PlotlySpec {
  const { rows, ...options } = forestOf(fit, answers);
  if (rows.length === 0) {
    throw new UserError(`--figure ${path}: there is nothing to draw; no estimate has an interval`);
  }
  return forestPlot(rows, { id, ...options });
}
