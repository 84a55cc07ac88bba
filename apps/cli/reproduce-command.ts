import { type Command, Option } from "commander";
import { readClaimResults } from "../../src/claims/results-tables";
import { PUBLISHED_STUDY, studyFolder } from "../../src/study/study";
import { DifferenceFound } from "../pipeline/ledger";
import { type ReproduceReport, reproduce, type Start } from "../pipeline/reproduce";
import { followRun, seconds1 } from "./follow-run";
import { interruptible } from "./interruption";
import { parseSeconds } from "./parse-options";
import { printable } from "./printable";
import { Progress } from "./progress";
import { formatDifference, formatReport } from "./reproduce-print";

interface Flags {
  readonly from?: Start;
  readonly study?: string;
  readonly check?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
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
    .option("--study <name>", "a study of your own in place of the published one")
    .option("--check", "change no file, and fail on the first difference")
    .option("--all", "repeat every stage, whether or not something has changed")
    .option("--timeout <seconds>", "how long a cell may take (default: 300)", parseSeconds)
    .option("--verbose", "list the notebooks, the figures and what they were built from")
    .option("--json", "print the report as JSON")
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  const started = performance.now();
  try {
    const report = await reproduce({
      from: flags.from,
      study: flags.study,
      check: flags.check,
      all: flags.all,
      cellTimeoutMs: flags.timeout && flags.timeout * 1000,
      signal,
      ...followRun(progress),
    });
    const seconds = seconds1(performance.now() - started);
    progress.clear();
    process.stdout.write(
      flags.json
        ? toJson(report)
        : printable(
            formatReport(report, seconds, {
              ...flags,
              verdicts: readClaimResults({
                root: studyFolder(flags.study ?? PUBLISHED_STUDY.name),
              }),
            }),
          ),
    );
  } catch (error) {
    if (!(error instanceof DifferenceFound)) throw error;
    process.stdout.write(
      flags.json ? toJson(error) : `${printable(formatDifference(error.difference))}\n`,
    );
    process.exitCode = 1;
  } finally {
    progress.clear();
  }
}

function toJson(value: ReproduceReport | DifferenceFound): string {
  const plain = value instanceof DifferenceFound ? { differences: [value.difference] } : value;
  return `${JSON.stringify(plain, null, 2)}\n`;
}
