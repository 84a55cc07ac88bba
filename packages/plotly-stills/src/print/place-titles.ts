// Titles of axes, set beside the labels that they belong to. Plotly sets them by places that only a browser knows.
import type { TextBox } from "./text-boxes";

const STANDOFF_PX = 5;

/** A picture whose axes' titles stand where they belong, and where its texts are then. */
export interface Placed {
  readonly svg: string;
  readonly boxes: readonly TextBox[];
}

/** Moves each axis's title to a fixed distance from its labels. */
export function placeTitles(svg: string, boxes: readonly TextBox[]): Placed {
  const titles = new Set(
    boxes.map(({ kind }) => kind).filter((kind) => /^[xy]\d*title$/.test(kind)),
  );
  let placed: Placed = { svg, boxes };
  for (const kind of titles) placed = placeTitle(placed, kind);
  return placed;
}

function placeTitle({ svg, boxes }: Placed, kind: string): Placed {
  const ticks = boxes.filter((box) => box.kind === kind.replace("title", "tick"));
  if (ticks.length === 0) return { svg, boxes };
  const title = boxes.filter((box) => box.kind === kind);
  const isAcross = kind.startsWith("x");
  const labelsEnd = isAcross
    ? Math.max(...ticks.map(({ bottom }) => bottom))
    : Math.min(...ticks.map(({ left }) => left));
  const by = isAcross
    ? labelsEnd + STANDOFF_PX - Math.min(...title.map(({ top }) => top))
    : labelsEnd - STANDOFF_PX - Math.max(...title.map(({ right }) => right));
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
