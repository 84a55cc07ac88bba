// Which of several sets share how many elements, after Lex et al. 2014, UpSet: Visualization of
// Intersecting Sets, IEEE TVCG: bars for the sizes of intersections, a dot matrix for which sets.
import { largest } from "kit";
import type { FigureName, PlotlySpec } from "./figure";
import { NAME_AXIS, SERIES_STYLES, toPlotlySpec, VALUE_AXIS } from "./theme";

/**
 * What some sets have in common: where it has no name, the elements that these sets hold and all others do not;
 * where it has one, the elements that these sets hold, whoever else does.
 */
export interface Intersection {
  readonly sets: readonly string[];
  readonly size: number;
  /** Stands below its column; `\n` breaks the line. */
  readonly name?: string;
}

/** What the figure says besides its rows. */
export interface SetOverlapOptions extends FigureName {
  /** The sets, in the order of their lines. */
  readonly sets: readonly string[];
  /** What is counted, such as "stimuli". */
  readonly unit: string;
}

const ROW_PX = 22;
const BARS_PX = 190;
const GAP_PX = 16;
const TOP_PX = 76;
const BOTTOM_PX = 24;
const NAME_LINE_PX = 18;
const ABSENT = "#d8d8d8";

/** Shows how many elements each combination of sets has in common, in the order given. */
export function setOverlapFigure(
  intersections: readonly Intersection[],
  { id, title, sets, unit }: SetOverlapOptions,
): PlotlySpec {
  const columns = intersections.map((_, at) => at);
  const matrixPx = sets.length * ROW_PX;
  const plotPx = BARS_PX + GAP_PX + matrixPx;
  const cells = sets.flatMap((set) =>
    intersections.map((one, at) => ({ set, at, isIn: one.sets.includes(set) })),
  );
  const sizes = intersections.map(({ size }) => size);
  const longest = largest(sets.map((set) => set.length));
  const names = intersections.map(({ name = "" }) => name);
  const isNamed = names.some((name) => name !== "");
  const lines = largest(names.map((name) => name.split("\n").length));
  const bottomPx = BOTTOM_PX + (isNamed ? lines * NAME_LINE_PX : 0);
  return toPlotlySpec({
    id,
    title,
    alt: describe(intersections, sets, unit),
    traces: [
      {
        type: "bar",
        x: columns,
        y: sizes,
        yaxis: "y2",
        marker: { color: SERIES_STYLES[0].color },
        text: sizes.map((size) => size.toLocaleString("en-US")),
        textposition: "outside",
        constraintext: "none",
        cliponaxis: false,
        hovertemplate: `%{y} ${unit}<extra></extra>`,
      },
      ...[false, true].map((isIn) => matrix(cells.filter((cell) => cell.isIn === isIn))),
    ],
    layout: {
      width: 860,
      height: TOP_PX + plotPx + bottomPx,
      margin: { l: 24 + 7.2 * longest, r: 24, t: TOP_PX, b: bottomPx },
      bargap: 0.35,
      xaxis: {
        ...(isNamed
          ? { ...NAME_AXIS, tickvals: columns, ticktext: names.map(breakLines), tickangle: 0 }
          : { visible: false }),
        range: [-0.6, intersections.length - 0.4],
        anchor: "y",
      },
      yaxis: {
        ...NAME_AXIS,
        domain: [0, matrixPx / plotPx],
        type: "category",
        categoryorder: "array",
        categoryarray: sets,
        range: [sets.length - 0.5, -0.5],
      },
      yaxis2: {
        ...VALUE_AXIS,
        domain: [(matrixPx + GAP_PX) / plotPx, 1],
        title: { text: unit },
        range: [0, largest(sizes) * 1.12],
      },
    },
  });
}

function matrix(cells: readonly { set: string; at: number; isIn: boolean }[]) {
  const isIn = cells[0]?.isIn === true;
  return {
    type: "scatter",
    mode: "markers",
    x: cells.map(({ at }) => at),
    y: cells.map(({ set }) => set),
    marker: isIn ? { color: SERIES_STYLES[0].color, size: 11 } : { color: ABSENT, size: 5 },
    hoverinfo: "skip",
  };
}

function breakLines(name: string): string {
  return name.replaceAll("\n", "<br>");
}

function describe(
  intersections: readonly Intersection[],
  sets: readonly string[],
  unit: string,
): string {
  const parts = intersections.map((one) => {
    const name = one.name ? `${one.name.replaceAll("\n", " ")}: ` : "";
    return `${name}${one.size} by ${one.sets.length === sets.length ? "all" : one.sets.join(", ")}`;
  });
  const who = intersections.some(({ name }) => name) ? "all of" : "exactly";
  return `Bars over a matrix of dots: number of ${unit} answered by ${who} these systems: ${parts.join("; ")}.`;
}
