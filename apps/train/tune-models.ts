// Fine-tunes one chat model a metric: uploads its file, starts its job, follows it to its end.
import { createReadStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, classifyError, type Redact, systemClock } from "ask-models";
import type { Metric } from "empathy-scorer";
import { UserError } from "kit";
import type OpenAI from "openai";
import { APIError } from "openai";
import type { TuningFile } from "./tuning-files";
import { readTuningState, TUNING_FOLDER, type TuningStep, writeTuningState } from "./tuning-state";

/** How fine-tuning is carried out. */
interface TuneOptions {
  /** The base model, as the provider names it. */
  readonly base: string;
  readonly epochs: number;
  readonly folder?: string;
  readonly clock?: Clock;
  /** Between two looks at a job; 30,000 ms by default. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal;
  /** Takes keys out of what the provider says. */
  readonly redact?: Redact;
  readonly onStep?: (message: string) => void;
}

/**
 * Fine-tunes the models that are missing.
 *
 * Every step is noted before the next, so a run that was interrupted goes on where it was; a job that was
 * started while the note of it was lost is found again by its file's checksum. A file that changed since,
 * or another base model, begins anew.
 *
 * @returns the fine-tuned models.
 * @throws UserError if a file is refused or a job fails; the next run starts that metric's job again.
 */
export async function tuneModels(
  client: OpenAI,
  files: readonly TuningFile[],
  options: TuneOptions,
): Promise<Record<Metric, string>> {
  for (const file of files) await advance(client, file, "uploaded", options);
  for (const file of files) await advance(client, file, "started", options);
  const models: [Metric, string][] = [];
  for (const file of files) models.push([file.metric, await follow(client, file, options)]);
  return Object.fromEntries(models) as Record<Metric, string>;
}

async function advance(
  client: OpenAI,
  file: TuningFile,
  to: "uploaded" | "started",
  options: TuneOptions,
): Promise<void> {
  const { base, signal, onStep } = options;
  const { metric, sha256 } = file;
  signal?.throwIfAborted();
  const known = stepOf(file, options);
  if (known.model || known.job) return;
  const found = await findJob(client, file, options);
  if (found) {
    note(metric, { ...known, job: found }, options);
  } else if (to === "uploaded" && !known.file) {
    const id = await upload(client, file, options);
    note(metric, { sha256, base, file: id }, options);
    onStep?.(`${metric}: ${file.rows} rows uploaded as ${id}`);
  } else if (to === "started") {
    const job = await start(client, file, known.file as string, options);
    note(metric, { ...known, job }, options);
    onStep?.(`${metric}: job ${job} started`);
  }
}

async function follow(client: OpenAI, file: TuningFile, options: TuneOptions): Promise<string> {
  const { metric } = file;
  const { clock = systemClock, pollMs = 30_000, signal, onStep, redact = (text) => text } = options;
  let said = "";
  for (;;) {
    const step = stepOf(file, options);
    if (step.model) return step.model;
    const job = await attempt(`${metric}: job ${step.job} cannot be looked at`, options, () =>
      client.fineTuning.jobs.retrieve(step.job as string),
    );
    if (job.status !== said) onStep?.(`${metric}: job ${job.id} is ${job.status}`);
    said = job.status;
    if (job.status === "succeeded" && job.fine_tuned_model) {
      note(metric, { ...step, model: job.fine_tuned_model }, options);
    } else if (["succeeded", "failed", "cancelled"].includes(job.status)) {
      const { job: _ended, ...rest } = step;
      note(metric, rest, options);
      const why = redact(job.error?.message ?? "no reason was given");
      throw new UserError(
        `${metric}: job ${job.id} ${job.status}: ${why}; run again to start another`,
      );
    } else await clock.sleep(pollMs, signal);
  }
}

async function upload(client: OpenAI, file: TuningFile, options: TuneOptions): Promise<string> {
  const { folder = TUNING_FOLDER } = options;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${file.metric}.jsonl`);
  writeFileSync(path, file.text, { flush: true });
  const remedy = "the file is kept; see what the provider says of it";
  const { id } = await attempt(
    `${path}: the file was refused`,
    options,
    () => client.files.create({ file: createReadStream(path), purpose: "fine-tune" }),
    remedy,
  );
  return id;
}

async function start(client: OpenAI, file: TuningFile, id: string, options: TuneOptions) {
  const { base, epochs } = options;
  const { metric, sha256 } = file;
  const remedy =
    "data/scorers.json says what can be fine-tuned and by whom; name another with --model";
  const job = await attempt(
    `${metric}: no job was started for ${base}`,
    options,
    () =>
      client.fineTuning.jobs.create({
        model: base,
        training_file: id,
        suffix: `empathy-${metric}`,
        method: { type: "supervised", supervised: { hyperparameters: { n_epochs: epochs } } },
        metadata: { empathy_file: sha256, empathy_metric: metric },
      }),
    remedy,
  );
  return job.id;
}

async function findJob(client: OpenAI, file: TuningFile, options: TuneOptions) {
  const { base } = options;
  return attempt(`${file.metric}: the provider's jobs cannot be listed`, options, async () => {
    for await (const job of client.fineTuning.jobs.list({ limit: 100 })) {
      const isOurs = job.metadata?.empathy_file === file.sha256 && job.model === base;
      if (isOurs && !["failed", "cancelled"].includes(job.status)) return job.id;
    }
    return undefined;
  });
}

async function attempt<T>(
  what: string,
  { redact = (text) => text }: TuneOptions,
  action: () => Promise<T>,
  remedy = "run again to go on",
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const said = redact(classifyError(error).message);
    throw new UserError(`${what}: ${said}; ${remedy}`);
  }
}

function stepOf({ metric, sha256 }: TuningFile, { base, folder }: TuneOptions): TuningStep {
  const known = readTuningState(folder)[metric];
  return known?.sha256 === sha256 && known.base === base ? known : { sha256, base };
}

function note(metric: Metric, step: TuningStep, { folder }: TuneOptions): void {
  writeTuningState({ ...readTuningState(folder), [metric]: step }, folder);
}
