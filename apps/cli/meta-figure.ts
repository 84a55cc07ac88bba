import { UserError } from "kit";
import { upperQuantile } from "mixed-models";
import type { MetaFit, MultilevelFit } from "mixed-models/meta";
import { bubblePlot, forestPlot, funnelPlot, type PlotlySpec } from "plotly-stills";
import type { FigureFile } from "./figure-file";
import { rowAt } from "./meta-design";
import { contrastsOf, listRows } from "./meta-of";
import type { NamedPrediction } from "./meta-print";
import type { MetaAnswers } from "./meta-questions";
import type { MetaTable } from "./meta-table";
import { percent } from "./table-columns";

/** The figures of a meta-analysis. */
export const META_PLOTS = ["forest", "funnel", "bubble"] as const;

/** What a figure is drawn from. */
interface MetaDrawn {
  readonly table: MetaTable;
  readonly fit: MetaFit | MultilevelFit;
  readonly predictions: readonly NamedPrediction[];
  readonly answers: MetaAnswers;
  /** What the effects are called. */
  readonly effect: string;
}

/**
 * Draws a forest plot, a funnel plot, or a bubble plot along the first moderator that is a number.
 *
 * @throws UserError if a bubble plot has no such moderator.
 */
export function metaFigure(
  { id }: FigureFile,
  plot: (typeof META_PLOTS)[number],
  drawn: MetaDrawn,
): PlotlySpec {
  if (plot === "funnel") return toFunnel(id, drawn);
  return plot === "bubble" ? toBubbles(id, drawn) : toForest(id, drawn);
}

function toForest(id: string, { table, fit, predictions, effect }: MetaDrawn): PlotlySpec {
  const robust = contrastsOf(
    fit,
    table,
    table.predicted.map(({ weights }) => weights),
  );
  const shown = predictions.map((prediction, at) => ({
    ...prediction,
    lower: robust[at]?.lower ?? prediction.lower,
    upper: robust[at]?.upper ?? prediction.upper,
  }));
  const rows = listRows(table, fit, shown);
  const next = rows.some((row) => row.next) ? "; pale: the next true effect" : "";
  const title = `Effects and their mean, with ${percent(fit.level)} intervals${next}`;
  return forestPlot(rows, { id, title, axis: effect });
}

// Effects that moderators set apart are shown as what the model leaves of them.
function toFunnel(id: string, { table, fit, answers, effect }: MetaDrawn): PlotlySpec {
  const { data, design, labels, variances } = table;
  const isMean = design.moderators.length === 0;
  const betas = fit.coefficients.map(({ estimate }) => estimate);
  const points = data.effects.map((value, at) => {
    const fitted = (design.rows[at] ?? []).reduce((sum, x, to) => sum + x * (betas[to] ?? 0), 0);
    const estimate = isMean ? value : value - fitted;
    return { name: labels[at] ?? "", estimate, se: Math.sqrt(variances[at] ?? 0) };
  });
  const { egger } = answers;
  const line = egger?.limit
    ? { limit: egger.limit.estimate, slope: egger.slope.estimate }
    : undefined;
  return funnelPlot(points, {
    id,
    title: `Funnel plot; dashed: ${percent(fit.level)} of effects if the true ones were alike${line ? "; dotted: Egger's line" : ""}`,
    axis: isMean ? effect : `residual of ${effect}`,
    center: isMean ? (betas[0] ?? 0) : 0,
    reach: upperQuantile((1 - fit.level) / 2),
    ...(line ? { line } : {}),
  });
}

const STEPS = 40;

function toBubbles(id: string, drawn: MetaDrawn): PlotlySpec {
  const { table, fit, effect } = drawn;
  const { data, design, labels, variances } = table;
  const along = design.moderators.find(({ levels }) => levels.length === 0);
  if (!along) {
    throw new UserError(
      "--plot bubble shows effects along a number; name a column of numbers in --moderators",
    );
  }
  const values = along.cells.map(Number);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const grid = Array.from({ length: STEPS + 1 }, (_, at) => low + ((high - low) * at) / STEPS);
  const means = contrastsOf(
    fit,
    table,
    grid.map((value) => rowAt(design, along, value)),
  );
  const bubbles = data.effects.map((estimate, at) => {
    return {
      name: labels[at] ?? "",
      at: values[at] ?? 0,
      estimate,
      se: Math.sqrt(variances[at] ?? 0),
    };
  });
  const others = design.moderators.length > 1 ? ", other moderators at their means" : "";
  return bubblePlot(
    bubbles,
    means.map(({ estimate, lower, upper }, at) => ({ at: grid[at] ?? 0, estimate, lower, upper })),
    {
      id,
      title: `Effects along ${along.name}, and their mean with its ${percent(fit.level)} interval${others}`,
      xAxis: along.name,
      yAxis: effect,
    },
  );
}
