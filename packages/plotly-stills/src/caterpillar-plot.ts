import { largest } from "kit";
import type { FigureName, PlotlySpec } from "./figure";
import { errorBars, referenceLine } from "./parts";
import { SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One level of a caterpillar plot. */
export interface CaterpillarRow {
  readonly name: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** What a caterpillar plot says besides its rows. */
export interface CaterpillarOptions extends FigureName {
  /** What is on the axis, with its unit. */
  readonly axis: string;
  /** What the rows are, such as `system`. */
  readonly of: string;
}

// More rows are told apart by their order only.
const MOST_NAMED = 60;
const ROW_PX = 20;
const MANY_PX = 560;

/** Shows many estimates with their intervals in the order of their size, the largest on top. */
export function caterpillarPlot(
  rows: readonly CaterpillarRow[],
  { id, title, axis, of }: CaterpillarOptions,
): PlotlySpec {
  const sorted = [...rows].sort((left, right) => left.estimate - right.estimate);
  const places = sorted.map((_, at) => at + 1);
  const isNamed = sorted.length <= MOST_NAMED;
  const { color } = SERIES_STYLES[0];
  const longest = largest(sorted.map(({ name }) => name.length));
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  return toPlotlySpec({
    id,
    title,
    alt:
      `${sorted.length} levels of ${of} by ${axis}, with intervals: ` +
      (first && last
        ? `from ${first.name}, ${first.estimate.toFixed(2)}, to ${last.name}, ${last.estimate.toFixed(2)}.`
        : "none."),
    traces: [
      {
        type: "scatter",
        mode: "markers",
        x: sorted.map(({ estimate }) => estimate),
        y: places,
        text: sorted.map(({ name }) => name),
        marker: { color, size: isNamed ? 7 : 3 },
        error_x: errorBars(
          sorted.map(({ estimate, lower, upper }) => [estimate, lower, upper] as const),
          { color, thickness: isNamed ? 1.5 : 0.6, width: 0 },
        ),
        hovertemplate: "%{text}: %{x:.3f}<extra></extra>",
      },
    ],
    layout: {
      width: 700,
      height: (isNamed ? sorted.length * ROW_PX : MANY_PX) + 150,
      margin: { l: isNamed ? 30 + 8 * longest : 76, r: 30, t: 70, b: 62 },
      xaxis: { ...VALUE_AXIS, title: { text: axis } },
      yaxis: {
        ...VALUE_AXIS,
        showgrid: false,
        range: [0, sorted.length + 1],
        ...(isNamed
          ? { tickvals: places, ticktext: sorted.map(({ name }) => name) }
          : { title: { text: `${of}, in order` } }),
      },
      shapes: [referenceLine({ x0: 0, x1: 0, y0: 0, y1: 1, yref: "paper" })],
    },
  });
}
