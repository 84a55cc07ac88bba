import type { PlotlySpec } from "./figure";
import { NAME_AXIS, SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/** One line of a figure of dot panels: a name, the group it belongs to, a value for each panel. */
export interface DotRow {
  readonly name: string;
  readonly group: string;
  /** By panel; null where there is no value. */
  readonly values: readonly (number | null)[];
}

/** One panel: what its values are. */
export interface DotPanel {
  /** What is on the axis, with its unit. */
  readonly axis: string;
  /** How values are written, as a d3 format such as `.0%`. */
  readonly format: string;
}

/** What the figure says besides its rows. */
export interface DotPanelOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
  /** What a reader who cannot see it needs to know. */
  readonly alt: string;
  readonly panels: readonly DotPanel[];
}

const ROW_PX = 24;
const TOP_PX = 96;
const BOTTOM_PX = 66;
const GAP = 0.035;

/**
 * Shows several measures of the same things side by side: one line a thing, one panel a measure, in the
 * order given; groups differ in colour and symbol.
 */
export function dotPanels(rows: readonly DotRow[], options: DotPanelOptions): PlotlySpec {
  const { id, title, alt, panels } = options;
  const groups = [...new Set(rows.map(({ group }) => group))];
  const width = (1 - GAP * (panels.length - 1)) / panels.length;
  const axes: Record<string, unknown> = {};
  for (const [at, { axis, format }] of panels.entries()) {
    const start = at * (width + GAP);
    axes[`xaxis${at === 0 ? "" : at + 1}`] = {
      ...VALUE_AXIS,
      domain: [start, Math.min(1, start + width)],
      title: { text: axis, font: { size: 13 } },
      tickformat: format,
      rangemode: "tozero",
      nticks: 4,
    };
  }
  const traces = panels.flatMap((panel, at) =>
    groups.map((group, of) => dots(rows, panel, at, group, of)),
  );
  const longest = Math.max(...rows.map(({ name }) => name.length));
  return toPlotlySpec({
    id,
    title,
    alt,
    traces,
    layout: {
      width: 940,
      height: TOP_PX + rows.length * ROW_PX + BOTTOM_PX,
      margin: { l: 24 + 7.2 * longest, r: 24, t: TOP_PX, b: BOTTOM_PX },
      ...axes,
      yaxis: {
        ...NAME_AXIS,
        showgrid: true,
        gridcolor: VALUE_AXIS.gridcolor,
        type: "category",
        categoryorder: "array",
        categoryarray: rows.map(({ name }) => name),
        range: [rows.length - 0.5, -0.5],
      },
      showlegend: true,
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom" },
    },
  });
}

function dots(rows: readonly DotRow[], panel: DotPanel, at: number, group: string, of: number) {
  const { color, symbol } = SERIES_STYLES[(of % SERIES_STYLES.length) as 0];
  const shown = rows.filter((row) => row.group === group && row.values[at] !== null);
  return {
    type: "scatter",
    mode: "markers",
    name: group,
    legendgroup: group,
    showlegend: at === 0,
    x: shown.map(({ values }) => values[at]),
    y: shown.map(({ name }) => name),
    xaxis: `x${at === 0 ? "" : at + 1}`,
    yaxis: "y",
    cliponaxis: false,
    marker: { color, symbol, size: 9 },
    hovertemplate: `%{y}: %{x:${panel.format}}<extra>${panel.axis}</extra>`,
  };
}
