import { crc32 } from "node:zlib";
import { UserError } from "kit";
import type { PlotlySpec } from "../figure";
import { renderPng } from "../render-png";
import { completeSvg, drawSvg } from "../render-svg";
import { layOutPrint, type PrintPlan } from "./lay-out-print";
import { placeTitles } from "./place-titles";
import type { Margins } from "./print-size";
import { mmToPx, PRINT_DPI, pxToMm } from "./print-size";
import type { TextBox } from "./text-boxes";
import { areTicks, findUnreadable, listTextBoxes, type Unreadable } from "./text-boxes";

/** How a figure is printed. */
export interface PrintChoice {
  readonly widthMm: number;
  /** Whether its title stands above it, as on a slide; in a paper the caption says it. False by default. */
  readonly titles?: boolean;
}

/** A figure at its printed size. */
export interface Printed {
  /** Its `width` and `height` are in millimetres, its user units half a point. */
  readonly svg: string;
  readonly widthMm: number;
  readonly heightMm: number;
}

const MOST_PASSES = 8;
const LEAST_PLOT_PX = 40;

/**
 * Draws a figure for a paper: exactly as wide as is asked for, its texts at 7 points or more.
 *
 * Names are broken into lines, rows and panels take the room that their texts need, and margins are what the drawn
 * texts measure. The same spec gives the same bytes.
 *
 * @throws UserError naming the figure and what could not be read, if its texts do not fit into that width.
 */
export async function renderForPrint(spec: PlotlySpec, choice: PrintChoice): Promise<Printed> {
  const { widthMm, titles = false } = choice;
  let plan: PrintPlan = { width: mmToPx(widthMm), titles, fewerTicks: 0 };
  for (let pass = 1; ; pass++) {
    const laidOut = layOutPrint(spec, plan);
    const { layout } = laidOut;
    const given = layout.margin as Margins;
    if (layout.width - given.l - given.r < LEAST_PLOT_PX) {
      refuse(spec, widthMm, "its labels leave the plot no room");
    }
    const drawn = await drawSvg(laidOut);
    const { svg, boxes } = placeTitles(drawn, listTextBoxes(drawn), layout);
    const margins = measureMargins(laidOut, boxes);
    const last = pass >= MOST_PASSES;
    if (!last && !isSettled(given, margins)) {
      plan = { ...plan, margins };
      continue;
    }
    const unreadable = findUnreadable(boxes, layout);
    if (!unreadable) return toPrinted(await completeSvg(svg, laidOut), widthMm, layout.height);
    if (last || !couldBeFewer(unreadable)) refuse(spec, widthMm, describe(unreadable));
    plan = { ...plan, fewerTicks: plan.fewerTicks + 1 };
  }
}

/** A printed figure as PNG at 600 dots an inch, which the file says too. */
export function printedPng({ svg }: Printed): Buffer {
  // The renderer takes an inch for 96 pixels.
  return withDensity(renderPng(svg, PRINT_DPI / 96), PRINT_DPI);
}

function couldBeFewer(unreadable: Unreadable): boolean {
  return "covered" in unreadable && areTicks(unreadable.covered);
}

function describe(unreadable: Unreadable): string {
  if ("leaves" in unreadable) return `'${unreadable.leaves.text}' would be cut off`;
  const { one, other } = unreadable.covered;
  return `'${one.text}' and '${other.text}' would cover each other`;
}

function refuse(spec: PlotlySpec, widthMm: number, why: string): never {
  throw new UserError(
    `${spec.layout.meta.figure}: cannot be read at ${widthMm} mm: ${why}; give it a larger --width`,
  );
}

function toPrinted(svg: string, widthMm: number, height: number): Printed {
  const heightMm = pxToMm(height);
  const text = svg.replace(
    /^(<svg [^>]*?)width="[^"]*" height="[^"]*"/,
    `$1width="${widthMm}mm" height="${heightMm}mm"`,
  );
  return { svg: text, widthMm, heightMm };
}

const EDGE_PX = 5;

/** The margins that a figure's texts take, from where they were drawn: what lies outside a margin widens it, room that is left narrows it. */
function measureMargins({ layout }: PlotlySpec, boxes: readonly TextBox[]): Margins {
  const { l, r, t, b } = layout.margin as Margins;
  const title = boxes.filter(({ kind }) => kind === "gtitle");
  const rest = boxes.filter(({ kind }) => kind !== "gtitle");
  const plot = rest.filter(({ kind }) => kind !== "legend");
  const below = Math.max(0, ...title.map(({ bottom }) => bottom + EDGE_PX));
  const left = Math.min(l, ...plot.map((box) => box.left));
  const right = Math.max(layout.width - r, ...plot.map((box) => box.right));
  const top = Math.min(t, ...rest.map((box) => box.top));
  const bottom = Math.max(layout.height - b, ...rest.map((box) => box.bottom));
  return {
    l: l - left + EDGE_PX,
    r: r - (layout.width - right) + EDGE_PX,
    t: t - top + below + EDGE_PX,
    b: b - (layout.height - bottom) + EDGE_PX,
  };
}

/** Whether two measures of the margins are the same, to the pixel. */
function isSettled(one: Margins, other: Margins): boolean {
  return (["l", "r", "t", "b"] as const).every((side) => Math.abs(one[side] - other[side]) < 1);
}

const PIXELS_PER_METRE_OF_DPI = 1 / 0.0254;
const AFTER_HEADER = 33;

/** Gives a PNG the chunk that says how many pixels it has an inch (`pHYs`; PNG specification, 11.3.4.3). */
function withDensity(png: Buffer, dpi: number): Buffer {
  const perMetre = Math.round(dpi * PIXELS_PER_METRE_OF_DPI);
  const chunk = Buffer.alloc(21);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, AFTER_HEADER), chunk, png.subarray(AFTER_HEADER)]);
}
