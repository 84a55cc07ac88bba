import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import {
  byMetric,
  METRICS,
  sha256Of,
  WEIGHTS_FORMAT,
  type WeightsFile,
  type WeightsHeader,
} from "empathy-scorer";
import {
  encodeHead,
  HEADS,
  type Head,
  type HeadModels,
  type MetricModel,
} from "empathy-scorer/training";
import { UserError } from "kit";
import { projectPath } from "../../src/project";
import { absent, defaultPlaces, missingAmong, type Places } from "../../src/sources/locate-source";
import { findSource, readSources } from "../../src/sources/source";
import { REFERENCE_SOURCES } from "../sources/reference-levels";
import { readingSources } from "./reading-rows";
import type { TrainJob } from "./train-jobs";

/** The sources that the heads `roberta` and `epitome` are trained on. */
const TRAINING_SOURCES = ["epitome-er", "epitome-ip", "epitome-ex", ...REFERENCE_SOURCES] as const;

/** How training is run; its result does not depend on it. */
export interface TrainOptions {
  readonly places?: Places;
  /** Number of threads; 2 by default. */
  readonly workers?: number;
  /** Which heads; all by default. */
  readonly heads?: readonly Head[];
  /** What `weights.json` says of the other heads. */
  readonly known?: WeightsHeader | undefined;
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/** Files to be kept in `data/weights/`, by name. */
type TrainedFiles = ReadonlyMap<string, Buffer>;

/**
 * Trains the embedded classifier: the same sources give the same bytes on every machine.
 *
 * @throws UserError if a source is not on this machine or not the pinned one.
 */
export async function trainWeights(options: TrainOptions = {}): Promise<TrainedFiles> {
  const { places = defaultPlaces(), heads = HEADS, known } = options;
  requireSources(places);
  const sources = sourcesOf(heads, places);
  requireSources(places, sources);
  const jobs = heads.flatMap((kind) =>
    METRICS.map((metric): TrainJob => ({ kind, metric, places })),
  );
  const results = await runJobs<MetricModel[]>(jobs, options);
  const files = new Map<string, Buffer>();
  const listed: WeightsFile[] = [];
  for (const head of heads) {
    const models = byMetric(
      (metric) => results[jobs.findIndex((job) => job.kind === head && job.metric === metric)],
    ) as HeadModels;
    const bytes = encodeHead(models);
    const file = `${head}.bin`;
    files.set(file, bytes);
    listed.push({ head, file, bytes: bytes.length, sha256: sha256Of(bytes) });
  }
  const text = JSON.stringify(header(listed, sources, known), null, 2);
  files.set("weights.json", Buffer.from(`${text}\n`));
  return files;
}

/** Runs jobs on several threads; results are in the order of the jobs. */
export async function runJobs<T>(
  jobs: readonly TrainJob[],
  { workers = 2, onProgress, signal }: TrainOptions,
): Promise<T[]> {
  const results: T[] = new Array(jobs.length);
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < jobs.length) {
      const at = next++;
      results[at] = await runJob<T>(jobs[at]!, signal);
      onProgress?.(++done, jobs.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work));
  return results;
}

/** Fails where a source of training is not on this machine. */
export function requireSources(places: Places, ids: readonly string[] = TRAINING_SOURCES): void {
  const [missing] = missingAmong(ids, places);
  if (missing !== undefined) throw absent(findSource(readSources(), missing));
}

function runJob<T>(job: TrainJob, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, "train-worker.js"), {
      workerData: job,
      resourceLimits: { maxOldGenerationSizeMb: 3000 },
    });
    const stop = () => {
      void worker.terminate();
      reject(signal?.reason);
    };
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    worker.once("message", ({ result, mistake }: { result?: T; mistake?: string }) => {
      if (mistake !== undefined) reject(new UserError(mistake));
      else resolve(result as T);
    });
    worker.once("error", reject);
    worker.once("exit", (code) => {
      signal?.removeEventListener("abort", stop);
      if (code !== 0) reject(new Error(`a training thread ended with status ${code}`));
    });
  });
}

function sourcesOf(heads: readonly Head[], places: Places): string[] {
  const own = heads.includes("readings") ? readingSources(places) : [];
  return [...new Set([...TRAINING_SOURCES, ...own])];
}

function header(
  trained: readonly WeightsFile[],
  ids: readonly string[],
  before: WeightsHeader | undefined,
): WeightsHeader {
  const known = readSources();
  const sums = ids.map((id): [string, string] => {
    const { sha256, gitBlob } = findSource(known, id);
    return [id, sha256 ?? `git blob ${gitBlob}`];
  });
  const files = HEADS.flatMap(
    (head) => [...trained, ...(before?.files ?? [])].find((file) => file.head === head) ?? [],
  );
  if (files.some(({ head }) => head === "readings"))
    sums.push([
      "readings",
      sha256Of(readFileSync(projectPath("data", "readings", "readings.csv"))),
    ]);
  return {
    format: WEIGHTS_FORMAT,
    description:
      "Embedded ER/IP/EX classifier, written by `npx empathy train`; docs/scoring.md says how to read it.",
    trainedOn: { ...before?.trainedOn, ...Object.fromEntries(sums) },
    files,
  };
}
