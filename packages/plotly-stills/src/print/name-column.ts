// The names beside the rows of a plot: how wide their column is, and how they are broken into lines.
import { largest } from "kit";
import { SMALLEST_TEXT_PX as SIZE } from "./print-size";
import { linesOf, widthOfText, wrapText } from "./wrap-text";

/** The height of a line of text, as plotly sets it. */
export const LINE_PX = 1.3 * SIZE;

// Up to this share of the figure, names stand in one line each.
const ROOMY = 0.34;
const STEP_PX = 4;

/**
 * Breaks names so that their column leaves the plot its room: in one line where they are short, else in two, else in as
 * many as they take.
 *
 * @param width of the figure.
 * @param most what the column may take.
 */
export function breakNames(names: readonly string[], width: number, most: number): string[] {
  const longest = largest(names.map((name) => widthOfText(name, SIZE)));
  if (longest <= Math.min(ROOMY * width, most)) return [...names];
  const broken = wrapAll(names, most);
  const lines = linesIn(broken);
  // As narrow as it goes without another line or another broken name.
  let narrow = broken;
  for (let room = most - STEP_PX; room > most / 2; room -= STEP_PX) {
    const next = wrapAll(names, room);
    if (linesIn(next) > lines || sumOfLines(next) > sumOfLines(broken)) break;
    narrow = next;
  }
  return narrow;
}

/** The least distance between two rows that keeps their names apart, in pixels. */
export function rowPitch(names: readonly string[]): number {
  const lines = names.map((name) => linesOf(name).length);
  const pitches = lines.map((count, at) => ((count + (lines[at + 1] ?? count)) / 2) * LINE_PX);
  return largest(pitches) + 2;
}

function wrapAll(names: readonly string[], room: number): string[] {
  return names.map((name) => wrapText(name, room, SIZE));
}

function linesIn(names: readonly string[]): number {
  return largest(names.map((name) => linesOf(name).length));
}

function sumOfLines(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + linesOf(name).length, 0);
}
