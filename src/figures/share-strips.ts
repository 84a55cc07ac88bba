// Shares as strips: a row for people and for each family, a small mark for each of its systems, a large one for their mean.
import { METRICS } from "empathy-scorer";
import {
  axisSuffix,
  errorBars,
  LEGEND_ABOVE,
  NAME_AXIS,
  type PlotlySpec,
  styleOf,
  toPlotlySpec,
  VALUE_AXIS,
} from "plotly-stills";
import type { OverallShare } from "../claims/overall-shares";
import { FAMILY_NAMES, type Family } from "../systems/system";

/** What the figure says besides its marks. */
export interface ShareStripOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
}

const WIDTH_PX = 940;
const TOP_PX = 96;
const ROW_PX = 74;
const BOTTOM_PX = 62;
const LEFT_PX = 140;
const GAP = 0.06;
/** Marks nearer to each other than this, as a share of the axis, are set apart. */
const NEAR = 0.032;
/** A number nearer to people's line than this is written beside it. */
const CROSSED = 0.2;
const GREY = "#222222";
const LINE = { color: GREY, width: 1, dash: "dash" } as const;
/** What the marks are, whatever their colour. */
const KEYS = [
  { name: "people, or a family's mean", mode: "markers", marker: { color: GREY, size: 11 } },
  { name: "one system", mode: "markers", marker: { color: GREY, size: 8, opacity: 0.55 } },
  { name: "people's share", mode: "lines", line: LINE },
] as const;
const STEP = 0.16;
const TITLES = { er: "emotional reaction (ER)", ip: "interpretation (IP)", ex: "exploration (EX)" };
const ROW_NAMES: Readonly<Record<Family, string>> = {
  human: "people",
  ecs: "older systems",
  llm: "LLMs",
  "tuned-llm": "fine-tuned LLMs",
};

/** Shows the shares of each metric in a panel; a dashed line carries people's share through the other rows. */
export function shareStrips(
  rows: readonly OverallShare[],
  { id, title }: ShareStripOptions,
): PlotlySpec {
  const families = [...new Set(rows.map(({ family }) => family))];
  const width = (1 - 2 * GAP) / METRICS.length;
  const axisOf = (at: number) => `x${axisSuffix(at)}`;
  return toPlotlySpec({
    id,
    title,
    alt: describe(rows),
    traces: [
      ...METRICS.flatMap((metric, at) =>
        families.flatMap((family, row) => {
          const own = rows.filter((one) => one.metric === metric && one.family === family);
          const isLarge = (one: OverallShare) => one.isMean || family === "human";
          const look = styleOf(FAMILY_NAMES[family], row);
          const place = { xaxis: axisOf(at), row, look, people: peopleIn(rows, metric) };
          return [
            small(
              own.filter((one) => !isLarge(one)),
              place,
            ),
            large(own.filter(isLarge), place),
          ];
        }),
      ),
      ...(rows.length > 0
        ? KEYS.map((key) => ({ type: "scatter", x: [null], y: [null], ...key }))
        : []),
    ],
    layout: {
      width: WIDTH_PX,
      height: TOP_PX + families.length * ROW_PX + BOTTOM_PX,
      margin: { l: LEFT_PX, r: 24, t: TOP_PX, b: BOTTOM_PX },
      ...Object.fromEntries(
        METRICS.map((metric, at) => [
          `xaxis${axisSuffix(at)}`,
          {
            ...VALUE_AXIS,
            domain: [at * (width + GAP), Math.min(1, at * (width + GAP) + width)],
            range: [-0.06, 1.06],
            nticks: 4,
            tickformat: ".0%",
            title: { text: TITLES[metric], font: { size: 14 } },
          },
        ]),
      ),
      yaxis: {
        ...NAME_AXIS,
        tickvals: families.map((_, at) => at),
        ticktext: families.map((family) => ROW_NAMES[family]),
        range: [families.length - 0.5, -0.5],
        zeroline: false,
      },
      shapes: METRICS.flatMap((metric, at) => {
        const people = peopleIn(rows, metric);
        return people === undefined ? [] : [peopleLine(people, axisOf(at), families.length)];
      }),
      showlegend: true,
      legend: LEGEND_ABOVE,
    },
  });
}

