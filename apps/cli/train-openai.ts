import { checkBaseUrl, createRedactor, findKey, secretsOf } from "ask-models";
import { createOpenAi, OPENAI_URL } from "ask-models/batches";
import { readPrices } from "../../src/asking/registries";
import { projectEnvironment } from "../asking/environment";
import { readJudgePrompt } from "../scoring/judge-prompt";
import { readScorers } from "../scoring/scorer-registry";
import { tuneModels } from "../train/tune-models";
import { buildTuningFiles, type TuningFile } from "../train/tuning-files";
import { TUNING_FOLDER } from "../train/tuning-state";
import type { Progress } from "./progress";

/** What the options say about fine-tuning. */
export interface TuneFlags {
  readonly model?: string;
  readonly epochs?: number;
  readonly trainingPrice?: number;
  readonly baseUrl?: string;
  readonly keyFrom?: string;
  readonly pollSeconds?: number;
  readonly folder?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const EPOCHS = 3;

/** Fine-tunes the study's own kind of scorer, or prints what it would take. */
export async function trainOpenAi(
  flags: TuneFlags,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { retired, tunable } = findRegistered();
  const base = flags.model ?? (tunable?.[0]?.model as string);
  const files = await buildTuningFiles(readJudgePrompt(), base);
  const epochs = flags.epochs ?? EPOCHS;
  if (flags.dryRun) {
    process.stdout.write(formatPlan(files, base, epochs, flags));
    return;
  }
  const env = projectEnvironment();
  const { baseUrl, keyFrom, pollSeconds } = flags;
  if (baseUrl !== undefined) checkBaseUrl(baseUrl);
  const apiKey = findKey({ provider: "openai", env, baseUrl, keyVariable: keyFrom });
  progress.note(retired as string);
  const models = await tuneModels(createOpenAi({ apiKey, baseUrl: baseUrl ?? OPENAI_URL }), files, {
    base,
    epochs,
    signal,
    ...(flags.folder ? { folder: flags.folder } : {}),
    ...(pollSeconds === undefined ? {} : { pollMs: pollSeconds * 1000 }),
    redact: createRedactor([apiKey, ...secretsOf(env)]),
    onStep: (message) => progress.note(message),
  });
  const lines = Object.entries(models).map(([metric, model]) => `${metric}  ${model}`);
  const text = flags.json ? JSON.stringify({ models }, null, 2) : lines.join("\n");
  process.stdout.write(`${text}\n`);
}

function formatPlan(
  files: readonly TuningFile[],
  base: string,
  epochs: number,
  { trainingPrice, json, folder = TUNING_FOLDER }: TuneFlags,
): string {
  const price = trainingPrice ?? readPrices().find(({ id }) => id === base)?.training;
  const plan = files.map(({ metric, rows, tokens, exactTokens, sha256, text }) => ({
    metric,
    rows,
    bytes: Buffer.byteLength(text),
    sha256,
    tokens,
    exactTokens,
    epochs,
    trainedTokens: tokens * epochs,
    costUsd: price === undefined ? null : (tokens * epochs * price) / 1e6,
  }));
  if (json) return `${JSON.stringify({ base, folder, files: plan }, null, 2)}\n`;
  const { retired, asOf, sources } = findRegistered();
  const lines = plan.map(({ metric, rows, bytes, tokens, exactTokens, trainedTokens, costUsd }) => {
    const counted = `${exactTokens ? "" : "~"}${tokens} tokens x ${epochs} epochs = ${trainedTokens}`;
    const cost =
      costUsd === null ? "price unknown (say --training-price USD)" : `$${costUsd.toFixed(2)}`;
    return `${metric}.jsonl  ${rows} rows  ${bytes} bytes  ${counted}  ${cost}`;
  });
  const notes = [`to be tuned: ${base}`, retired, `as of ${asOf}: ${sources?.join(" ")}`];
  return `${[...lines, ...notes].join("\n")}\n`;
}

function findRegistered() {
  const found = readScorers().find(({ id }) => id === "openai");
  if (!found) throw new Error("data/scorers.json lacks 'openai'");
  return found;
}
