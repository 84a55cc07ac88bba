// One estimate under every reasonable analysis, sorted, over a matrix of the choices that were made, after
// Simonsohn, Simmons and Nelson 2020, Specification curve analysis, Nature Human Behaviour 4.
import type { PlotlySpec } from "./figure";
import { NAME_AXIS, SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One analysis: the choices that make it, and its estimate with an interval. */
export interface Specification {
  /** By question, such as `outcome`, the answer, such as `level at least 1`. */
  readonly choices: Readonly<Record<string, string>>;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** What the figure says besides its rows. */
export interface SpecificationCurveOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
  /** What is estimated, with its unit. */
  readonly axis: string;
}

const CURVE_PX = 260;
const GAP_PX = 18;
const ROW_PX = 19;
const TOP_PX = 76;
const BOTTOM_PX = 26;
const NONE = "#999999";

/** Shows the estimates of all analyses from the lowest to the highest, and what each chose. */
export function specificationCurve(
  specifications: readonly Specification[],
  { id, title, axis }: SpecificationCurveOptions,
): PlotlySpec {
  const sorted = [...specifications].sort((one, other) => one.estimate - other.estimate);
  const questions = [...new Set(specifications.flatMap(({ choices }) => Object.keys(choices)))];
  const lines = questions.flatMap((question) =>
    [...new Set(specifications.map(({ choices }) => choices[question] as string))].map(
      (answer) => ({
        question,
        answer,
      }),
    ),
  );
  const labels = lines.map(({ question, answer }) => `${question}: ${answer}`);
  const matrixPx = lines.length * ROW_PX;
  const plotPx = CURVE_PX + GAP_PX + matrixPx;
  const clear = sorted.filter(({ lower, upper }) => lower > 0 || upper < 0);
  return toPlotlySpec({
    id,
    title,
    alt: describe(sorted, clear.length, axis),
    traces: [
      // plotly refuses a trace without points.
      ...[true, false].map((isClear) => curve(sorted, isClear)).filter(({ x }) => x.length > 0),
      {
        type: "scatter",
        mode: "markers",
        x: sorted.flatMap((_, at) => questions.map(() => at)),
        y: sorted.flatMap(({ choices }) =>
          questions.map((question) => `${question}: ${choices[question]}`),
        ),
        marker: { color: "#222222", symbol: "line-ns", size: 9, line: { width: 2 } },
        hoverinfo: "skip",
        showlegend: false,
      },
    ],
    layout: {
      width: 900,
      height: TOP_PX + plotPx + BOTTOM_PX,
      margin: {
        l: 24 + 6.8 * Math.max(...labels.map(({ length }) => length)),
        r: 24,
        t: TOP_PX,
        b: BOTTOM_PX,
      },
      xaxis: { visible: false, range: [-1, sorted.length], anchor: "y" },
      yaxis: {
        ...NAME_AXIS,
        domain: [0, matrixPx / plotPx],
        type: "category",
        categoryorder: "array",
        categoryarray: labels,
        range: [labels.length - 0.5, -0.5],
        tickfont: { size: 12.5 },
      },
      yaxis2: {
        ...VALUE_AXIS,
        domain: [(matrixPx + GAP_PX) / plotPx, 1],
        anchor: "x",
        title: { text: axis },
      },
      shapes: [
        {
          type: "line",
          xref: "paper",
          yref: "y2",
          x0: 0,
          x1: 1,
          y0: 0,
          y1: 0,
          line: { color: "#222222", width: 1, dash: "dot" },
        },
      ],
      showlegend: true,
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom" },
    },
  });
}

function curve(sorted: readonly Specification[], isClear: boolean) {
  const { color, symbol } = SERIES_STYLES[isClear ? 0 : 1];
  const at = [...sorted.keys()].filter((position) => {
    const { lower, upper } = sorted[position] as Specification;
    return (lower > 0 || upper < 0) === isClear;
  });
  const shown = at.map((position) => sorted[position] as Specification);
  const used = isClear ? color : NONE;
  return {
    type: "scatter",
    mode: "markers",
    name: isClear ? "interval excludes 0" : "interval holds 0",
    x: at,
    y: shown.map(({ estimate }) => estimate),
    yaxis: "y2",
    marker: { color: used, symbol: isClear ? "circle" : symbol, size: 6 },
    error_y: {
      type: "data",
      symmetric: false,
      array: shown.map(({ estimate, upper }) => upper - estimate),
      arrayminus: shown.map(({ estimate, lower }) => estimate - lower),
      color: used,
      thickness: 1.2,
      width: 0,
    },
    hovertemplate: "%{y:.2f}<extra></extra>",
  };
}

function describe(sorted: readonly Specification[], clear: number, axis: string): string {
  const [lowest, highest] = [sorted[0], sorted.at(-1)] as [Specification, Specification];
  const middle = sorted[Math.floor(sorted.length / 2)] as Specification;
  return (
    `${axis} under ${sorted.length} analyses, from ${lowest.estimate.toFixed(2)} to ` +
    `${highest.estimate.toFixed(2)}, median ${middle.estimate.toFixed(2)}; ${clear} intervals exclude 0. ` +
    "Below each estimate, marks say which choices it made."
  );
}
