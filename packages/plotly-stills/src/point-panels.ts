import { largest } from "kit";
import type { FigureName, PlotlySpec } from "./figure";
import {
  axisSuffix,
  bandBehind,
  errorBars,
  type Interval,
  LEGEND_ABOVE,
  referenceLine,
} from "./parts";
import { NAME_AXIS, styleOf, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One point: which line and which panel it stands in, and its value, with an interval where it has one. */
export interface PanelPoint {
  /** Name of the line. */
  readonly name: string;
  /** The series that it belongs to; series differ in colour and symbol. */
  readonly series: string;
  /** Number of the panel, from 0. */
  readonly panel: number;
  readonly value: number;
  readonly lower?: number;
  readonly upper?: number;
  /** Whether its line sums up the lines below it: set apart, and larger. */
  readonly isSummary?: boolean;
  /** What its line belongs to; where this changes from one line to the next, a gap parts them. */
  readonly group?: string;
}

/** One panel: what its values are. */
export interface Panel {
  /** What is on the axis, with its unit. */
  readonly axis: string;
  /** How values are written, as a d3 format such as `.0%`. */
  readonly format: string;
  /** The value that means no effect, drawn as a line; where there is none, the axis starts at 0. */
  readonly reference?: number;
  /** How far from the reference a value is too small to matter; drawn in grey. */
  readonly margin?: number;
  /** Where the axis begins and ends; as wide as the points without it. Panels that are compared need the same. */
  readonly range?: readonly [number, number];
}

/** What the figure says besides its points. */
export interface PointPanelOptions extends FigureName {
  /** What the points are, for a reader who cannot see them; their values are added. */
  readonly alt: string;
  readonly panels: readonly Panel[];
}

const TOP_PX = 96;
const BOTTOM_PX = 66;
const GAP = 0.035;
/** Between two series of one line; twice as much lies between one line and the next. */
const STEP_PX = 11;
const SUMMARY_BAND = "#f3f3f3";

/**
 * Shows measures of the same things side by side: one line a thing, one panel a measure, in the order in
 * which names, panels and series first appear. Series that share lines are set apart within them. A line that sums up
 * those below it begins a group, as a change of `group` does.
 */
export function pointPanels(points: readonly PanelPoint[], options: PointPanelOptions): PlotlySpec {
  const { id, title, alt, panels } = options;
  const names = [...new Set(points.map(({ name }) => name))];
  const series = [...new Set(points.map((point) => point.series))];
  const shared = points.length > names.length * panels.length;
  const steps = series.length + 1;
  const rowPx = shared ? STEP_PX * steps : 24;
  const rows = placeRows(points);
  const offset = (of: number) => (shared ? (of - (series.length - 1) / 2) / steps : 0);
  const traces = panels.flatMap((panel, at) =>
    series.map((name, of) => {
      const own = points.filter((point) => point.series === name);
      const shown = own.filter((point) => point.panel === at);
      const isFirst = own.every((point) => point.panel >= at);
      return toTrace(shown, { panel, at, of, isFirst, rows: rows.of, offset: offset(of) });
    }),
  );
  return toPlotlySpec({
    id,
    title,
    alt: `${alt} ${describe(points, panels)}`,
    traces,
    layout: {
      width: 940,
      height: TOP_PX + rows.count * rowPx + BOTTOM_PX,
      margin: {
        l: 24 + 7.2 * largest(names.map((name) => name.length)),
        r: 24,
        t: TOP_PX,
        b: BOTTOM_PX,
      },
      ...valueAxes(panels),
      yaxis: {
        ...NAME_AXIS,
        showgrid: true,
        gridcolor: VALUE_AXIS.gridcolor,
        zeroline: false,
        tickvals: [...rows.of.values()],
        ticktext: names,
        range: [rows.count - 0.5, -0.5],
      },
      shapes: [...rows.summaries.map(summaryBand), ...panels.flatMap(drawReference)],
      ...(series.length > 1 ? { showlegend: true, legend: LEGEND_ABOVE } : {}),
    },
  });
}

interface Rows {
  /** Where each name's line lies, in lines from the top. */
  readonly of: ReadonlyMap<string, number>;
  readonly summaries: readonly number[];
  /** Height of all, in lines. */
  readonly count: number;
}

const GROUP_GAP = 0.5;

function placeRows(points: readonly PanelPoint[]): Rows {
  const of = new Map<string, number>();
  const summaries: number[] = [];
  let next = 0;
  let last = points[0]?.group;
  for (const { name, isSummary, group } of points) {
    if (of.has(name)) continue;
    if ((isSummary && next > 0) || group !== last) next += GROUP_GAP;
    last = group;
    if (isSummary) summaries.push(next);
    of.set(name, next++);
  }
  return { of, summaries, count: next };
}

interface TracePlace {
  readonly panel: Panel;
  readonly at: number;
  readonly of: number;
  /** Whether the series has no point in a panel before. */
  readonly isFirst: boolean;
  readonly rows: ReadonlyMap<string, number>;
  readonly offset: number;
}

function toTrace(
  points: readonly PanelPoint[],
  { panel, at, of, isFirst, rows, offset }: TracePlace,
) {
  const series = points[0]?.series ?? "";
  const { color, symbol } = styleOf(series, of);
  const look = { color, thickness: 1.5, width: 3 };
  const hasIntervals = points.some(
    ({ lower, upper }) => lower !== undefined && upper !== undefined,
  );
  return {
    type: "scatter",
    mode: "markers",
    name: series,
    legendgroup: series,
    showlegend: isFirst,
    x: points.map(({ value }) => value),
    y: points.map(({ name }) => (rows.get(name) as number) + offset),
    text: points.map(({ name }) => name),
    xaxis: `x${axisSuffix(at)}`,
    yaxis: "y",
    cliponaxis: false,
    marker: {
      color,
      symbol,
      size: points.some(({ isSummary }) => isSummary)
        ? points.map(({ isSummary }) => (isSummary ? 13 : 8))
        : 9,
      // plotly makes marks of several sizes transparent, with a white edge.
      opacity: 1,
      line: { width: 0 },
    },
    ...(hasIntervals ? { error_x: errorBars(points.map(toInterval), look) } : {}),
    hovertemplate: `%{text}: %{x:${panel.format}}<extra>${series}</extra>`,
  };
}

// A point without an interval has one of no length beside others.
function toInterval({ value, lower = value, upper = value }: PanelPoint): Interval {
  return [value, lower, upper];
}

function valueAxes(panels: readonly Panel[]): Record<string, unknown> {
  const width = (1 - GAP * (panels.length - 1)) / panels.length;
  const axes = panels.map(({ axis, format, reference, range }, at) => {
    const start = at * (width + GAP);
    return [
      `xaxis${axisSuffix(at)}`,
      {
        ...VALUE_AXIS,
        domain: [start, Math.min(1, start + width)],
        title: { text: axis, font: { size: 13 } },
        tickformat: format,
        ...(range ? { range } : reference === undefined ? { rangemode: "tozero" } : {}),
        nticks: panels.length > 3 ? 4 : 6,
      },
    ];
  });
  return Object.fromEntries(axes);
}

function summaryBand(row: number) {
  const place = { xref: "paper", yref: "y", x0: 0, x1: 1, y0: row - 0.5, y1: row + 0.5 };
  return bandBehind(place, SUMMARY_BAND);
}

function drawReference({ reference, margin = 0 }: Panel, at: number) {
  if (reference === undefined) return [];
  const around = (reach: number) => ({
    xref: `x${axisSuffix(at)}`,
    yref: "paper",
    x0: reference - reach,
    x1: reference + reach,
    y0: 0,
    y1: 1,
  });
  const line = referenceLine(around(0));
  return margin > 0 ? [bandBehind(around(margin)), line] : [line];
}

function describe(points: readonly PanelPoint[], panels: readonly Panel[]): string {
  const show = (value: number, { format }: Panel) => {
    const digits = Number(/\.(\d)/.exec(format)?.[1] ?? 2);
    return format.endsWith("%") ? `${(100 * value).toFixed(digits)} %` : value.toFixed(digits);
  };
  const ofPanel = (panel: Panel, at: number) => {
    const shown = points.filter((point) => point.panel === at);
    const parts = shown.map(({ name, series, value }) => {
      const who = series === name || series === "" ? name : `${name} (${series})`;
      return `${who} ${show(value, panel)}`;
    });
    return `${panel.axis}: ${parts.join(", ")}.`;
  };
  return panels.map(ofPanel).join(" ");
}
