import type { SvgElement } from "../plotly-window";
import {
  compose,
  IDENTITY,
  type Matrix,
  mapPoint,
  parseSvg,
  styleValue,
  transformOf,
} from "./svg-tree";
import { layOutLines } from "./text-lines";

/** Where one line of text lies in a picture, in the SVG's units. */
export interface TextBox {
  readonly text: string;
  /** Size of its letters. */
  readonly size: number;
  /** What it is of: `gtitle` (the figure's title), `legend`, `xtick`, `y2title` and so on as plotly has them, else `plot`. */
  readonly kind: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

// How far letters reach from their baseline, for a size of 1.
const [ABOVE, BELOW] = [0.74, 0.22];

/** Lists the lines of text of an SVG that plotly drew, with the room that their letters take. */
export function listTextBoxes(svg: string): TextBox[] {
  return boxesIn(parseSvg(svg), IDENTITY, "plot");
}

function boxesIn(element: SvgElement, around: Matrix, kind: string): TextBox[] {
  if (element.localName === "defs" || styleValue(element, "display") === "none") return [];
  const matrix = compose(around, transformOf(element));
  const own = kindOf(element.getAttribute("class")) ?? kind;
  if (element.localName === "text") return boxesOf(element, matrix, own);
  return [...element.children].flatMap((child) => boxesIn(child, matrix, own));
}

function kindOf(name: string | null): string | undefined {
  return name !== null && /^(legend|gtitle|[xy]\d*(tick|title))$/.test(name) ? name : undefined;
}

function boxesOf(element: SvgElement, matrix: Matrix, kind: string): TextBox[] {
  return layOutLines(element).flatMap(({ x, y, width, runs }) => {
    const text = runs.map((run) => run.text).join("");
    if (text.trim() === "") return [];
    const size = Math.max(...runs.map((run) => run.size));
    const corners = [x, x + width].flatMap((across) =>
      [y - ABOVE * size, y + BELOW * size].map((down) => mapPoint(matrix, across, down)),
    );
    const across = corners.map(([at]) => at);
    const down = corners.map(([, at]) => at);
    return [
      {
        text,
        size: Math.min(...runs.map((run) => run.size)),
        kind,
        left: Math.min(...across),
        right: Math.max(...across),
        top: Math.min(...down),
        bottom: Math.max(...down),
      },
    ];
  });
}

/** Two texts where one begins before the other has ended, or the labels of an axis without a gap between them. */
interface Covered {
  readonly one: TextBox;
  readonly other: TextBox;
}

/** What cannot be read in a picture: a text that leaves it, or two that cover each other. */
export type Unreadable = { readonly leaves: TextBox } | { readonly covered: Covered };

const TOLERANCE = 1;
// Between numbers side by side, which would read as one.
const APART = 6;

/** Finds the first thing that cannot be read in a picture; undefined if there is none. */
export function findUnreadable(
  boxes: readonly TextBox[],
  { width, height }: { readonly width: number; readonly height: number },
): Unreadable | undefined {
  for (const [at, box] of boxes.entries()) {
    const leaves =
      box.left < -TOLERANCE ||
      box.top < -TOLERANCE ||
      box.right > width + TOLERANCE ||
      box.bottom > height + TOLERANCE;
    if (leaves) return { leaves: box };
    const other = boxes.slice(at + 1).find((one) => overlap(box, one));
    if (other) return { covered: { one: box, other } };
  }
  return undefined;
}

/** Whether both texts are labels of horizontal axes that stand upright. */
export function areTicks({ one, other }: Covered): boolean {
  return [one, other].every(
    ({ kind, size, top, bottom }) => /^x\d*tick$/.test(kind) && bottom - top < 1.1 * size,
  );
}

function overlap(one: TextBox, other: TextBox): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > (areTicks({ one, other }) ? -APART : TOLERANCE) && down > TOLERANCE;
}
