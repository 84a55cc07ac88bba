// Claims side by side, each with the interval that decides its verdict, in the claim's own direction.
import { largest } from "kit";
import {
  bandBehind,
  errorBars,
  NAME_AXIS,
  type PlotlySpec,
  referenceLine,
  SERIES_STYLES,
  toPlotlySpec,
  VALUE_AXIS,
} from "plotly-stills";
import { decidingInterval } from "../claims/answer";
import { type Claim, sideOf } from "../claims/claim";
import type { ClaimResult } from "../claims/results-tables";

/** Lower and upper limit. */
type Limits = readonly [number, number];

/** One claim: its estimate, its intervals, and what is concluded; everything in the claim's own direction. */
export interface ClaimInterval {
  /** `<br>` breaks a line. */
  readonly name: string;
  readonly verdict: string;
  /** The smallest difference that matters. */
  readonly margin: number;
  /** What decides: an estimate with its interval. */
  readonly estimate: number;
  readonly deciding: Limits;
  /** The interval that does not decide, where there is one. */
  readonly other: Limits | null;
}

/** A study's claims for the figure: those whose replies can be compared, with what decides them. */
export function toClaimIntervals(
  claims: readonly Claim[],
  results: readonly ClaimResult[],
): ClaimInterval[] {
  return claims.flatMap((claim) => {
    const row = results.find(({ set, claim: id }) => set === "main" && id === claim.id);
    const found = row && decidingInterval(row);
    if (!row || !found) return [];
    const side = sideOf(claim);
    const directed = (limits: Limits): Limits => {
      const [one, other] = limits.map((limit) => 100 * side * limit) as [number, number];
      return one < other ? [one, other] : [other, one];
    };
    const [estimate, lower, upper] = found;
    const others = [
      [row.lower, row.upper],
      [row.these_lower, row.these_upper],
    ].filter((limits): limits is [number, number] => !limits.includes(null) && limits[0] !== lower);
    return [
      {
        name: breakName(claim.short),
        verdict: row.verdict,
        margin: claim.marginInPoints,
        estimate: 100 * side * estimate,
        deciding: directed([lower, upper]),
        other: others[0] ? directed(others[0]) : null,
      },
    ];
  });
}

function breakName(short: string): string {
  return short
    .replace(/ (on negative prompts( than on positive ones)?)$/, "<br>$1")
    .replace(/, by older systems$/, "<br>(older systems, not LLMs)");
}

/** What the figure says besides its rows. */
export interface ClaimIntervalOptions {
  /** Name of the figure's files, `NN-name`. */
  readonly id: string;
  readonly title: string;
  /** What is estimated, with its unit. */
  readonly axis: string;
  /** How many of the first claims stand apart, above the others; none by default. */
  readonly first?: number;
}

const ROW_PX = 40;
const TOP_PX = 118;
const BOTTOM_PX = 66;
const CHARACTER_PX = 6.9;
const WIDTH_PX = 940;
const OTHER = "#9a9a9a";
const OPEN = "#444444";
const [{ color: BLUE }, { color: ORANGE }] = SERIES_STYLES;

const KINDS = [
  { name: "as claimed", color: BLUE, symbol: "circle", ends: /^(holds|seen in)/ },
  { name: "the opposite", color: ORANGE, symbol: "square", ends: /^the opposite/ },
  { name: "neither", color: OPEN, symbol: "diamond", ends: /^(no difference|cannot)/ },
] as const;

