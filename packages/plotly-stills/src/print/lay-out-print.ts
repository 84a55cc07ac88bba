import { largest } from "kit";
import type { PlotlyLayout, PlotlySpec, PlotlyTrace } from "../figure";
import { titleOf } from "../name-spec";
import { type Annotation, annotationsOf, breakNotes, moveNote, roomOfNotes } from "./notes";
import { axesAcross, spreadPanels } from "./panels-across";
import { axesOf } from "./plot-axes";
import { raiseFonts } from "./print-fonts";
import { type Margins, SMALLEST_TEXT_PX as SIZE } from "./print-size";
import { axesUp, breakRowNames, type RowNames, stackPlots } from "./rows-up";
import type { Restacked } from "./stack-domains";
import { widthOfText, wrapText } from "./wrap-text";

/** What a figure is laid out for. */
export interface PrintPlan {
  /** In plotly's pixels. */
  readonly width: number;
  /** Whether the title stands above. */
  readonly titles: boolean;
  /** What the plots leave around them, where that has been measured. */
  readonly margins?: Margins;
  /** How many marks fewer the axes of numbers get than their room would let them have. */
  readonly fewerTicks: number;
}

interface Shape {
  readonly xref?: string;
  readonly yref?: string;
  readonly [field: string]: unknown;
}

const TITLE_PX = 16;
const EDGE_PX = 6;
// Marks larger than this are cells of a table, and shrink with it.
const CELL_PX = 20;
const LEAST_SHRINK = 0.6;

/** Lays a figure out anew at a width; its data stay as they are. */
export function layOutPrint(spec: PlotlySpec, plan: PrintPlan): PlotlySpec {
  const { width } = plan;
  const layout = withPrintFonts(spec.layout);
  const data = raiseFonts(spec.data);
  const notes = breakNotes(annotationsOf(layout), width);
  const names = breakRowNames(layout, data, width, notes);
  const around = plan.margins ?? firstMargins(layout, names, notes);
  const plotWidth = width - around.l - around.r;
  const ratio = Math.min(1, plotWidth / plotWidthOf(spec.layout));
  const hasCells = data.some((trace) => sizeOf(trace) > CELL_PX);
  const across = spreadPanels(layout, plotWidth);
  const up = stackPlots(spec.layout, names, notes, {
    rows: hasCells ? ratio : 1,
    values: hasCells ? ratio : Math.max(LEAST_SHRINK, ratio),
  });
  return {
    ...spec,
    data: hasCells ? data.map((trace) => shrinkCells(trace, ratio)) : data,
    layout: {
      ...layout,
      ...titleParts(spec.layout, plan),
      width,
      height: around.t + up.length + around.b,
      margin: { ...around, pad: 0, autoexpand: false },
      ...axesAcross(layout, data, { around, width, across, fewerTicks: plan.fewerTicks }),
      ...axesUp(layout, names, up),
      ...printLegend(layout, data, around.l, { width: plotWidth, height: up.length }),
      annotations: notes.map((one) => moveNote(one, across, up)),
      shapes: ((layout.shapes ?? []) as Shape[]).map((shape) => moveShape(shape, across, up)),
    },
  };
}

function withPrintFonts(layout: PlotlyLayout): PlotlyLayout {
  const font = { ...(layout.font as object | undefined), size: SIZE };
  return { ...raiseFonts(layout), font };
}

// Names need what they are wide; above and below there is more than enough until the texts have been measured.
function firstMargins(
  layout: PlotlyLayout,
  names: RowNames,
  notes: readonly Annotation[],
): Margins {
  const columns = [...names.values()].flatMap(({ shown }) => shown);
  const widest = largest(columns.map((name) => widthOfText(name, SIZE)));
  const hasValues = axesOf(layout, "y").some(({ key }) => !names.has(key));
  const left = Math.max(widest + 2 * EDGE_PX, hasValues ? 70 : 0);
  return { l: left, r: roomOfNotes(notes) + EDGE_PX, t: 300, b: 300 };
}

function plotWidthOf({ width, margin }: PlotlyLayout): number {
  const { l = 80, r = 80 } = (margin ?? {}) as Partial<Margins>;
  return width - l - r;
}

function sizeOf({ marker }: PlotlyTrace): number {
  const size = (marker as { readonly size?: unknown } | undefined)?.size;
  return typeof size === "number" ? size : 0;
}

function shrinkCells(trace: PlotlyTrace, ratio: number): PlotlyTrace {
  if (sizeOf(trace) <= CELL_PX) return trace;
  return { ...trace, marker: { ...(trace.marker as object), size: sizeOf(trace) * ratio } };
}

function titleParts(layout: PlotlySpec["layout"], { titles, width }: PrintPlan) {
  const title = titleOf(layout);
  const meta = { ...layout.meta, title };
  if (!titles) return { title: { text: "" }, meta };
  const place = {
    x: 0,
    xref: "container",
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
  };
  const text = wrapText(title, width - 2 * EDGE_PX, TITLE_PX);
  const font = { size: TITLE_PX };
  return { meta, title: { ...place, text, font, pad: { l: EDGE_PX, t: EDGE_PX } } };
}

function moveShape(shape: Shape, across: Restacked, up: Restacked): Shape {
  const moved: Record<string, unknown> = { ...shape };
  if (shape.xref === "paper")
    for (const end of ["x0", "x1"]) moved[end] = across.moved(Number(shape[end]));
  if (shape.yref === "paper")
    for (const end of ["y0", "y1"]) moved[end] = up.moved(Number(shape[end]));
  return moved;
}

// A symbol with what lies around it.
const KEY_PX = 50;
// The topmost label of an axis reaches above its plot.
const ABOVE_PX = 8;

/**
 * Lays a legend above the plots, where it takes no column's room; one that is wider than they are begins at the page's edge.
 *
 * @param left the margin at the plots' left.
 * @param plots the width and the height of all plots, in pixels.
 */
function printLegend(
  layout: PlotlyLayout,
  data: readonly PlotlyTrace[],
  left: number,
  plots: { readonly width: number; readonly height: number },
): object {
  const shown = data.filter(({ showlegend }) => showlegend !== false);
  if (!(layout.showlegend ?? shown.length > 1)) return {};
  const names = [...new Set(shown.map(({ name }) => String(name ?? "")))];
  const total = names.reduce((sum, name) => sum + KEY_PX + widthOfText(name, SIZE), 0);
  const place = {
    orientation: "h",
    xref: "paper",
    xanchor: "left",
    x: total > plots.width ? Math.max(-2, -left / plots.width) : 0,
    y: 1 + ABOVE_PX / plots.height,
    yanchor: "bottom",
    bgcolor: "rgba(0,0,0,0)",
  };
  const given = layout.legend as { readonly title?: object } | undefined;
  const title = given?.title ? { title: { ...given.title, side: "top" } } : {};
  return { legend: { ...given, ...place, ...title } };
}
