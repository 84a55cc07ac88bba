import { largest } from "kit";
import type { FigureName, PlotlySpec } from "./figure";
import { SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One study of a funnel plot. */
export interface FunnelPoint {
  readonly name: string;
  /** Its effect, or what a model leaves of it. */
  readonly estimate: number;
  /** Its standard error. */
  readonly se: number;
}

/** What a funnel plot says besides its points. */
export interface FunnelOptions extends FigureName {
  /** What is on the axis of effects, with its unit. */
  readonly axis: string;
  /** Where the funnel stands: the mean, or 0 for residuals. */
  readonly center: number;
  /** Half width of the funnel in standard errors, such as 1.96. */
  readonly reach: number;
  /** The line of Egger's test: the effect at a standard error of 0, and its slope. */
  readonly line?: { readonly limit: number; readonly slope: number };
}

/**
 * Shows effects beside their standard errors, the most precise on top, in the funnel where they would lie if all true effects
 * were alike: studies that are missing on one side of its foot make it lopsided.
 */
export function funnelPlot(points: readonly FunnelPoint[], options: FunnelOptions): PlotlySpec {
  const { id, title, axis, center, reach, line } = options;
  const deepest = 1.08 * largest(points.map(({ se }) => se));
  const half = reach * deepest;
  const foot = line && [line.limit, line.limit + line.slope * deepest];
  const lines = [
    toLine([center - half, center, center + half], [deepest, 0, deepest], "dash"),
    toLine([center, center], [0, deepest], "solid"),
    ...(foot ? [toLine(foot, [0, deepest], "dot")] : []),
  ];
  return toPlotlySpec({
    id,
    title,
    alt: describe(points, options),
    traces: [...lines, toTrace(points)],
    layout: {
      width: 700,
      height: 520,
      margin: { l: 76, r: 30, t: 70, b: 62 },
      xaxis: { ...VALUE_AXIS, title: { text: axis } },
      yaxis: { ...VALUE_AXIS, title: { text: "standard error" }, range: [deepest, 0] },
    },
  });
}

function toLine(x: readonly number[], y: readonly number[], dash: string) {
  const line = { color: dash === "dot" ? SERIES_STYLES[1].color : "#222222", width: 1.2, dash };
  return { type: "scatter", mode: "lines", x, y, line, hoverinfo: "skip" };
}

function toTrace(points: readonly FunnelPoint[]) {
  return {
    type: "scatter",
    mode: "markers",
    x: points.map(({ estimate }) => estimate),
    y: points.map(({ se }) => se),
    text: points.map(({ name }) => name),
    cliponaxis: false,
    marker: { color: SERIES_STYLES[0].color, size: 8 },
    hovertemplate: "%{text}: %{x:.3f}, standard error %{y:.3f}<extra></extra>",
  };
}

function describe(points: readonly FunnelPoint[], { axis, center, line }: FunnelOptions): string {
  const parts = points.map(
    ({ name, estimate, se }) => `${name} ${estimate.toFixed(2)} (${se.toFixed(2)})`,
  );
  const own = `Points, ${axis}, with standard errors, about ${center.toFixed(2)}: ${parts.join("; ")}.`;
  if (!line) return own;
  return `${own} Egger's line: ${line.limit.toFixed(2)} at a standard error of 0, slope ${line.slope.toFixed(2)}.`;
}
