// Every claim under every reasonable analysis: Steegen, Tuerlinckx, Gelman and Vanpaemel 2016, Increasing
// Transparency through a Multiverse Analysis, Perspectives on Psychological Science 11.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { formatCsvTable, readCsvFile } from "../tables/package-table";
import { type Analysis, CHOICES, listAnalyses } from "./analysis";
import type { Claim } from "./claim";
import type {
  ModelRow,
  MultiverseAnswer,
  MultiverseFit,
  MultiverseJob,
  MultiverseRow,
} from "./multiverse-worker";
import type { SystemSet } from "./system-set";

export type { ModelRow, MultiverseRow } from "./multiverse-worker";

/** How a multiverse is run. */
export interface MultiverseOptions {
  /** The folder that holds `data`. */
  readonly root: string;
  readonly claims: readonly Claim[];
  readonly sets: readonly SystemSet[];
  /** Number of threads; 2 by default. The result does not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal | undefined;
}

const QUESTIONS = Object.keys(CHOICES) as (keyof typeof CHOICES)[];
const HEADER = [
  "set",
  "claim",
  ...QUESTIONS,
  "estimate",
  "se",
  "lower",
  "upper",
  "converged",
  "reason",
];
const DECIMALS = 4;

/** What a multiverse gives. */
export interface Multiverse {
  readonly rows: readonly MultiverseRow[];
  /** The main analysis's model of each set and metric. */
  readonly models: readonly ModelRow[];
}

/**
 * Estimates every claim under every analysis, on several threads.
 *
 * @returns rows: one a set, claim and analysis, in that order; the main analysis is each claim's first.
 */
export async function runMultiverse(options: MultiverseOptions): Promise<Multiverse> {
  const { root, claims, sets, workers = 2, signal } = options;
  const metrics = [...new Set(claims.map(({ metric }) => metric))];
  const combinations = sets.flatMap((set) =>
    metrics.flatMap((metric) => listAnalyses().map((analysis) => ({ set, metric, analysis }))),
  );
  const fits = combinations.map((fit, index): MultiverseFit => ({ ...fit, index }));
  const answers: MultiverseAnswer[] = [];
  // Models of one scorer together: each thread then reads as few tables as can be.
  const byScorer = [...fits].sort((one, other) =>
    one.analysis.scorer < other.analysis.scorer
      ? -1
      : one.analysis.scorer > other.analysis.scorer
        ? 1
        : one.index - other.index,
  );
  const each = Math.ceil(fits.length / workers);
  const share = (at: number) => byScorer.slice(at * each, (at + 1) * each);
  await Promise.all(
    Array.from({ length: workers }, (_, at) =>
      runWorker({ root, claims, fits: share(at) }, (answer) => answers.push(answer), signal),
    ),
  );
  answers.sort((one, other) => one.index - other.index);
  const rows = answers.flatMap((answer) => answer.rows);
  const sorted = sets.flatMap((set) =>
    claims.flatMap(({ id }) => rows.filter((row) => row.set === set && row.claim === id)),
  );
  return { rows: sorted, models: answers.flatMap(({ model }) => model) };
}

function runWorker(
  job: MultiverseJob,
  take: (answer: MultiverseAnswer) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, "multiverse-worker.js"), { workerData: job });
    const stop = () => void worker.terminate();
    signal?.addEventListener("abort", stop);
    worker.on("message", take);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(new Error(`a thread of the multiverse ended with status ${code}`));
    });
  });
}

const MODEL = ["set", "metric", "part", "name", "estimate", "se", "lower", "upper"] as const;

/** Writes models as CSV text; numbers to four decimals. */
export function formatModels(rows: readonly ModelRow[]): string {
  const round = (value: number | null) => (value === null ? null : Number(value.toFixed(DECIMALS)));
  return formatCsvTable(
    MODEL,
    rows.map((row) => ({
      ...row,
      estimate: round(row.estimate),
      se: round(row.se),
      lower: round(row.lower),
      upper: round(row.upper),
    })),
  );
}

/**
 * Reads models, such as `data/results/models.csv`.
 *
 * @throws UserError where the file is missing or broken.
 */
export function readModels(path: string): ModelRow[] {
  const number = (cell: string) => (cell === "" ? null : Number(cell));
  return readCsvFile(path, MODEL).map(({ set, metric, part, name, estimate, ...limits }) => ({
    set: set as SystemSet,
    metric: metric as ModelRow["metric"],
    part,
    name,
    estimate: number(estimate),
    se: number(limits.se),
    lower: number(limits.lower),
    upper: number(limits.upper),
  }));
}

/** Writes a multiverse as CSV text; numbers to four decimals. */
export function formatMultiverse(rows: readonly MultiverseRow[]): string {
  const round = (value: number | undefined) =>
    value === undefined ? null : Number(value.toFixed(DECIMALS));
  return formatCsvTable(
    HEADER,
    rows.map(({ set, claim, analysis, estimate, converged, reason }) => ({
      set,
      claim,
      ...analysis,
      estimate: round(estimate?.estimate),
      se: round(estimate?.se),
      lower: round(estimate?.lower),
      upper: round(estimate?.upper),
      converged: converged ? "yes" : "no",
      reason,
    })),
  );
}

/**
 * Reads a multiverse, such as `data/results/multiverse.csv`.
 *
 * @throws UserError where the file is missing or broken.
 */
export function readMultiverse(path: string): MultiverseRow[] {
  return readCsvFile(path, HEADER).map((cells) => ({
    set: cells.set as SystemSet,
    claim: cells.claim as string,
    analysis: Object.fromEntries(
      QUESTIONS.map((question) => [question, cells[question]]),
    ) as unknown as Analysis,
    estimate: cells.estimate
      ? {
          estimate: Number(cells.estimate),
          se: Number(cells.se),
          lower: Number(cells.lower),
          upper: Number(cells.upper),
        }
      : null,
    converged: cells.converged === "yes",
    reason: cells.reason || null,
  }));
}
