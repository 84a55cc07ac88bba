import { largest } from "kit";
import type { FigureName, PlotlySpec } from "./figure";
import { errorBars, referenceLine } from "./parts";
import { NAME_AXIS, SERIES_STYLES, type SeriesStyle, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One line of a forest plot: an estimate with its interval. */
export interface ForestRow {
  readonly name: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Whether it sums others up; such rows stand out. */
  readonly isSummary?: boolean;
  /** Where the next true effect is expected, for a row that sums others up. */
  readonly next?: { readonly lower: number; readonly upper: number };
}

/** What a forest plot says besides its rows. */
export interface ForestOptions extends FigureName {
  /** What is on the axis, with its unit, such as "difference in log-odds". */
  readonly axis: string;
  /** The value that means no effect; drawn as a line. 0 by default; null where no value does. */
  readonly reference?: number | null;
}

const ROW_PX = 28;

/** Shows estimates with their intervals, one a line, in the order given. */
export function forestPlot(rows: readonly ForestRow[], options: ForestOptions): PlotlySpec {
  const { id, title, axis, reference = 0 } = options;
  const longest = largest(rows.map(({ name }) => name.length));
  const height = rows.length * ROW_PX;
  return toPlotlySpec({
    id,
    title,
    alt: describe(rows, axis),
    traces: [
      toTrace(
        rows.filter((row) => !isSummary(row)),
        SERIES_STYLES[0],
      ),
      ...rows.filter(isSummary).flatMap(toSummary),
    ],
    layout: {
      width: 760,
      height: height + 150,
      margin: { l: 30 + 8 * longest, r: 30, t: 70, b: 62 },
      xaxis: { ...VALUE_AXIS, title: { text: axis } },
      yaxis: { ...NAME_AXIS, autorange: "reversed", ...inOrder(rows) },
      shapes:
        reference === null
          ? []
          : [referenceLine({ x0: reference, x1: reference, y0: 0, y1: 1, yref: "paper" })],
    },
  });
}

function isSummary({ isSummary: own, next }: ForestRow): boolean {
  return own === true || next !== undefined;
}

// Traces of their own would put the names of their rows in another order.
function inOrder(rows: readonly ForestRow[]) {
  if (!rows.some(isSummary)) return {};
  return { type: "category", categoryorder: "array", categoryarray: rows.map(({ name }) => name) };
}

function toTrace(rows: readonly ForestRow[], { color, symbol }: SeriesStyle) {
  return {
    type: "scatter",
    mode: "markers",
    x: rows.map(({ estimate }) => estimate),
    y: rows.map(({ name }) => name),
    marker: symbol === "circle" ? { color, size: 9 } : { color, symbol, size: 11 },
    error_x: errorBars(
      rows.map(({ estimate, lower, upper }) => [estimate, lower, upper]),
      { color, thickness: 1.5, width: 4 },
    ),
    hovertemplate: "%{y}: %{x:.3f}<extra></extra>",
  };
}

// A diamond with its interval, on a pale bar from the lowest next effect to the highest where that is known.
function toSummary(row: ForestRow) {
  const { name, next } = row;
  const style = { ...SERIES_STYLES[1], symbol: SERIES_STYLES[2].symbol };
  if (!next) return [toTrace([row], style)];
  const bar = {
    type: "scatter",
    mode: "lines",
    x: [next.lower, next.upper],
    y: [name, name],
    line: { color: style.color, width: 9 },
    opacity: 0.3,
    hovertemplate: `${name}, next: %{x:.3f}<extra></extra>`,
  };
  return [bar, toTrace([row], style)];
}

function describe(rows: readonly ForestRow[], axis: string): string {
  const parts = rows.map(({ name, estimate, lower, upper, next }) => {
    const own = `${name} ${estimate.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
    return next
      ? `${own}, the next from ${next.lower.toFixed(2)} to ${next.upper.toFixed(2)}`
      : own;
  });
  return `Points with intervals, ${axis}: ${parts.join("; ")}.`;
}
