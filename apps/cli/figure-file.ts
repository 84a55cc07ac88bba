// The one place where commands draw figures to files.
import { basename, extname } from "node:path";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import {
  type PlotlySpec,
  type Printed,
  parsePrintWidth,
  printedPng,
  renderForPrint,
  renderPdf,
  renderPng,
  renderSvg,
} from "plotly-stills";

/** The formats of a figure, by the endings of their files. */
export const FIGURE_FORMATS = ["pdf", "svg", "png"] as const;

/** One of them. */
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** A file that a command draws a figure to. */
export interface FigureFile {
  readonly path: string;
  readonly format: FigureFormat;
  /** The name without folder and ending, by which the figure is called. */
  readonly id: string;
  /** Laid out for print at this width; as on screen where it is not given. */
  readonly widthMm?: number;
}

/** The option of commands that draw a figure, beside their `--figure`. */
export const WIDTH_OPTION = [
  "--width <mm>",
  "lay the figure out for print, such as 85mm or 180mm: without its title, text of 7 pt or more",
] as const;

/** What commands that draw a figure are told. */
export interface FigureFlags {
  readonly figure?: string;
  readonly width?: string;
}

/**
 * Takes what was given with `--figure` and `--width`, before anything is computed; undefined where no figure was asked for.
 *
 * @throws UserError if the file is no picture's, the width is none, or there is a width and no file.
 */
export function toFigureFile({ figure: path, width }: FigureFlags): FigureFile | undefined {
  if (path === undefined) {
    if (width === undefined) return undefined;
    throw new UserError(`--width ${width}: of what figure? name its file with --figure`);
  }
  const ending = extname(path).toLowerCase().slice(1);
  const format = FIGURE_FORMATS.find((one) => one === ending);
  if (!format) {
    throw new UserError(`--figure ${path}: the name should end in .pdf, .svg or .png`);
  }
  const printed = width === undefined ? {} : { widthMm: parsePrintWidth(width) };
  return { path, format, id: basename(path, extname(path)), ...printed };
}

/**
 * Draws a figure to its file: for print where it has a width, and as on screen elsewhere.
 *
 * @throws UserError if the file cannot be written, or the figure cannot be read at that width.
 */
export async function drawTo(file: FigureFile, spec: PlotlySpec): Promise<void> {
  const { path, format, widthMm } = file;
  if (widthMm !== undefined) {
    keepFile(path, await writePrinted(await renderForPrint(spec, { widthMm }), format));
    return;
  }
  const svg = await renderSvg(spec);
  if (format === "pdf") keepFile(path, await renderPdf(svg));
  else keepFile(path, format === "png" ? renderPng(svg) : svg);
}

/** A figure at its printed size, in a format. */
export async function writePrinted(
  printed: Printed,
  format: FigureFormat,
): Promise<Buffer | string> {
  if (format === "svg") return printed.svg;
  return format === "pdf" ? renderPdf(printed.svg) : printedPng(printed);
}
