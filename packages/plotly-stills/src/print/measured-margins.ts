import type { PlotlySpec } from "../figure";
import type { Margins } from "./print-size";
import type { TextBox } from "./text-boxes";

const EDGE_PX = 5;

/** The margins that a figure's texts take, from where they were drawn: what lies outside a margin widens it, room that is left narrows it. */
export function measureMargins({ layout }: PlotlySpec, boxes: readonly TextBox[]): Margins {
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
export function isSettled(one: Margins, other: Margins): boolean {
  return (["l", "r", "t", "b"] as const).every((side) => Math.abs(one[side] - other[side]) < 1);
}
