import { METRICS } from "empathy-scorer";
import { type PanelPoint, type PlotlySpec, pointPanels } from "plotly-stills";
import type { LevelEstimate } from "./estimate";

/** Shows each system's and family's mean level as the classifier has it, and as people's readings correct it. */
export function meansFigure(estimates: readonly LevelEstimate[], id: string): PlotlySpec {
  const levels = estimates.flatMap(({ metric, ...one }) =>
    one.measure === "level" && metric ? [{ ...one, metric }] : [],
  );
  const points = levels.flatMap(({ kind, name, metric, classifier, mean, lower, upper }) => {
    const panel = METRICS.indexOf(metric);
    const line = kind === "family" ? `${name} (all)` : name;
    const own: PanelPoint[] = [
      { name: line, series: "classifier alone", panel, value: classifier },
    ];
    if (mean !== null && lower !== null && upper !== null) {
      own.push({ name: line, series: "people's readings", panel, value: mean, lower, upper });
    }
    return own;
  });
  return pointPanels(points, {
    id,
    title: "Mean levels: the classifier's, and people's with 95 % intervals",
    alt: "Mean level of each system and family, one panel a metric.",
    panels: METRICS.map((metric) => ({
      axis: `${metric.toUpperCase()}, mean level`,
      format: ".2f",
    })),
  });
}
