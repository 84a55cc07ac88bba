import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { sha256Of, WEIGHTS_FOLDER, type WeightsHeader } from "empathy-scorer";
import { HEADS, type Head } from "empathy-scorer/training";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import {
  formatEvaluationFile,
  readEvaluation,
  type StoredEvaluation,
  VALIDITY_FOLDER,
} from "../../src/validity/evaluation-file";
import { formatJudgedTable } from "../sources/judged-table";
import { formatHeadAgreement, measureHeads } from "../train/head-agreement";
import { formatEvaluation, formatModelCard } from "../train/model-card";
import { type Evaluation, evaluate, evaluateJudged } from "../train/test-heads";
import { evaluateReadings } from "../train/test-readings";
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
  readonly head?: Head;
  readonly only?: "judged" | "readings";
}

/** Says what `empathy train` takes and does. */
export function defineTrain(command: Command): void {
  command
    .addOption(
      new Option("--scorer <name>", "what to train: ours, or three chat models at OpenAI")
        .choices(["embedded", "openai"])
        .default("embedded"),
    )
    .addOption(new Option("--head <head>", "train one head only (default: all)").choices(HEADS))
    .option("--out <folder>", "where the files are written (default: data/weights)")
    .option(
      "--evaluate",
      "test it by cross-validation instead; write the model card and data/validity",
    )
    .addOption(
      new Option(
        "--only <part>",
        "with --evaluate: repeat only the confusion counts and the judged conversations, or only the heads beside readings",
      ).choices(["judged", "readings"]),
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
  const progress = new Progress();
  try {
    if (flags.scorer === "openai") return await trainOpenAi(flags, progress, signal);
    if (flags.evaluate && flags.head) {
      throw new UserError("--evaluate tests all heads; leave --head out, or say --only readings");
    }
    if (flags.evaluate) return await test(flags, progress, signal);
    if (flags.only) throw new UserError("--only belongs to --evaluate; add that");
    await train(flags, progress, signal);
  } finally {
    progress.clear();
  }
}

async function train(
  { out = WEIGHTS_FOLDER, json, head }: Flags,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const heads = head ? [head] : HEADS;
  const started = performance.now();
  const show = (done: number, of: number) => progress.show(`training: ${done} of ${of} parts done`);
  show(0, heads.length * 3);
  const known = head ? knownWeights(out) : undefined;
  const files = await trainWeights({ signal, heads, known, onProgress: show });
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
}

function knownWeights(folder: string): WeightsHeader | undefined {
  const path = join(folder, "weights.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as WeightsHeader) : undefined;
}

async function test(
  { out, json, only }: Flags,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const show = (done: number, of: number) => progress.show(`testing: ${done} of ${of} parts done`);
  const options = { signal, onProgress: show };
  const evaluation = await {
    judged: () => evaluateJudged(readEvaluation(), options),
    readings: () => evaluateReadings(readEvaluation()),
    all: () => evaluate(options),
  }[only ?? "all"]();
  keepEvaluation(evaluation, out);
  progress.note(`tested in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  process.stdout.write(
    json
      ? `${JSON.stringify(evaluation, null, 2)}\n`
      : formatEvaluation(evaluation, measureHeads()),
  );
}

function keepEvaluation(
  evaluation: StoredEvaluation & Partial<Evaluation>,
  out: string | undefined,
): void {
  const validity = out ?? VALIDITY_FOLDER;
  const agreement = measureHeads();
  keepFile(join(validity, "head-readings.csv"), formatHeadAgreement(agreement));
  keepFile(join(out ?? WEIGHTS_FOLDER, "model-card.md"), formatModelCard(evaluation, agreement));
  keepFile(join(validity, "evaluation.json"), formatEvaluationFile(evaluation));
  if (evaluation.judged)
    keepFile(join(validity, "judged.csv"), formatJudgedTable(evaluation.judged));
}
