import { UserError } from "kit";

/** Widths that most journals ask for, in millimetres: one column, and the whole page. */
export const JOURNAL_WIDTHS_MM = [85, 180] as const;

/** Pixels an inch of a printed PNG. */
export const PRINT_DPI = 600;

/** The smallest text of a printed figure, in points. */
export const SMALLEST_TEXT_PT = 7;

/** Plotly's pixels for a point: a text of 14 px, which the figures are made with, is printed at 7 pt. */
export const PX_PER_PT = 2;

/** The smallest text of a printed figure, in plotly's pixels. */
export const SMALLEST_TEXT_PX = SMALLEST_TEXT_PT * PX_PER_PT;

/** What lies around the plots, in plotly's pixels. */
export interface Margins {
  readonly l: number;
  readonly r: number;
  readonly t: number;
  readonly b: number;
}

const PT_PER_MM = 72 / 25.4;
const [LEAST_MM, MOST_MM] = [40, 400];

/** Plotly's pixels for a length in millimetres. */
export function mmToPx(mm: number): number {
  return mm * PT_PER_MM * PX_PER_PT;
}

/** Millimetres for a length in plotly's pixels, to the hundredth. */
export function pxToMm(px: number): number {
  return Number((px / (PT_PER_MM * PX_PER_PT)).toFixed(2));
}

/**
 * Reads a width such as `85mm`.
 *
 * @returns millimetres.
 * @throws UserError if it has another unit or none, or is not a figure's width.
 */
export function parsePrintWidth(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)\s*mm$/.exec(text.trim()) ?? [];
  const mm = Number(number);
  if (number !== undefined && mm >= LEAST_MM && mm <= MOST_MM) return mm;
  const usual = JOURNAL_WIDTHS_MM.map((width) => `${width}mm`).join(" or ");
  throw new UserError(
    `--width ${text}: should be in millimetres, from ${LEAST_MM}mm to ${MOST_MM}mm; journals ask for ${usual}`,
  );
}
