import { type Command, Option } from "commander";
import { type ReproduceReport, reproduce, type Start } from "../pipeline/reproduce";
import { DifferenceFound, type FileDifference } from "../study/ledger";

import { interruptible } from "./interruption";
import { parseSeconds } from "./parse-options";
import { Progress } from "./progress";

interface Flags {
  readonly from?: Start;
  readonly check?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly timeout?: number;
}

/** Says what `empathy reproduce` takes and does. */
export function defineReproduce(command: Command): void {
  command
    .addOption(
      new Option("--from <start>", "what to start from; texts where they are at hand").choices([
        "scores",
        "texts",
        "models",
      ]),
    )
    .option("--check", "change no file, and fail on the first difference")
    .option("--all", "repeat every stage, whether or not something has changed")
    .option("--timeout <seconds>", "how long a cell may take (default: 300)", parseSeconds)
    .option("--json", "print the report as JSON")
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  const started = performance.now();
  const begun = new Map<string, number>();
  try {
    const report = await reproduce({
      from: flags.from,
      check: flags.check,
      all: flags.all,
      cellTimeoutMs: flags.timeout && flags.timeout * 1000,
      signal,
      onStage: (name) => progress.note(name),
      onCell: (notebook, { count, total, seconds }) => {
        progress.showCell(notebook, { count, total, seconds });
        const now = performance.now();
        if (!begun.has(notebook)) begun.set(notebook, now);
        if (count < total || seconds === undefined) return;
        const took = seconds1(now - (begun.get(notebook) as number));
        begun.delete(notebook);
        progress.note(`${notebook}  ${total} cells  ${took}`);
      },
    });
    const elapsed = performance.now() - started;
    process.stdout.write(flags.json ? toJson(report) : formatReport(report, elapsed, flags));
  } catch (error) {
    if (!(error instanceof DifferenceFound)) throw error;
    process.stdout.write(flags.json ? toJson(error) : formatDifference(error.difference));
    process.exitCode = 1;
  } finally {
    progress.clear();
  }
}

function toJson(value: ReproduceReport | DifferenceFound): string {
  const plain = value instanceof DifferenceFound ? { differences: [value.difference] } : value;
  return `${JSON.stringify(plain, null, 2)}\n`;
}

function seconds1(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function formatReport(report: ReproduceReport, elapsedMs: number, { check }: Flags): string {
  const { notebooks, current, figures, differences, archive, local } = report;
  const origin = archive ? `${report.from} (source '${archive}')` : report.from;
  const found =
    differences.length === 0
      ? "none"
      : `${differences.length}, now written to the files below; \`git diff\` shows them whole`;
  return [
    `Notebooks rerun:      ${notebooks.length}${notebooks.length > 0 ? ` (${notebooks.join(", ")})` : ""}`,
    ...(current.length > 0
      ? [`Unchanged since then: ${current.length} (${current.join(", ")}); --all reruns them too`]
      : []),
    `Figures ${check ? "compared:    " : "regenerated: "} ${figures.length} (${figures.join(", ")})`,
    `Built from:           ${origin}`,
    `Differences found:    ${found}`,
    ...(local
      ? [
          `Your own systems:     ${local.systems.join(", ")}; with them the results stand in ${local.folder}/ ` +
            "(report.html, notebooks, figures, data/results); nothing published was changed",
        ]
      : []),
    `Time:                 ${seconds1(elapsedMs)}`,
    "",
    ...differences.map(formatDifference),
  ].join("\n");
}

function formatDifference({ file, where, stored, rerun }: FileDifference): string {
  return `${file} differs in ${where}\n  in the file: ${stored}\n  rerun:       ${rerun}\n`;
}
