import type { FigureName, PlotlySpec } from "./figure";
import { referenceLine } from "./parts";
import { SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/** Residuals that are even between 0 and 1 where their model holds. */
export interface ResidualPoints {
  /** One value a row. */
  readonly residuals: ArrayLike<number>;
  /** What the model expects of the row. */
  readonly expected: ArrayLike<number>;
  /** Where 95 % of the simulated distributions lie at even steps up to 1. */
  readonly envelope: { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> };
}

/** What a plot of residuals says besides them. */
export interface ResidualPlotOptions extends FigureName {
  /** What the expected values are, with their unit. */
  readonly axis: string;
}

const BINS = 10;
const LEAST_BINNED = 32;
const MOST_POINTS = 4000;
const QUARTILES = [0.25, 0.5, 0.75] as const;

/**
 * Shows the residuals' distribution beside the even one, with the band where that of simulated responses lies, and their
 * quartiles along what the model expects, which should lie on the dotted lines.
 */
export function residualPlot(points: ResidualPoints, options: ResidualPlotOptions): PlotlySpec {
  const { id, title, axis } = options;
  const bins = binPoints(points);
  return toPlotlySpec({
    id,
    title,
    alt: describe(points, bins),
    traces: [
      ...toDistribution(points),
      toPoints(points),
      ...QUARTILES.map((_, at) => toLine(bins, at)),
    ],
    layout: {
      width: 900,
      height: 480,
      margin: { l: 76, r: 30, t: 70, b: 62 },
      xaxis: { ...VALUE_AXIS, domain: [0, 0.44], range: [0, 1], title: { text: "residual" } },
      yaxis: { ...VALUE_AXIS, range: [0, 1], title: { text: "share of residuals below" } },
      xaxis2: { ...VALUE_AXIS, domain: [0.56, 1], anchor: "y2", title: { text: axis } },
      yaxis2: { ...VALUE_AXIS, anchor: "x2", range: [0, 1], title: { text: "residual" } },
      shapes: [
        referenceLine({ x0: 0, x1: 1, y0: 0, y1: 1 }),
        ...QUARTILES.map((share) => {
          return referenceLine({
            xref: "x2 domain",
            yref: "y2",
            x0: 0,
            x1: 1,
            y0: share,
            y1: share,
          });
        }),
      ],
    },
  });
}

function toDistribution({ residuals, envelope: { lower, upper } }: ResidualPoints) {
  const sorted = Float64Array.from(residuals).sort();
  const steps = Array.from(upper, (_, at) => (at + 1) / upper.length);
  let below = 0;
  const shares = steps.map((step) => {
    while (below < sorted.length && (sorted[below] as number) <= step) below++;
    return below / sorted.length;
  });
  const { color } = SERIES_STYLES[0];
  const line = { color: "#b5b5b5", width: 0 };
  return [
    { type: "scatter", mode: "lines", x: steps, y: Array.from(lower), line, hoverinfo: "skip" },
    {
      type: "scatter",
      mode: "lines",
      x: steps,
      y: Array.from(upper),
      line,
      fill: "tonexty",
      fillcolor: "#d9d9d9",
      hoverinfo: "skip",
    },
    { type: "scatter", mode: "lines", x: steps, y: shares, line: { color, width: 2 } },
  ];
}

function toPoints({ residuals, expected }: ResidualPoints) {
  const stride = Math.ceil(residuals.length / MOST_POINTS);
  const shown = Array.from(residuals, (_, row) => row).filter((row) => row % stride === 0);
  return {
    type: "scatter",
    mode: "markers",
    xaxis: "x2",
    yaxis: "y2",
    x: shown.map((row) => expected[row]),
    y: shown.map((row) => residuals[row]),
    marker: { color: "#8f8f8f", size: 4, opacity: 0.5 },
    hovertemplate: "expected %{x:.3f}, residual %{y:.3f}<extra></extra>",
  };
}

interface Bin {
  /** Mean of what is expected. */
  readonly at: number;
  readonly quartiles: readonly number[];
}

// Rows in the order of what is expected, in parts of equal size.
function binPoints({ residuals, expected }: ResidualPoints): Bin[] {
  const order = Array.from(residuals, (_, row) => row).sort(
    (a, b) => (expected[a] as number) - (expected[b] as number),
  );
  const bins = order.length < LEAST_BINNED ? 0 : Math.min(BINS, Math.floor(order.length / 8));
  return Array.from({ length: bins }, (_, bin) => {
    const rows = order.slice(
      Math.round((bin * order.length) / bins),
      Math.round(((bin + 1) * order.length) / bins),
    );
    const values = rows.map((row) => residuals[row] as number).sort((a, b) => a - b);
    return {
      at: rows.reduce((sum, row) => sum + (expected[row] as number), 0) / rows.length,
      quartiles: QUARTILES.map(
        (share) => values[Math.floor(share * (values.length - 1))] as number,
      ),
    };
  });
}

function toLine(bins: readonly Bin[], which: number) {
  const { color } = SERIES_STYLES[1];
  return {
    type: "scatter",
    mode: "lines+markers",
    xaxis: "x2",
    yaxis: "y2",
    x: bins.map(({ at }) => at),
    y: bins.map(({ quartiles }) => quartiles[which]),
    line: { color, width: 2 },
    marker: { color, size: 5 },
    hovertemplate: `quartile ${which + 1}: %{y:.2f}<extra></extra>`,
  };
}

function describe({ residuals }: ResidualPoints, bins: readonly Bin[]): string {
  const medians = bins.map(
    ({ at, quartiles }) => `${at.toFixed(2)}: ${(quartiles[1] as number).toFixed(2)}`,
  );
  return `Distribution of ${residuals.length} residuals, and their medians along what is expected: ${medians.join("; ")}.`;
}
