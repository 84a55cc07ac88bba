import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { findDifference } from "../notebook/compare-notebooks";
import { formatNotebook, readNotebook } from "../notebook/notebook-file";
import { CellError, runNotebook } from "../notebook/run-notebook";
import { completeFigure } from "../study/complete-figures";
import { keepFile } from "../study/keep-file";
import { UserError } from "../user-error";
import { interruptible } from "./interruption";
import { parseSeconds } from "./parse-options";
import { Progress } from "./progress";

interface Flags {
  readonly check?: boolean;
  readonly timeout?: number;
}

/** Adds `empathy run`. */
export function addRunCommand(program: Command): void {
  program
    .command("run")
    .description("run notebooks without a browser and store their outputs in them")
    .argument("<files...>", "notebook files; each runs in its own folder")
    .option("--check", "change no file, and fail where the outputs differ")
    .option("--timeout <seconds>", "how long a cell may take (default: 300)", parseSeconds)
    .action((files: string[], flags: Flags) =>
      interruptible(async (signal) => {
        for (const file of files) await runFile(file, flags, signal);
      }),
    );
}

async function runFile(file: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  const started = performance.now();
  const notebook = readNotebook(file);
  try {
    const rerun = await runNotebook(notebook, {
      cwd: dirname(resolve(file)),
      complete: (bundle) => completeFigure(bundle, () => {}),
      onCell: ({ count, total, seconds }) =>
        progress.show(`${file}  cell ${count} of ${total}  ${seconds.toFixed(2)} s`),
      signal,
      ...(flags.timeout ? { cellTimeoutMs: flags.timeout * 1000 } : {}),
    });
    const difference = findDifference(notebook, rerun);
    if (flags.check && difference) {
      const { cellNumber, what, committed, rerun: after } = difference;
      throw new UserError(
        `${file}: cell ${cellNumber}, ${what}\n  in the file: ${committed}\n  rerun:       ${after}`,
      );
    }
    if (!flags.check) keepFile(file, formatNotebook(rerun));
    const seconds = (performance.now() - started) / 1000;
    progress.note(
      `${file}: ${difference ? "new outputs" : "same outputs"}, ${seconds.toFixed(1)} s`,
    );
  } catch (error) {
    if (error instanceof CellError) throw new UserError(`${file}, ${error.message}`);
    throw error;
  } finally {
    progress.clear();
  }
}
