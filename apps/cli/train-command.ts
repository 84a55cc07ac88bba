import { join } from "node:path";
import { type Command, Option } from "commander";
import { sha256Of, WEIGHTS_FOLDER } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import {
  formatEvaluationFile,
  readEvaluation,
  VALIDITY_FOLDER,
} from "../../src/validity/evaluation-file";
import { formatJudgedTable } from "../../src/validity/judged-table";
import { formatEvaluation, formatModelCard } from "../train/model-card";
import { type Evaluation, evaluate, evaluateJudged } from "../train/test-heads";
import { trainWeights } from "../train/train";
import { number, whole } from "./ask-options";
import { interruptible } from "./interruption";
import { parseSeconds } from "./parse-options";
import { Progress } from "./progress";
import { type TuneFlags, trainOpenAi } from "./train-openai";

interface Flags extends TuneFlags {
  readonly scorer: "embedded" | "openai";
  readonly out?: string;
  readonly evaluate?: boolean;
  readonly only?: "judged";
}

/** Says what `empathy train` takes and does. */
export function defineTrain(command: Command): void {
  command
    .addOption(
      new Option("--scorer <name>", "what to train: ours, or three chat models at OpenAI")
        .choices(["embedded", "openai"])
        .default("embedded"),
    )
    .option("--out <folder>", "where the files are written (default: data/weights)")
    .option(
      "--evaluate",
      "test it by cross-validation instead; write the model card and data/validity",
    )
    .addOption(
      new Option(
        "--only <part>",
        "with --evaluate: repeat only the confusion counts and the judged conversations",
      ).choices(["judged"]),
    )
    .option("--dry-run", "openai: upload nothing; print files, tokens and dollars")
    .option("--model <name>", "openai: the base model (default: the first of data/scorers.json)")
    .addOption(whole("--epochs <count>", "openai: passes over each file (default: 3)", 1))
    .addOption(number("--training-price <usd>", "openai: dollars per million trained tokens", 0))
    .option("--base-url <url>", "openai: a server of your own that speaks OpenAI's protocol")
    .option("--key-from <variable>", "openai: the environment variable that holds the key")
    .option(
      "--poll-seconds <seconds>",
      "openai: between two looks at a job (default: 30)",
      parseSeconds,
    )
    .option("--folder <folder>", "openai: files and state (default: data/cache/fine-tuning)")
    .option("--json", "print the result as JSON")
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  if (flags.scorer === "openai") return tune(flags, signal);
  if (flags.evaluate) return test(flags, signal);
  if (flags.only) throw new UserError("--only belongs to --evaluate; add that");
  return train(flags, signal);
}

async function tune(flags: Flags, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  try {
    await trainOpenAi(flags, progress, signal);
  } finally {
    progress.clear();
  }
}

async function train({ out = WEIGHTS_FOLDER, json }: Flags, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  const started = performance.now();
  const show = (done: number, of: number) => progress.show(`training: ${done} of ${of} parts done`);
  show(0, HEADS.length * 3);
  try {
    const files = await trainWeights({ signal, onProgress: show });
    progress.clear();
    const listed = [...files].map(([file, bytes]) => ({
      file,
      bytes: bytes.length,
      sha256: sha256Of(bytes),
    }));
    for (const [file, bytes] of files) keepFile(join(out, file), bytes);
    progress.note(`trained in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    const lines = listed.map(
      ({ file, bytes, sha256 }) => `${sha256}  ${String(bytes).padStart(8)}  ${file}`,
    );
    process.stdout.write(
      json ? `${JSON.stringify({ files: listed }, null, 2)}\n` : `${lines.join("\n")}\n`,
    );
  } finally {
    progress.clear();
  }
}

async function test({ out, json, only }: Flags, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  const started = performance.now();
  const show = (done: number, of: number) => progress.show(`testing: ${done} of ${of} parts done`);
  const options = { signal, onProgress: show };
  try {
    const evaluation = only
      ? await evaluateJudged(readEvaluation(), options)
      : await evaluate(options);
    keepEvaluation(evaluation, out);
    progress.note(`tested in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    process.stdout.write(
      json ? `${JSON.stringify(evaluation, null, 2)}\n` : formatEvaluation(evaluation),
    );
  } finally {
    progress.clear();
  }
}

function keepEvaluation(evaluation: Evaluation, out: string | undefined): void {
  const validity = out ?? VALIDITY_FOLDER;
  keepFile(join(out ?? WEIGHTS_FOLDER, "model-card.md"), formatModelCard(evaluation));
  keepFile(join(validity, "evaluation.json"), formatEvaluationFile(evaluation));
  keepFile(join(validity, "judged.csv"), formatJudgedTable(evaluation.judged));
}
