import { METRICS, type Metric, mostProbable } from "empathy-scorer";
import { defaultPlaces } from "../../src/sources/locate-source";
import { type ConfusionCounts, countConfusions } from "../../src/validity/confusion-counts";
import type { DialogueFigures, StoredEvaluation } from "../../src/validity/evaluation-file";
import { readJudgedConversations } from "../sources/judged-conversations";
import type { JudgedRow } from "../sources/judged-table";
import { REFERENCE_SOURCES } from "../sources/reference-levels";
import { toJudgedRows } from "./judged-rows";
import { summarise } from "./summarise-tests";
import { testReadings } from "./test-readings";
import { requireSources, runJobs, type TrainOptions } from "./train";
import type { Tested, TrainJob } from "./train-jobs";

/** Seeds of the folds in cross-validation on EPITOME. */
export const SEEDS = [1, 2, 3] as const;

/** Everything that `empathy train --evaluate` measures. */
export interface Evaluation extends StoredEvaluation {
  /** The conversations that people and language models rated, each scored by a model that had not seen it. */
  readonly judged: readonly JudgedRow[];
}

/**
 * Tests both heads on rows that took no part in training.
 *
 * @throws UserError if a source is not on this machine.
 */
export async function evaluate(options: TrainOptions = {}): Promise<Evaluation> {
  const { places = defaultPlaces() } = options;
  requireSources(places);
  const conversations = await readJudgedConversations(places);
  const jobs: TrainJob[] = METRICS.flatMap((metric) => [
    ...SEEDS.map((seed): TrainJob => ({ kind: "test epitome", metric, places, seed })),
    { kind: "test epitome locked", metric, places },
    { kind: "test roberta", metric, places },
    ...REFERENCE_SOURCES.map(
      (without): TrainJob => ({ kind: "test roberta", metric, places, without }),
    ),
  ]);
  const results = await runJobs<Tested[]>(jobs, options);
  const select = (metric: Metric, kind: TrainJob["kind"]) =>
    results.filter((_, at) => jobs[at]!.metric === metric && jobs[at]!.kind === kind);
  const held = METRICS.map((metric) => ({
    metric,
    runs: select(metric, "test epitome"),
    locked: select(metric, "test epitome locked")[0]!,
  }));
  return {
    epitome: held.map(({ metric, runs, locked }) => ({
      metric,
      crossValidated: summarise(runs),
      seeds: runs.map((run) => summarise([run])),
      locked: summarise([locked]),
      confusions: { open: confusionsOf(runs[0]!), locked: confusionsOf(locked) },
    })),
    roberta: jobs.flatMap((job, at) =>
      job.kind === "test roberta" ? figuresOf(job, results[at]!) : [],
    ),
    readings: await testReadings(places),
    judged: toJudgedRows(
      conversations,
      byMetric(held.map(({ runs, locked }) => [...runs[0]!, ...locked])),
    ),
  };
}

/**
 * Repeats the parts of an evaluation that need one seed and the locked tenth only: confusion counts and the
 * judged conversations.
 *
 * @param known the rest of the evaluation.
 * @throws UserError if a source is not on this machine.
 */
export async function evaluateJudged(
  known: StoredEvaluation,
  options: TrainOptions = {},
): Promise<Evaluation> {
  const { places = defaultPlaces() } = options;
  requireSources(places);
  const conversations = await readJudgedConversations(places);
  const jobs: TrainJob[] = METRICS.flatMap((metric) => [
    { kind: "test epitome", metric, places, seed: SEEDS[0] },
    { kind: "test epitome locked", metric, places },
  ]);
  const results = await runJobs<Tested[]>(jobs, options);
  const held = METRICS.map((_, at) => ({ open: results[2 * at]!, locked: results[2 * at + 1]! }));
  return {
    ...known,
    epitome: known.epitome.map((figures) => {
      const { open, locked } = held[METRICS.indexOf(figures.metric)]!;
      return {
        ...figures,
        confusions: { open: confusionsOf(open), locked: confusionsOf(locked) },
      };
    }),
    judged: toJudgedRows(
      conversations,
      byMetric(held.map(({ open, locked }) => [...open, ...locked])),
    ),
  };
}

function confusionsOf(rows: readonly Tested[]): ConfusionCounts {
  return countConfusions(
    rows.map(({ truth }) => truth),
    rows.map(({ probabilities }) => mostProbable(probabilities)),
  );
}

function byMetric<T>(values: readonly T[]): Record<Metric, T> {
  return Object.fromEntries(METRICS.map((metric, at) => [metric, values[at]])) as Record<Metric, T>;
}

// Of a run that leaves a model's replies out, those and the human replies are of interest.
function figuresOf(
  job: TrainJob & { kind: "test roberta" },
  tested: readonly Tested[],
): DialogueFigures[] {
  const origins = job.without ? ["human", job.without] : ["human", ...REFERENCE_SOURCES];
  return origins.flatMap((origin) =>
    (["open", "locked"] as const).map((part) => {
      const wanted = part === "open" ? origin : `locked ${origin}`;
      const rows = tested.filter((row) => row.origin === wanted);
      return { metric: job.metric, origin, without: job.without, part, summary: summarise([rows]) };
    }),
  );
}
