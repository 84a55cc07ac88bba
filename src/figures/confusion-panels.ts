import { axisSuffix, NAME_AXIS, type PlotlySpec, toPlotlySpec } from "plotly-stills";

/** How often each pair of levels occurs: one row a true level, one column a scored level. */
export interface Confusion {
  /** What the panel shows, such as "Emotional Reaction". */
  readonly title: string;
  readonly counts: readonly (readonly number[])[];
}

/** What the figure says besides its counts. */
export interface ConfusionOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
  readonly levels: readonly string[];
  /** What the rows are, such as "people's level". */
  readonly rows: string;
  /** What the columns are, such as "classifier's level". */
  readonly columns: string;
}

const GAP = 0.09;
const DARK = 0.55;
const CELL_PX = 66;

/** Shows confusion matrices side by side: shade is the share of the row, the number is the count. */
export function confusionPanels(
  matrices: readonly Confusion[],
  { id, title, levels, rows, columns }: ConfusionOptions,
): PlotlySpec {
  const width = (1 - GAP * (matrices.length - 1)) / matrices.length;
  const axes: Record<string, unknown> = {};
  const annotations: unknown[] = [];
  const traces = matrices.map(({ title: panel, counts }, at) => {
    const suffix = axisSuffix(at);
    const start = at * (width + GAP);
    const domain = [start, Math.min(1, start + width)];
    axes[`xaxis${suffix}`] = {
      ...NAME_AXIS,
      type: "category",
      categoryarray: levels,
      range: [-0.5, levels.length - 0.5],
      domain,
      anchor: `y${suffix}`,
      title: { text: columns, font: { size: 13 } },
    };
    axes[`yaxis${suffix}`] = {
      ...NAME_AXIS,
      type: "category",
      categoryarray: levels,
      range: [levels.length - 0.5, -0.5],
      anchor: `x${suffix}`,
      ...(at === 0 ? { title: { text: rows, font: { size: 13 } } } : {}),
    };
    const shares = counts.map((row) => row.map((count) => count / (sum(row) || 1)));
    annotations.push(heading(panel, domain[0] as number), ...cells(counts, shares, levels, suffix));
    return squares(shares, levels, suffix);
  });
  return toPlotlySpec({
    id,
    title,
    alt: describe(matrices, levels, rows, columns),
    traces,
    layout: {
      width: 940,
      height: 400,
      margin: { l: 76, r: 24, t: 104, b: 66 },
      ...axes,
      annotations,
    },
  });
}

// Squares in place of a heat map, which plotly draws on a canvas only.
function squares(
  shares: readonly (readonly number[])[],
  levels: readonly string[],
  suffix: string,
) {
  return {
    type: "scatter",
    mode: "markers",
    x: shares.flatMap(() => levels),
    y: shares.flatMap((_, at) => levels.map(() => levels[at])),
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
    cliponaxis: false,
    marker: {
      symbol: "square",
      size: CELL_PX,
      color: shares.flat().map(shade),
      line: { color: "#bbbbbb", width: 1 },
    },
    text: shares.flat().map((share) => `${(100 * share).toFixed(0)} % of the row`),
    hovertemplate: "%{text}<extra></extra>",
  };
}

/** White for none, dark blue for all. */
function shade(share: number): string {
  const mix = [0x0b, 0x3c, 0x5d].map((full) => Math.round(255 + (full - 255) * share));
  return `#${mix.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function cells(
  counts: readonly (readonly number[])[],
  shares: readonly (readonly number[])[],
  levels: readonly string[],
  suffix: string,
) {
  return counts.flatMap((row, at) =>
    row.map((count, of) => ({
      text: count.toLocaleString("en-US"),
      x: levels[of],
      y: levels[at],
      xref: `x${suffix}`,
      yref: `y${suffix}`,
      showarrow: false,
      font: { color: (shares[at]?.[of] as number) > DARK ? "#ffffff" : "#222222" },
    })),
  );
}

function heading(text: string, x: number) {
  return {
    text: `<b>${text}</b>`,
    showarrow: false,
    xref: "paper",
    yref: "paper",
    x,
    xanchor: "left",
    y: 1,
    yanchor: "bottom",
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function describe(
  matrices: readonly Confusion[],
  levels: readonly string[],
  rows: string,
  columns: string,
): string {
  const parts = matrices.map(({ title, counts }) => {
    const agreed = sum(counts.map((row, at) => row[at] as number));
    const lines = counts.map((row, at) => `${levels[at]}: ${row.join(", ")}`);
    return `${title}: ${agreed} of ${sum(counts.flat())} equal; ${lines.join("; ")}`;
  });
  return `Confusion matrices, ${rows} in rows, ${columns} in columns. ${parts.join(". ")}.`;
}
