import type { SvgElement } from "../plotly-window";
import { type FontWeight, textWidth } from "../text-metrics";
import { numberOf, styleValue } from "./svg-tree";

/** A piece of a line in one size and weight. */
interface TextRun {
  readonly text: string;
  /** In the SVG's units. */
  readonly size: number;
  readonly weight: FontWeight;
  readonly width: number;
}

/** A line of text: where it begins on its baseline, and its pieces from left to right. */
interface TextLine {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly runs: readonly TextRun[];
}

type Font = Pick<TextRun, "size" | "weight">;

const TEXT_NODE = 3;

/** Lays out the lines of a `text` element as plotly wrote them: one `tspan` of class `line` each, or all in one. */
export function layOutLines(element: SvgElement): TextLine[] {
  const lines = [...element.children].filter((child) => child.getAttribute("class") === "line");
  const font = fontOf(element, { size: 12, weight: 400 });
  const shared = lengthOf(element.getAttribute("dy"), font.size);
  if (lines.length === 0) return [layOut(element, element, font, shared)];
  return lines.map((line) =>
    layOut(line, element, font, shared + lengthOf(line.getAttribute("dy"), font.size)),
  );
}

function layOut(line: SvgElement, text: SvgElement, font: Font, dy: number): TextLine {
  const runs = runsOf(line, font).filter((run) => run.text !== "");
  const width = runs.reduce((sum, run) => sum + run.width, 0);
  const anchor = styleValue(text, "text-anchor");
  const before = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  return { x: numberOf(line, "x") - before, y: numberOf(line, "y") + dy, width, runs };
}

function runsOf(element: SvgElement, around: Font): TextRun[] {
  return [...element.childNodes].flatMap((node) => {
    if (node.nodeType !== TEXT_NODE) return runsOf(node, fontOf(node, around));
    const { size, weight } = around;
    const text = node.textContent.replace(/\u200b/g, "");
    return [{ text, size, weight, width: textWidth(text, size, weight) }];
  });
}

function fontOf(element: SvgElement, around: Font): Font {
  const weight = styleValue(element, "font-weight");
  return {
    size: lengthOf(styleValue(element, "font-size"), around.size) || around.size,
    weight:
      weight === undefined ? around.weight : weight === "bold" || Number(weight) >= 600 ? 700 : 400,
  };
}

// In pixels, in ems, or in percent of the size around it.
function lengthOf(text: string | null | undefined, size: number): number {
  const value = Number.parseFloat(text ?? "") || 0;
  if (text?.endsWith("em")) return value * size;
  return text?.endsWith("%") ? (value / 100) * size : value;
}
