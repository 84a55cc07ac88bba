// Claims side by side, each with two intervals around one estimate and the margin within which nothing matters.
import { largest } from "kit";
import { NAME_AXIS, type PlotlySpec, SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "plotly-stills";

/** One claim: its estimate, its intervals, and what is concluded. */
export interface ClaimInterval {
  readonly name: string;
  readonly verdict: string;
  /** The sign that supports the claim, and the smallest difference that matters. */
  readonly sign: 1 | -1;
  readonly margin: number;
  readonly estimate: number;
  /** For models like these, where there is an interval, and for these systems: lower and upper limit each. */
  readonly models: readonly [number, number] | null;
  readonly these: readonly [number, number];
}

/** What the figure says besides its rows. */
export interface ClaimIntervalOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
  /** What is estimated, with its unit. */
  readonly axis: string;
}

const ROW_PX = 46;
const TOP_PX = 152;
const BOTTOM_PX = 66;
const VERDICT_PX = 270;
const BAND = "#e6e6e6";
const [{ color: BLUE }, { color: ORANGE }] = SERIES_STYLES;
const INTERVALS = [
  { key: "models", name: "mean of models like these", color: BLUE, width: 3 },
  { key: "these", name: "these systems only", color: ORANGE, width: 12 },
] as const;

/** Shows claims from top to bottom: the wider the uncertainty, the thinner its line; grey bands are margins. */
export function claimIntervals(
  claims: readonly ClaimInterval[],
  { id, title, axis }: ClaimIntervalOptions,
): PlotlySpec {
  const names = claims.map(({ name }) => name);
  const longest = largest(names.flatMap((name) => name.split("<br>")).map((line) => line.length));
  const lines = INTERVALS.map(({ key, name, color, width }) => ({
    type: "scatter",
    mode: "lines",
    name,
    x: claims.flatMap((claim) => [...(claim[key] ?? [null, null]), null]),
    y: claims.flatMap((_, at) => [at, at, null]),
    line: { color, width },
    hoverinfo: "skip",
  }));
  return toPlotlySpec({
    id,
    title,
    alt: describe(claims, axis),
    traces: [
      ...lines,
      {
        type: "scatter",
        mode: "markers",
        name: "estimate",
        showlegend: false,
        x: claims.map(({ estimate }) => estimate),
        y: claims.map((_, at) => at),
        marker: {
          color: "#222222",
          symbol: "line-ns",
          size: 12,
          line: { color: "#222222", width: 3 },
        },
        hovertemplate: "%{x:.0f}<extra></extra>",
      },
    ],
    layout: {
      width: 1080,
      height: TOP_PX + claims.length * ROW_PX + BOTTOM_PX,
      margin: { l: 24 + 6.9 * longest, r: VERDICT_PX, t: TOP_PX, b: BOTTOM_PX },
      // Intervals with next to no degrees of freedom end at the edge.
      xaxis: { ...VALUE_AXIS, title: { text: axis }, range: rangeOf(claims), dtick: 20 },
      yaxis: {
        ...NAME_AXIS,
        tickvals: names.map((_, at) => at),
        ticktext: names,
        range: [names.length - 0.5, -0.5],
        zeroline: false,
      },
      shapes: [...claims.map(marginBand), ZERO],
      annotations: claims.map(({ verdict }, at) => ({
        text: verdict,
        x: 1,
        xref: "paper",
        xanchor: "left",
        xshift: 10,
        y: at,
        showarrow: false,
        font: { size: 13 },
      })),
      showlegend: true,
      legend: {
        orientation: "h",
        x: 0.015,
        xref: "container",
        xanchor: "left",
        y: 1,
        yanchor: "bottom",
      },
    },
  });
}

// As wide as what is known of the systems, and half as much again.
function rangeOf(claims: readonly ClaimInterval[]): [number, number] {
  const limits = claims.flatMap(({ these, margin, estimate }) => [
    ...these,
    margin,
    -margin,
    estimate,
  ]);
  const [low, high] = [Math.min(...limits), Math.max(...limits)];
  const room = (high - low) / 4;
  return [low - room, high + room];
}

const ZERO = {
  type: "line",
  yref: "paper",
  x0: 0,
  x1: 0,
  y0: 0,
  y1: 1,
  line: { color: "#222222", width: 1, dash: "dot" },
};

function marginBand({ margin }: ClaimInterval, at: number) {
  return {
    type: "rect",
    layer: "below",
    x0: -margin,
    x1: margin,
    y0: at - 0.42,
    y1: at + 0.42,
    fillcolor: BAND,
    line: { width: 0 },
  };
}

function describe(claims: readonly ClaimInterval[], axis: string): string {
  const parts = claims.map(({ name, verdict, estimate, models, these, sign }) => {
    const [lower, upper] = (models ?? these).map((limit) => limit.toFixed(0));
    const side = sign > 0 ? "" : ", claimed to be negative";
    return `${name.replaceAll("<br>", " ")}${side}: ${estimate.toFixed(0)} (${lower} to ${upper}), ${verdict}`;
  });
  return `${axis}, with 95 % intervals, for models like these where there is one: ${parts.join("; ")}.`;
}
