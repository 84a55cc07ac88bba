import { largest } from "kit";
import {
  axisSuffix,
  errorBars,
  LEGEND_ABOVE,
  type PlotlySpec,
  referenceLine,
  styleOf,
  toPlotlySpec,
  VALUE_AXIS,
} from "plotly-stills";

/** A point of a power curve. */
export interface PowerPoint {
  /** Number of models, or what else the axis counts. */
  readonly at: number;
  /** From 0 to 1. */
  readonly power: number;
  /** Limits of the power's interval, where it was simulated. */
  readonly interval?: { readonly lower: number; readonly upper: number };
  /** Whether it is the design at hand, which is marked. */
  readonly isPresent: boolean;
}

/** How curves are drawn. */
interface PowerCurveOptions {
  readonly id: string;
  readonly title: string;
  /** What the horizontal axis counts: `models` by default. */
  readonly unit?: string;
}

/** One panel: a claim, with a curve for each series. */
export interface PowerPanel {
  /** What stands above it, such as a claim and a difference. */
  readonly name: string;
  readonly curves: readonly { readonly series: string; readonly points: readonly PowerPoint[] }[];
}

const MOST_COLUMNS = 3;
const ROW_PX = 250;
const MARGIN = { l: 76, r: 24, t: 132, b: 62 } as const;
const GAP_PX = 84;
const GAP = 0.045;
const WIDTH_PX = 940;
/** The power that most studies are planned for. */
const ENOUGH = 0.8;

/**
 * Shows power over numbers of models, or of something else: one panel a claim, one curve a number of prompts and readings, all on
 * one scale, with a line at 80 %. Open marks are the design at hand.
 */
export function powerCurves(
  panels: readonly PowerPanel[],
  { id, title, unit = "models" }: PowerCurveOptions,
): PlotlySpec {
  const series = [...new Set(panels.flatMap(({ curves }) => curves.map((one) => one.series)))];
  const columns = Math.min(MOST_COLUMNS, panels.length);
  const rows = Math.ceil(panels.length / columns);
  const plotPx = rows * ROW_PX + (rows - 1) * GAP_PX;
  const places = panels.flatMap(({ curves }) =>
    curves.flatMap(({ points }) => points.map((point) => point.at)),
  );
  const least = Math.min(0, ...places);
  const most = largest(places);
  const shown = new Set<string>();
  const traces = panels.flatMap(({ curves }, at) =>
    curves.map(({ series: name, points }) => {
      const isFirst = !shown.has(name);
      shown.add(name);
      const trace = toTrace(name, points, { at, of: series.indexOf(name), unit });
      return { ...trace, showlegend: isFirst };
    }),
  );
  return toPlotlySpec({
    id,
    title,
    alt: describe(panels, unit),
    traces,
    layout: {
      width: WIDTH_PX,
      height: MARGIN.t + plotPx + MARGIN.b,
      margin: MARGIN,
      ...Object.fromEntries(
        panels.flatMap((_, at) => placeAxes(at, { columns, plotPx, least, most, unit })),
      ),
      annotations: panels.map(({ name }, at) => nameAbove(name, at)),
      shapes: panels.map((_, at) => lineAt(at)),
      ...(series.length > 1
        ? { showlegend: true, legend: { ...LEGEND_ABOVE, y: 1 + 24 / plotPx } }
        : {}),
    },
  });
}

function toTrace(
  name: string,
  points: readonly PowerPoint[],
  { at, of, unit }: { readonly at: number; readonly of: number; readonly unit: string },
) {
  const { color, symbol } = styleOf(name, of);
  const intervals = points.flatMap(({ power, interval }) =>
    interval ? [[power, interval.lower, interval.upper] as const] : [],
  );
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    legendgroup: name,
    x: points.map((point) => point.at),
    y: points.map(({ power }) => power),
    ...(intervals.length > 0
      ? { error_y: errorBars(intervals, { color, thickness: 1.5, width: 4 }) }
      : {}),
    xaxis: `x${axisSuffix(at)}`,
    yaxis: `y${axisSuffix(at)}`,
    cliponaxis: false,
    line: { color, width: 2 },
    marker: {
      color: points.map(({ isPresent }) => (isPresent ? "#ffffff" : color)),
      line: { color, width: 2 },
      symbol,
      size: 8,
    },
    hovertemplate: `%{x} ${unit}: %{y:.0%}<extra>${name}</extra>`,
  };
}

interface Grid {
  readonly columns: number;
  /** Height of all rows. */
  readonly plotPx: number;
  /** The smallest and the largest number on the axis. */
  readonly least: number;
  readonly most: number;
  readonly unit: string;
}

function placeAxes(at: number, { columns, plotPx, least, most, unit }: Grid): [string, object][] {
  const width = (1 - GAP * (columns - 1)) / columns;
  const left = (at % columns) * (width + GAP);
  const top = (Math.floor(at / columns) * (ROW_PX + GAP_PX)) / plotPx;
  const bottom = Math.max(0, 1 - top - ROW_PX / plotPx);
  return [
    [
      `xaxis${axisSuffix(at)}`,
      {
        ...VALUE_AXIS,
        domain: [left, Math.min(1, left + width)],
        anchor: `y${axisSuffix(at)}`,
        title: { text: unit, font: { size: 13 } },
        range: [1.05 * least, 1.05 * most],
        nticks: 6,
      },
    ],
    [
      `yaxis${axisSuffix(at)}`,
      {
        ...VALUE_AXIS,
        domain: [bottom, 1 - top],
        anchor: `x${axisSuffix(at)}`,
        tickformat: ".0%",
        range: [-0.02, 1.02],
        showticklabels: at % columns === 0,
      },
    ],
  ];
}

function nameAbove(text: string, at: number) {
  return {
    text,
    font: { size: 13 },
    showarrow: false,
    xref: `x${axisSuffix(at)} domain`,
    x: 0,
    xanchor: "left",
    yref: `y${axisSuffix(at)} domain`,
    y: 1,
    yanchor: "bottom",
    yshift: 4,
  };
}

function lineAt(at: number) {
  const axis = axisSuffix(at);
  return referenceLine({
    xref: `x${axis} domain`,
    yref: `y${axis}`,
    x0: 0,
    x1: 1,
    y0: ENOUGH,
    y1: ENOUGH,
  });
}

function describe(panels: readonly PowerPanel[], unit: string): string {
  const parts = panels.map(({ name, curves }) => {
    const courses = curves.map(({ series, points }) => {
      const values = points.map(({ at, power }) => `${at} ${unit} ${percent(power)}`);
      return `${series}: ${values.join(", ")}`;
    });
    return `${name}. ${courses.join("; ")}.`;
  });
  return `Power over ${unit === "models" ? "numbers of models" : unit}, with a line at 80 %. ${parts.join(" ")}`;
}

function percent(power: number): string {
  return `${(100 * power).toFixed(0)} %`;
}
