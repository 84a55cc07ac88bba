import { largest } from "kit";
import {
  axisSuffix,
  LEGEND_ABOVE,
  type PlotlySpec,
  styleOf,
  toPlotlySpec,
  uprightTitle,
  VALUE_AXIS,
} from "plotly-stills";

/** One point of a course: a share at a place in a sequence. */
export interface CoursePoint {
  /** The series that it belongs to; series differ in colour and symbol. */
  readonly series: string;
  /** Number of the panel, from 0. */
  readonly panel: number;
  /** The place, such as the number of a reply. */
  readonly at: number;
  /** The share, from 0 to 1. */
  readonly value: number;
  /** What a model says in its place; drawn as a line. */
  readonly fitted: number;
}

/** What the figure says besides its points. */
export interface CoursePanelOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
  /** What the points are, for a reader who cannot see them; first and last fitted shares are added. */
  readonly alt: string;
  /** What each panel shows, written below it. */
  readonly panels: readonly string[];
  /** What is counted on the upright axis. */
  readonly axis: string;
}

const GAP = 0.03;
const MARGIN = { l: 88, r: 24, t: 96, b: 66 } as const;

/**
 * Shows how shares change along a sequence: one panel a measure, all on one scale, points as observed and lines as
 * fitted; panels and series in the order in which they first appear.
 */
export function coursePanels(
  points: readonly CoursePoint[],
  options: CoursePanelOptions,
): PlotlySpec {
  const { id, title, alt, panels, axis } = options;
  const series = [...new Set(points.map((point) => point.series))];
  const traces = panels.flatMap((_, at) =>
    series.flatMap((name, of) => {
      const shown = points.filter((point) => point.series === name && point.panel === at);
      return toTraces(shown, name, at, of);
    }),
  );
  const highest = largest(points.flatMap(({ value, fitted }) => [value, fitted]));
  return toPlotlySpec({
    id,
    title,
    alt: `${alt} ${describe(points, panels, series)}`,
    traces,
    layout: {
      width: 940,
      height: 440,
      margin: MARGIN,
      ...placeAxes(panels),
      yaxis: {
        ...VALUE_AXIS,
        tickformat: ".0%",
        range: [-0.02, Math.min(1.02, highest + 0.05)],
      },
      annotations: [uprightTitle(axis, 62)],
      ...(series.length > 1 ? { showlegend: true, legend: LEGEND_ABOVE } : {}),
    },
  });
}

function toTraces(points: readonly CoursePoint[], name: string, at: number, of: number) {
  const { color, symbol } = styleOf(name, of);
  const shared = {
    type: "scatter",
    name,
    legendgroup: name,
    x: points.map((point) => point.at),
    xaxis: `x${axisSuffix(at)}`,
    yaxis: "y",
  };
  return [
    {
      ...shared,
      mode: "markers",
      cliponaxis: false,
      showlegend: at === 0,
      y: points.map(({ value }) => value),
      marker: { color, symbol, size: 7 },
      hovertemplate: `%{x}: %{y:.0%}<extra>${name}</extra>`,
    },
    {
      ...shared,
      mode: "lines",
      showlegend: false,
      y: points.map(({ fitted }) => fitted),
      line: { color, width: 2 },
      hoverinfo: "skip",
    },
  ];
}

function placeAxes(panels: readonly string[]): Record<string, unknown> {
  const width = (1 - GAP * (panels.length - 1)) / panels.length;
  const axes = panels.map((panel, at) => {
    const start = at * (width + GAP);
    return [
      `xaxis${axisSuffix(at)}`,
      {
        ...VALUE_AXIS,
        domain: [start, Math.min(1, start + width)],
        title: { text: panel, font: { size: 13 } },
        tick0: 1,
        dtick: 3,
      },
    ];
  });
  return Object.fromEntries(axes);
}

function describe(
  points: readonly CoursePoint[],
  panels: readonly string[],
  series: readonly string[],
): string {
  const show = (point: CoursePoint | undefined) => `${(100 * (point?.fitted ?? 0)).toFixed(0)} %`;
  const parts = panels.map((panel, at) => {
    const courses = series.map((name) => {
      const own = points.filter((point) => point.series === name && point.panel === at);
      return `${name} from ${show(own[0])} to ${show(own.at(-1))}`;
    });
    return `${panel}: ${courses.join(", ")}.`;
  });
  return parts.join(" ");
}
