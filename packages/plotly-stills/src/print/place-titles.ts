// Titles of axes, set beside the labels that they belong to. Plotly sets them by places that only a browser knows.
import type { PlotlyLayout } from "../figure";
import type { PlotAxis } from "./plot-axes";
import type { TextBox } from "./text-boxes";

const STANDOFF_PX = 5;

/** A picture whose axes' titles stand where they belong, and where its texts are then. */
interface Placed {
  readonly svg: string;
  readonly boxes: readonly TextBox[];
}

/** Moves each axis's title to a fixed distance from its labels, on the side that the layout gives it. */
export function placeTitles(svg: string, boxes: readonly TextBox[], layout: PlotlyLayout): Placed {
  const kinds = boxes.map(({ kind }) => kind).filter((kind) => /^[xy]\d*title$/.test(kind));
  let placed: Placed = { svg, boxes };
  for (const kind of new Set(kinds)) {
    const axis = layout[kind.replace(/^([xy])(\d*)title$/, "$1axis$2")] as PlotAxis | undefined;
    placed = placeTitle(placed, kind, axis?.side);
  }
  return placed;
}

function placeTitle({ svg, boxes }: Placed, kind: string, side: unknown): Placed {
  const ticks = boxes.filter((box) => box.kind === kind.replace("title", "tick"));
  if (ticks.length === 0) return { svg, boxes };
  const title = boxes.filter((box) => box.kind === kind);
  const isAcross = kind.startsWith("x");
  const [before, after] = isAcross ? (["top", "bottom"] as const) : (["left", "right"] as const);
  const follows = side === undefined ? isAcross : side === after;
  const by = follows
    ? greatest(ticks, after) + STANDOFF_PX - least(title, before)
    : least(ticks, before) - STANDOFF_PX - greatest(title, after);
  const [right, down] = isAcross ? [0, by] : [by, 0];
  return {
    svg: svg.replace(
      new RegExp(`<g class="g-${kind}"(?: transform="translate\\(([-.\\d]+),([-.\\d]+)\\)")?>`),
      (_tag, x = "0", y = "0") =>
        `<g class="g-${kind}" transform="translate(${Number(x) + right},${Number(y) + down})">`,
    ),
    boxes: boxes.map((box) => (box.kind === kind ? shift(box, right, down) : box)),
  };
}

function shift(box: TextBox, right: number, down: number): TextBox {
  return {
    ...box,
    left: box.left + right,
    right: box.right + right,
    top: box.top + down,
    bottom: box.bottom + down,
  };
}

type Edge = "left" | "right" | "top" | "bottom";

function least(boxes: readonly TextBox[], edge: Edge): number {
  return Math.min(...boxes.map((box) => box[edge]));
}

function greatest(boxes: readonly TextBox[], edge: Edge): number {
  return Math.max(...boxes.map((box) => box[edge]));
}
