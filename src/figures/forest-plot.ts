import type { PlotlySpec } from "./figure";
import { NAME_AXIS, SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One line of a forest plot: an estimate with its interval. */
export interface ForestRow {
  readonly name: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** What a forest plot says besides its rows. */
export interface ForestOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
  /** What is on the axis, with its unit, such as "difference in log-odds". */
  readonly axis: string;
  /** The value that means no effect; drawn as a line. 0 by default. */
  readonly reference?: number;
}

const ROW_PX = 28;

/** Shows estimates with their intervals, one a line, in the order given. */
export function forestPlot(rows: readonly ForestRow[], options: ForestOptions): PlotlySpec {
  const { id, title, axis, reference = 0 } = options;
  const estimates = rows.map(({ estimate }) => estimate);
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const height = rows.length * ROW_PX;
  return toPlotlySpec({
    id,
    title,
    alt: describe(rows, axis),
    traces: [
      {
        type: "scatter",
        mode: "markers",
        x: estimates,
        y: rows.map(({ name }) => name),
        marker: { color: SERIES_STYLES[0].color, size: 9 },
        error_x: {
          type: "data",
          symmetric: false,
          array: rows.map(({ estimate, upper }) => upper - estimate),
          arrayminus: rows.map(({ estimate, lower }) => estimate - lower),
          color: SERIES_STYLES[0].color,
          thickness: 1.5,
          width: 4,
        },
        hovertemplate: "%{y}: %{x:.3f}<extra></extra>",
      },
    ],
    layout: {
      width: 760,
      height: height + 150,
      margin: { l: 30 + 8 * longest, r: 30, t: 70, b: 62 },
      xaxis: { ...VALUE_AXIS, title: { text: axis } },
      yaxis: { ...NAME_AXIS, autorange: "reversed" },
      shapes: [
        {
          type: "line",
          x0: reference,
          x1: reference,
          y0: 0,
          y1: 1,
          yref: "paper",
          line: { color: "#222222", width: 1, dash: "dot" },
        },
      ],
    },
  });
}

function describe(rows: readonly ForestRow[], axis: string): string {
  const parts = rows.map(({ name, estimate, lower, upper }) => {
    return `${name} ${estimate.toFixed(2)} (${lower.toFixed(2)} to ${upper.toFixed(2)})`;
  });
  return `Points with intervals, ${axis}: ${parts.join("; ")}.`;
}
