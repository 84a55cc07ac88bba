import { dirname, resolve } from "node:path";
import { UserError } from "kit";
import type { FigureFiles } from "plotly-stills";
import {
  CellError,
  type Difference,
  findDifference,
  formatNotebook,
  type LateLines,
  parseNotebook,
  type RunOptions,
  readNotebookFile,
  requireTypeScript,
  runNotebook,
  StrayError,
} from "run-notebooks";
import { completeFigure } from "./complete-figure";

/** What a caller may say of a rerun; the rest follows from the file. */
export type RerunOptions = Pick<RunOptions, "cellTimeoutMs" | "env" | "onCell" | "signal">;

/** A notebook file that was run again. */
export interface Rerun {
  /** What the file held when it was read. */
  readonly read: Buffer;
  /** The file's new content. */
  readonly text: string;
  /** The files of the study's figures that its cells drew, by name. */
  readonly figures: FigureFiles;
  /** The first cell whose outputs differ from those in the file. */
  readonly difference: Difference | undefined;
  /** The cells that printed something after they had ended, which is in no output. */
  readonly late: readonly LateLines[];
}

/**
 * Runs a notebook file in its own folder, and completes its figures; the file is not changed.
 *
 * @param name how messages name the file; its path by default.
 * @throws UserError if a cell fails, naming file and cell, or the notebook is in another language.
 */
export async function rerunNotebook(
  path: string,
  options: RerunOptions,
  name = path,
): Promise<Rerun> {
  const read = readNotebookFile(path);
  const stored = parseNotebook(read, path);
  requireTypeScript(stored, name);
  const figures = new Map<string, Buffer>();
  const late: LateLines[] = [];
  try {
    const rerun = await runNotebook(stored, {
      ...options,
      cwd: dirname(resolve(path)),
      onLate: (lines) => late.push(lines),
      complete: (bundle) =>
        completeFigure(bundle, (files) => {
          for (const [file, bytes] of files) figures.set(file, bytes);
        }),
    });
    const difference = findDifference(stored, rerun);
    return { read, text: formatNotebook(rerun), figures, difference, late };
  } catch (error) {
    if (error instanceof CellError) throw new UserError(`${name}, ${error.message}`);
    if (error instanceof StrayError) throw new UserError(`${name}: ${error.message}`);
    throw error;
  }
}

/** Says what a cell printed after it had ended. */
export function describeLate(file: string, { cellNumber, lines }: LateLines): string {
  const counted = lines === 1 ? "1 line" : `${lines} lines`;
  return `${file}: cell ${cellNumber} printed ${counted} after it had ended; ${lines === 1 ? "it is" : "they are"} in no output`;
}
