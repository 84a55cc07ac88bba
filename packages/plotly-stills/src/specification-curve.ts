// One estimate under every reasonable analysis, sorted, over a matrix of the choices that were made, after
// Simonsohn, Simmons and Nelson 2020, Specification curve analysis, Nature Human Behaviour 4.
import { largest } from "kit";
import type { FigureName, PlotlySpec } from "./figure";
import { bandBehind, errorBars, referenceLine } from "./parts";
import { NAME_AXIS, styleOf, toPlotlySpec, uprightTitle, VALUE_AXIS } from "./theme";

/** One analysis: the choices that make it, and its estimate with an interval. */
export interface Specification {
  /** By question, such as `outcome`, the answer, such as `level at least 1`. */
  readonly choices: Readonly<Record<string, string>>;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Whether it is the main analysis. */
  readonly isMain?: boolean;
}

/** What the figure says besides its rows. */
export interface SpecificationCurveOptions extends FigureName {
  /** What is estimated, with its unit. */
  readonly axis: string;
  /** The question whose answers differ in colour; the others stand in the matrix below. */
  readonly colorBy: string;
  /** How far from 0 an estimate is too small to matter; drawn in grey. */
  readonly margin?: number | undefined;
}

const CURVE_PX = 260;
const GAP_PX = 18;
const ROW_PX = 19;
const TOP_PX = 84;
const BOTTOM_PX = 46;
const CHARACTER_PX = 6.8;
/** Beside the texts of the legend: its marks, and the title and numbers of the curve's axis. */
const LEGEND_SIDES_PX = 110;
const AXIS_TITLE_PX = 52;
const HOLLOW = "(hollow: its interval holds 0)";

/**
 * Shows the estimates of all analyses from the lowest to the highest, and what each chose: one choice by colour, in the order in
 * which its answers first appear, the others below.
 */
export function specificationCurve(
  specifications: readonly Specification[],
  { id, title, axis, colorBy, margin = 0 }: SpecificationCurveOptions,
): PlotlySpec {
  const sorted = [...specifications].sort((one, other) => one.estimate - other.estimate);
  const answers = [...new Set(specifications.map(({ choices }) => choices[colorBy] as string))];
  const questions = [
    ...new Set(specifications.flatMap(({ choices }) => Object.keys(choices))),
  ].filter((question) => question !== colorBy);
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
  const curveStart = (matrixPx + GAP_PX) / plotPx;
  const clear = sorted.filter((one) => !holdsZero(one));
  return toPlotlySpec({
    id,
    title,
    alt: describe(sorted, clear.length, axis),
    traces: [
      ...answers.map((answer, of) => curve(sorted, colorBy, answer, of)),
      ...markMain(sorted),
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
        // The legend and the title above it stand beside the curve too.
        l: Math.max(24 + widthOf([...labels, HOLLOW]), LEGEND_SIDES_PX + widthOf(answers)),
        r: 24,
        t: TOP_PX,
        b: BOTTOM_PX,
      },
      xaxis: {
        showgrid: false,
        showticklabels: false,
        zeroline: false,
        range: [-1, sorted.length],
        anchor: "y",
        title: {
          text: `${sorted.length} analyses, from the lowest to the highest; marks: what each chose`,
          font: { size: 13 },
          standoff: 8,
        },
      },
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
        domain: [curveStart, 1],
        anchor: "x",
        rangemode: "tozero",
      },
      annotations: [uprightTitle(axis, AXIS_TITLE_PX, (1 + curveStart) / 2)],
      shapes: [...(margin > 0 ? [bandBehind(across(margin))] : []), referenceLine(across(0))],
      showlegend: true,
      // Beside the curve, above the names of the choices.
      legend: {
        title: { text: `${colorBy}<br>${HOLLOW}`, font: { size: 13 } },
        x: 0.02,
        xref: "container",
        xanchor: "left",
        y: 1,
        yanchor: "top",
      },
    },
  });
}

function widthOf(texts: readonly string[]): number {
  return CHARACTER_PX * largest(texts.map(({ length }) => length));
}

// From side to side of the curve, so far from 0.
function across(reach: number) {
  return { xref: "paper", yref: "y2", x0: 0, x1: 1, y0: 0 - reach, y1: reach };
}

function holdsZero({ lower, upper }: Specification): boolean {
  return lower <= 0 && upper >= 0;
}

function markMain(sorted: readonly Specification[]) {
  const at = sorted.findIndex(({ isMain }) => isMain);
  if (at < 0) return [];
  return [
    {
      type: "scatter",
      mode: "markers",
      name: "main analysis",
      x: [at],
      y: [(sorted[at] as Specification).estimate],
      yaxis: "y2",
      marker: { color: "#222222", symbol: "circle-open", size: 15, line: { width: 2 } },
      hoverinfo: "skip",
    },
  ];
}

function curve(sorted: readonly Specification[], colorBy: string, answer: string, of: number) {
  const at = [...sorted.keys()].filter((position) => sorted[position]?.choices[colorBy] === answer);
  const shown = at.map((position) => sorted[position] as Specification);
  const { color: used, symbol } = styleOf("", of);
  return {
    type: "scatter",
    mode: "markers",
    name: answer,
    x: at,
    y: shown.map(({ estimate }) => estimate),
    yaxis: "y2",
    marker: {
      color: used,
      symbol: shown.map((one) => (holdsZero(one) ? `${symbol}-open` : symbol)),
      size: 7,
    },
    error_y: errorBars(
      shown.map(({ estimate, lower, upper }) => [estimate, lower, upper]),
      { color: used, thickness: 1.2, width: 0 },
    ),
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
