import { basename, extname } from "node:path";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { type PlotlySpec, renderPng, renderSvg } from "plotly-stills";

/** A file that a command draws a figure to. */
export interface FigureFile {
  readonly path: string;
  readonly ending: ".svg" | ".png";
  /** The name without folder and ending, by which the figure is called. */
  readonly id: string;
}

/**
 * Takes a path that was given with `--figure`, before anything is computed.
 *
 * @throws UserError if it is no picture's.
 */
export function toFigureFile(path: string): FigureFile {
  const ending = extname(path).toLowerCase();
  if (ending === ".svg" || ending === ".png") {
    return { path, ending, id: basename(path, extname(path)) };
  }
  throw new UserError(`--figure ${path}: the name should end in .svg or .png`);
}

/**
 * Draws a figure to its file.
 *
 * @throws UserError if the file cannot be written.
 */
export async function drawTo({ path, ending }: FigureFile, spec: PlotlySpec): Promise<void> {
  const svg = await renderSvg(spec);
  keepFile(path, ending === ".png" ? renderPng(svg) : svg);
}
