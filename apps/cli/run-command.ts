import type { Command } from "commander";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { importsOfClone } from "../pipeline/kernel-spec";
import { describeLate, rerunNotebook } from "../pipeline/rerun-notebook";
import { interruptible } from "./interruption";
import { parseSeconds } from "./parse-options";
import { Progress } from "./progress";

interface Flags {
  readonly check?: boolean;
  readonly timeout?: number;
}

/** Says what `empathy run` takes and does. */
export function defineRun(command: Command): void {
  command
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
  try {
    const { read, text, difference, late } = await rerunNotebook(file, {
      onCell: (cell) => progress.showCell(file, cell),
      signal,
      env: importsOfClone(),
      ...(flags.timeout ? { cellTimeoutMs: flags.timeout * 1000 } : {}),
    });
    for (const lines of late) progress.note(describeLate(file, lines));
    if (flags.check && difference) {
      const { cellNumber, what, stored, rerun } = difference;
      throw new UserError(
        `${file}: cell ${cellNumber}, ${what}\n  in the file: ${stored}\n  rerun:       ${rerun}`,
      );
    }
    if (!flags.check) keepFile(file, text, read);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    progress.note(`${file}: ${difference ? "new outputs" : "same outputs"}, ${seconds} s`);
  } finally {
    progress.clear();
  }
}