interface Place {
  readonly xaxis: string;
  readonly row: number;
  readonly look: ReturnType<typeof styleOf>;
  /** People's share, where the panel's line stands. */
  readonly people: number | undefined;
}

function peopleIn(rows: readonly OverallShare[], metric: OverallShare["metric"]) {
  return rows.find((one) => one.metric === metric && one.family === "human")?.value;
}

function small(shares: readonly OverallShare[], { xaxis, row, look }: Place) {
  const { color, symbol } = look;
  const sorted = [...shares].sort((one, other) => one.value - other.value);
  const offsets = setApart(sorted.map(({ value }) => value));
  return {
    type: "scatter",
    mode: "markers",
    x: sorted.map(({ value }) => value),
    y: offsets.map((offset) => row + STEP * offset),
    text: sorted.map(({ name }) => name),
    xaxis,
    yaxis: "y",
    showlegend: false,
    cliponaxis: false,
    marker: { color, symbol, size: 8, opacity: 0.55 },
    hovertemplate: "%{text}: %{x:.0%}<extra></extra>",
  };
}

function large(shares: readonly OverallShare[], { xaxis, row, look, people }: Place) {
  const { color, symbol } = look;
  // Clear of people's line, which begins below their own row.
  const sideOf = ({ value, isMean }: OverallShare) => {
    if (!isMean || people === undefined || Math.abs(value - people) > CROSSED) return "center";
    return value < people ? "left" : "right";
  };
  return {
    type: "scatter",
    mode: "markers+text",
    x: shares.map(({ value }) => value),
    // Above the systems.
    y: shares.map(({ isMean }) => (isMean ? row - 0.28 : row)),
    text: shares.map(({ value }) => percent(value)),
    textposition: shares.map((one) => `top ${sideOf(one)}`),
    textfont: { size: 13 },
    hovertext: shares.map(({ name, isMean }) => (isMean ? `mean of ${name}s` : name)),
    xaxis,
    yaxis: "y",
    showlegend: false,
    cliponaxis: false,
    marker: { color, symbol, size: 11 },
    error_x: errorBars(
      shares.map(({ value, lower, upper }) => [value, lower, upper]),
      { color, thickness: 2, width: 4 },
    ),
    hovertemplate: "%{hovertext}: %{x:.0%}<extra></extra>",
  };
}

/**
 * Steps off the line for marks that would cover each other: 0, below it, above it, and so on.
 *
 * @param values ascending.
 */
function setApart(values: readonly number[]): number[] {
  const last = new Map<number, number>();
  return values.map((value) => {
    const step = [0, 1, 2, 3].find((one) => value - (last.get(one) ?? -1) >= NEAR) ?? 0;
    last.set(step, value);
    return step;
  });
}

// From below people's row through the others.
function peopleLine(value: number, xref: string, rows: number) {
  return {
    type: "line",
    xref,
    yref: "paper",
    x0: value,
    x1: value,
    y0: 0,
    y1: 1 - 0.6 / rows,
    line: LINE,
  };
}

function percent(value: number): string {
  return `${(100 * value).toFixed(0)} %`;
}

function describe(rows: readonly OverallShare[]): string {
  return METRICS.map((metric) => {
    const own = rows.filter((one) => one.metric === metric);
    const parts = own.map(({ name, value, lower, upper, isMean }) => {
      const who = isMean ? `mean of ${name}s` : name;
      return `${who} ${percent(value)} (${percent(lower)} to ${percent(upper)})`;
    });
    return `Share of replies that show ${TITLES[metric]}: ${parts.join(", ")}.`;
  }).join(" ");
}
