import { largest } from "kit";
import type { FigureName, PlotlySpec } from "./figure";
import { SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One study of a bubble plot. */
export interface Bubble {
  readonly name: string;
  /** Its value of the moderator. */
  readonly at: number;
  readonly estimate: number;
  /** Its standard error: a bubble's diameter is in proportion to one over it. */
  readonly se: number;
}

/** The mean effect at a value of the moderator, with its interval. */
export interface LinePoint {
  readonly at: number;
  readonly estimate: number;
  /** None where it could not be estimated. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What a bubble plot says besides its studies. */
export interface BubbleOptions extends FigureName {
  /** What is on the axis of the moderator, and on that of the effects, with their units. */
  readonly xAxis: string;
  readonly yAxis: string;
}

const WIDEST_PX = 30;
const NARROWEST_PX = 5;

/** Shows effects along a moderator, the more precise the larger, and the line of their mean with its interval. */
export function bubblePlot(
  bubbles: readonly Bubble[],
  line: readonly LinePoint[],
  options: BubbleOptions,
): PlotlySpec {
  const { id, title, xAxis, yAxis } = options;
  return toPlotlySpec({
    id,
    title,
    alt: describe(bubbles, line, options),
    traces: [...toBand(line), toLine(line), toTrace(bubbles)],
    layout: {
      width: 760,
      height: 520,
      margin: { l: 76, r: 30, t: 70, b: 62 },
      xaxis: { ...VALUE_AXIS, title: { text: xAxis } },
      yaxis: { ...VALUE_AXIS, title: { text: yAxis } },
    },
  });
}

function toTrace(bubbles: readonly Bubble[]) {
  const finest = largest(bubbles.map(({ se }) => 1 / se));
  return {
    type: "scatter",
    mode: "markers",
    x: bubbles.map(({ at }) => at),
    y: bubbles.map(({ estimate }) => estimate),
    text: bubbles.map(({ name }) => name),
    cliponaxis: false,
    marker: {
      color: SERIES_STYLES[0].color,
      opacity: 0.5,
      size: bubbles.map(({ se }) => Math.max(NARROWEST_PX, WIDEST_PX / se / finest)),
      line: { color: SERIES_STYLES[0].color, width: 1 },
    },
    hovertemplate: "%{text}: %{y:.3f} at %{x}<extra></extra>",
  };
}

function toLine(line: readonly LinePoint[]) {
  return {
    type: "scatter",
    mode: "lines",
    x: line.map(({ at }) => at),
    y: line.map(({ estimate }) => estimate),
    line: { color: SERIES_STYLES[1].color, width: 2 },
    hovertemplate: "%{x}: %{y:.3f}<extra></extra>",
  };
}

function toBand(line: readonly LinePoint[]) {
  const known = line.filter(({ lower, upper }) => lower !== null && upper !== null);
  if (known.length === 0) return [];
  return (["lower", "upper"] as const).map((side, at) => ({
    type: "scatter",
    mode: "lines",
    x: known.map((point) => point.at),
    y: known.map((point) => point[side]),
    line: { width: 0 },
    hoverinfo: "skip",
    ...(at === 1 ? { fill: "tonexty", fillcolor: "rgba(213, 94, 0, 0.18)" } : {}),
  }));
}

function describe(
  bubbles: readonly Bubble[],
  line: readonly LinePoint[],
  { xAxis, yAxis }: BubbleOptions,
): string {
  const parts = bubbles.map(({ name, at, estimate }) => `${name} ${estimate.toFixed(2)} at ${at}`);
  const ends = [line[0], line.at(-1)].map((end) => `${end?.estimate.toFixed(2)} at ${end?.at}`);
  return `Bubbles, ${yAxis} along ${xAxis}: ${parts.join("; ")}. The mean goes from ${ends.join(" to ")}.`;
}
