// Texts that plotly calls annotations: headings of plots, and notes beside their rows.
import type { PlotlyLayout } from "../figure";
import { SMALLEST_TEXT_PX as SIZE } from "./print-size";
import type { Restacked } from "./stack-domains";
import { widthOfText, wrapText } from "./wrap-text";

/** One of plotly's annotations; its fields are plotly's own. */
export interface Annotation {
  readonly text?: string;
  readonly x?: unknown;
  readonly y?: unknown;
  readonly xref?: string;
  readonly yref?: string;
  readonly xanchor?: string;
  readonly xshift?: number;
  readonly [field: string]: unknown;
}

// The share of the figure that a note beside its row may take before it is broken into lines.
const BESIDE = 0.21;

/** The annotations of a layout. */
export function annotationsOf(layout: PlotlyLayout): Annotation[] {
  return (layout.annotations ?? []) as Annotation[];
}

/** Whether a note stands to the right of the plots. */
export function isBeside({ xref, x, xanchor }: Annotation): boolean {
  return xref === "paper" && Number(x) >= 1 && xanchor === "left";
}

/** Breaks the notes that stand beside rows into lines. */
export function breakNotes(notes: readonly Annotation[], width: number): Annotation[] {
  return notes.map((one) => {
    if (!isBeside(one)) return one;
    return { ...one, align: "left", text: wrapText(one.text ?? "", BESIDE * width, SIZE) };
  });
}

/** The room that notes take to the right of the plots, in pixels; 0 where there are none. */
export function roomOfNotes(notes: readonly Annotation[]): number {
  const rooms = notes
    .filter(isBeside)
    .map(({ text = "", xshift = 0 }) => xshift + widthOfText(text, SIZE));
  return Math.max(0, ...rooms);
}

/** A note where its place of the page has moved to. */
export function moveNote(note: Annotation, across: Restacked, up: Restacked): Annotation {
  const { x, y, xref, yref } = note;
  return {
    ...note,
    ...(xref === "paper" && typeof x === "number" ? { x: across.moved(x) } : {}),
    ...(yref === "paper" && typeof y === "number" ? { y: up.moved(y) } : {}),
  };
}