/** Shows claims from top to bottom, each in the colour of its verdict; the grey band is the margin. */
export function claimIntervals(
  claims: readonly ClaimInterval[],
  { id, title, axis, first = 0 }: ClaimIntervalOptions,
): PlotlySpec {
  const gap = first > 0 && first < claims.length ? 0.7 : 0;
  const places = claims.map((_, at) => (at < first ? at : at + gap));
  const rows = claims.length + gap;
  const widthOf = (names: readonly string[]) =>
    CHARACTER_PX * largest(names.flatMap((name) => name.split("<br>")).map((line) => line.length));
  const left = 24 + widthOf(claims.map(({ name }) => name));
  const right = 34 + widthOf(claims.map(({ verdict }) => verdict));
  return toPlotlySpec({
    id,
    title,
    alt: describe(claims, axis),
    traces: [
      // Where a study is too small for a second interval, the legend names none.
      ...(claims.some(({ other }) => other) ? [otherIntervals(claims, places)] : []),
      ...KINDS.map((kind) => toTrace(claims, places, kind)),
    ],
    layout: {
      width: WIDTH_PX,
      height: TOP_PX + rows * ROW_PX + BOTTOM_PX,
      margin: { l: left, r: right, t: TOP_PX, b: BOTTOM_PX },
      // Intervals with next to no degrees of freedom end at the edge.
      xaxis: { ...VALUE_AXIS, title: { text: axis }, range: rangeOf(claims), nticks: 7 },
      yaxis: {
        ...NAME_AXIS,
        tickvals: places,
        ticktext: claims.map(({ name }) => name),
        range: [rows - 0.5, -0.5],
        zeroline: false,
      },
      shapes: [...claims.map(({ margin }, at) => marginBand(margin, places[at] as number)), ZERO],
      annotations: claims.map(({ verdict }, at) => ({
        text: verdict,
        x: 1,
        xref: "paper",
        xanchor: "left",
        xshift: 10,
        y: places[at],
        showarrow: false,
        font: { size: 13 },
      })),
      showlegend: true,
      legend: {
        orientation: "h",
        x: 0.015,
        xref: "container",
        xanchor: "left",
        y: 1,
        yanchor: "bottom",
      },
    },
  });
}

function otherIntervals(claims: readonly ClaimInterval[], places: readonly number[]) {
  return {
    type: "scatter",
    mode: "lines",
    name: "other interval",
    x: claims.flatMap(({ other }) => [...(other ?? [null, null]), null]),
    y: places.flatMap((at) => [at, at, null]),
    line: { color: OTHER, width: 1.5 },
    legendrank: 2000,
    hoverinfo: "skip",
  };
}

function toTrace(
  claims: readonly ClaimInterval[],
  places: readonly number[],
  { name, color, symbol, ends }: (typeof KINDS)[number],
) {
  const own = [...claims.keys()].filter((at) => ends.test(claims[at]?.verdict ?? ""));
  const shown = own.map((at) => claims[at] as ClaimInterval);
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: shown.map(({ estimate }) => estimate),
    y: own.map((at) => places[at]),
    marker: { color, symbol, size: 9 },
    error_x: errorBars(
      shown.map(({ estimate, deciding: [lower, upper] }) => [estimate, lower, upper]),
      { color, thickness: 4, width: 0 },
    ),
    hovertemplate: `%{x:.0f}<extra>${name}</extra>`,
  };
}

// As wide as what decides, and a quarter as much again.
function rangeOf(claims: readonly ClaimInterval[]): [number, number] {
  const limits = claims.flatMap(({ deciding, margin }) => [...deciding, margin, -margin]);
  const [low, high] = [Math.min(...limits), Math.max(...limits)];
  const room = (high - low) / 8;
  return [low - room, high + room];
}

const ZERO = referenceLine({ yref: "paper", x0: 0, x1: 0, y0: 0, y1: 1 });

function marginBand(margin: number, at: number) {
  return bandBehind({ x0: -margin, x1: margin, y0: at - 0.42, y1: at + 0.42 });
}

function describe(claims: readonly ClaimInterval[], axis: string): string {
  const parts = claims.map(({ name, verdict, estimate, deciding }) => {
    const [lower, upper] = deciding.map((limit) => limit.toFixed(0));
    return `${name.replaceAll("<br>", " ")}: ${estimate.toFixed(0)} (${lower} to ${upper}), ${verdict}`;
  });
  return `${axis}, with the 95 % interval that decides: ${parts.join("; ")}.`;
}
