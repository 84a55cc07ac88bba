import type { FigureParts, PlotlySpec } from "./figure";

/** The bundled font (Source Sans 3, SIL Open Font License 1.1), for layout and for drawing. */
export const FONT_FAMILY = "Source Sans 3";

/** Of texts, ticks and lines that are no series. */
export const TEXT_COLOR = "#222222";
const GRID_COLOR = "#dddddd";

/** How a series looks: a colour that colour-blind readers can tell; a pattern and a symbol for grey print. */
export interface SeriesStyle {
  readonly color: string;
  readonly pattern: "" | "/" | "." | "x" | "-";
  readonly symbol: "circle" | "square" | "diamond" | "triangle-up" | "triangle-down";
}

/** Styles in order of use; colours after Okabe and Ito (jfly.uni-koeln.de/color), dark to light. */
export const SERIES_STYLES: readonly [
  SeriesStyle,
  SeriesStyle,
  SeriesStyle,
  SeriesStyle,
  SeriesStyle,
] = [
  { color: "#0072b2", pattern: "", symbol: "circle" },
  { color: "#d55e00", pattern: "/", symbol: "square" },
  { color: "#009e73", pattern: ".", symbol: "diamond" },
  { color: "#cc79a7", pattern: "x", symbol: "triangle-up" },
  { color: "#e69f00", pattern: "-", symbol: "triangle-down" },
];

// One look for each sentiment and each family, wherever they are shown.
const NAMED: Readonly<Record<string, number>> = {
  positive: 0,
  negative: 1,
  ambiguous: 2,
  LLM: 0,
  "older system (ECS)": 1,
  "fine-tuned LLM": 2,
  "human listener": 3,
};

/** How a series looks: by its name where that has a look of its own, else by its place. */
export function styleOf(series: string, place: number): SeriesStyle {
  return SERIES_STYLES[((NAMED[series] ?? place) % SERIES_STYLES.length) as 0];
}

/** An axis of numbers; a figure adds title (with unit), range and domain, and sets its own margins. */
export const VALUE_AXIS = {
  gridcolor: GRID_COLOR,
  zeroline: false,
  ticks: "outside",
  tickcolor: TEXT_COLOR,
  tickangle: 0,
  // Where nothing is laid out, plotly takes labels for lying outside and hides them.
  ticklabeloverflow: "allow",
} as const;

/** An axis of names. */
export const NAME_AXIS = {
  showgrid: false,
  ticks: "",
  ticklabelstandoff: 6,
  ticklabeloverflow: "allow",
} as const;

/**
 * The title of an upright axis, as a note: where nothing is laid out, plotly would write it over the axis's labels or far from them.
 *
 * @param left of the plots, in pixels.
 * @param y the axis's middle, from 0 at the plots' bottom to 1 at their top.
 */
export function uprightTitle(text: string, left: number, y = 0.5) {
  return {
    text,
    textangle: -90,
    font: { size: 13 },
    showarrow: false,
    xref: "paper",
    x: 0,
    xshift: -left,
    xanchor: "center",
    yref: "paper",
    y,
    yanchor: "middle",
  };
}

/** How bars of a series are filled, so that they differ in grey print too. */
export function barFill({ color, pattern }: SeriesStyle) {
  if (pattern === "") return { color };
  return { color, pattern: { shape: pattern, fgcolor: "#ffffff", fillmode: "overlay", size: 6 } };
}

/** Completes a figure with what all figures share: title, font, colours, alternative text. */
export function toPlotlySpec(parts: FigureParts): PlotlySpec {
  const { id, title, alt, traces, layout } = parts;
  return {
    // plotly warns of a trace without a mark, which a figure of few rows may well have.
    data: traces.filter(({ x }) => !Array.isArray(x) || x.length > 0),
    layout: {
      font: { family: `'${FONT_FAMILY}', sans-serif`, size: 14, color: TEXT_COLOR },
      paper_bgcolor: "#ffffff",
      plot_bgcolor: "#ffffff",
      title: {
        text: title,
        x: 0,
        xref: "container",
        xanchor: "left",
        pad: { l: 24 },
        font: { size: 18 },
      },
      showlegend: false,
      ...layout,
      meta: { figure: id, alt },
    },
    config: { displaylogo: false, responsive: false },
  };
}
