import type { FigureName, PlotlySpec } from "./figure";
import { errorBars, LEGEND_ABOVE } from "./parts";
import { type SeriesStyle, styleOf, toPlotlySpec, VALUE_AXIS } from "./theme";

/** A mean with its interval. */
export interface MeanPoint {
  /** Its group on the axis, or its value of a covariate. */
  readonly at: string | number;
  /** What its colour says; the same for all where there is nothing to tell apart. */
  readonly series: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** An observation behind the means. */
export interface Observation {
  readonly at: string | number;
  readonly series: string;
  readonly value: number;
}

/** What a plot of means says besides them. */
export interface MeansOptions extends FigureName {
  /** What is on the axis of groups, and on that of values, with their units. */
  readonly xAxis: string;
  readonly yAxis: string;
}

/** Share of the distance between two groups over which series and observations spread. */
const SPREAD = 0.6;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Shows means with their intervals over the observations that they are of, coloured by series. Groups stand side by side in
 * the order of the means; along a covariate, means are joined by a line.
 */
export function meansPlot(
  means: readonly MeanPoint[],
  observations: readonly Observation[],
  options: MeansOptions,
): PlotlySpec {
  const { id, title, xAxis, yAxis } = options;
  const series = [...new Set(means.map((mean) => mean.series))];
  const places = means.every(({ at }) => typeof at === "number")
    ? undefined
    : [...new Set(means.map(({ at }) => String(at)))];
  const draw = (name: string, of: number) => {
    const place = { places, of, count: series.length };
    const own = <One extends { readonly series: string }>(all: readonly One[]) =>
      all.filter((one) => one.series === name);
    const style = styleOf(name, of);
    return {
      behind: toCloud(own(observations), place, style),
      front: toMeans(name, own(means), place, style),
    };
  };
  const drawn = series.map(draw);
  return toPlotlySpec({
    id,
    title,
    alt: describe(means, observations, yAxis),
    traces: [...drawn.map(({ behind }) => behind), ...drawn.map(({ front }) => front)],
    layout: {
      width: 760,
      height: 520,
      margin: { l: 76, r: 30, t: series.length > 1 ? 96 : 70, b: 62 },
      xaxis: { ...VALUE_AXIS, title: { text: xAxis }, ...groupTicks(places) },
      yaxis: { ...VALUE_AXIS, title: { text: yAxis } },
      ...(series.length > 1 ? { showlegend: true, legend: LEGEND_ABOVE } : {}),
    },
  });
}

interface Place {
  /** The groups in order; undefined along a covariate. */
  readonly places: readonly string[] | undefined;
  /** Number of the series, and of all. */
  readonly of: number;
  readonly count: number;
}

function groupTicks(places: readonly string[] | undefined) {
  if (!places) return {};
  return {
    tickvals: places.map((_, at) => at),
    ticktext: places,
    range: [-0.5, places.length - 0.5],
    showgrid: false,
  };
}

// Within its group each series has a lane of its own.
function xOf(at: string | number, { places, of, count }: Place): number {
  if (!places) return Number(at);
  return places.indexOf(String(at)) + (SPREAD * (of - (count - 1) / 2)) / count;
}

function toCloud(all: readonly Observation[], place: Place, { color }: SeriesStyle) {
  const lane = place.places ? (0.8 * SPREAD) / place.count : 0;
  return {
    type: "scatter",
    mode: "markers",
    // Spread evenly, and alike in every run.
    x: all.map(({ at }, row) => xOf(at, place) + lane * (((row * GOLDEN) % 1) - 0.5)),
    y: all.map(({ value }) => value),
    showlegend: false,
    hoverinfo: "skip",
    marker: { color, size: 5, opacity: 0.25, line: { width: 0 } },
  };
}

function toMeans(
  name: string,
  means: readonly MeanPoint[],
  place: Place,
  { color, symbol }: SeriesStyle,
) {
  return {
    type: "scatter",
    mode: place.places ? "markers" : "lines+markers",
    name,
    x: means.map(({ at }) => xOf(at, place)),
    y: means.map(({ estimate }) => estimate),
    text: means.map(({ at }) => String(at)),
    marker: { color, symbol, size: 10, line: { color: "#ffffff", width: 1 } },
    line: { color, width: 2 },
    error_y: errorBars(
      means.map(({ estimate, lower, upper }) => [estimate, lower, upper]),
      { color, thickness: 2, width: 4 },
    ),
    hovertemplate: `%{text}: %{y:.3f}<extra>${name}</extra>`,
  };
}

function describe(
  means: readonly MeanPoint[],
  observations: readonly Observation[],
  axis: string,
): string {
  const parts = means.map(({ at, series, estimate, lower, upper }) => {
    const who = series === "" ? String(at) : `${at}, ${series}`;
    return `${who} ${estimate.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
  });
  return `Means with intervals, ${axis}: ${parts.join("; ")}. Behind them ${observations.length} observations.`;
}
