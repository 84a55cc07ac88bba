import { METRICS, type Metric, mostProbable } from "empathy-scorer";
import { readJudgedConversations } from "../labels/judged-conversations";
import { REFERENCE_SOURCES } from "../labels/reference-levels";
import { defaultPlaces } from "../sources/locate-source";
import { requireSources, runJobs, type TrainOptions } from "../training/train";
import type { Tested, TrainJob } from "../training/train-jobs";
import { type ConfusionCounts, countConfusions } from "./confusion-counts";
import type { StoredEvaluation } from "./evaluation-file";
import { type JudgedRow, toJudgedRows } from "./judged-table";
import { type Summary, summarise } from "./summarise-tests";

/** Seeds of the folds in cross-validation on EPITOME. */
export const SEEDS = [1, 2, 3] as const;

/** Figures of the support head for one metric. */
export interface SupportFigures {
  readonly metric: Metric;
  /** 5-fold cross-validation within the open nine tenths, mean over the seeds. */
  readonly crossValidated: Summary;
  /** The same, seed by seed. */
  readonly seeds: readonly Summary[];
  /** The locked tenth, by the shipped model. */
  readonly locked: Summary;
  /** True and found levels: out of fold with the first seed, and of the locked tenth. */
  readonly confusions: { readonly open: ConfusionCounts; readonly locked: ConfusionCounts };
}

/** Agreement with the reference levels, on dialogues that the model had not seen. */
export interface DialogueFigures {
  readonly metric: Metric;
  /** Whose replies: people's, or the source of a model's. */
  readonly origin: string;
  /** The source left out of training, if any. */
  readonly without: string | undefined;
  readonly part: "open" | "locked";
  readonly summary: Summary;
}

/** Everything that `empathy train --evaluate` measures. */
export interface Evaluation {
  readonly support: readonly SupportFigures[];
  readonly dialogue: readonly DialogueFigures[];
  /** The conversations that people and language models rated, each scored by a model that had not seen it. */
  readonly judged: readonly JudgedRow[];
}

/**
 * Tests both heads on rows that took no part in training.
 *
 * @throws UserError where a source is not at hand.
 */
export async function evaluate(options: TrainOptions = {}): Promise<Evaluation> {
  const { places = defaultPlaces() } = options;
  requireSources(places);
  const conversations = await readJudgedConversations(places);
  const jobs: TrainJob[] = METRICS.flatMap((metric) => [
    ...SEEDS.map((seed): TrainJob => ({ kind: "test support", metric, places, seed })),
    { kind: "test support locked", metric, places },
    { kind: "test dialogue", metric, places },
    ...REFERENCE_SOURCES.map(
      (without): TrainJob => ({ kind: "test dialogue", metric, places, without }),
    ),
  ]);
  const results = await runJobs<Tested[]>(jobs, options);
  const select = (metric: Metric, kind: TrainJob["kind"]) =>
    results.filter((_, at) => jobs[at]!.metric === metric && jobs[at]!.kind === kind);
  const held = METRICS.map((metric) => ({
    metric,
    runs: select(metric, "test support"),
    locked: select(metric, "test support locked")[0]!,
  }));
  return {
    support: held.map(({ metric, runs, locked }) => ({
      metric,
      crossValidated: summarise(runs),
      seeds: runs.map((run) => summarise([run])),
      locked: summarise([locked]),
      confusions: { open: confusionsOf(runs[0]!), locked: confusionsOf(locked) },
    })),
    dialogue: jobs.flatMap((job, at) =>
      job.kind === "test dialogue" ? figuresOf(job, results[at]!) : [],
    ),
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
 * @throws UserError where a source is not at hand.
 */
export async function evaluateJudged(
  known: StoredEvaluation,
  options: TrainOptions = {},
): Promise<Evaluation> {
  const { places = defaultPlaces() } = options;
  requireSources(places);
  const conversations = await readJudgedConversations(places);
  const jobs: TrainJob[] = METRICS.flatMap((metric) => [
    { kind: "test support", metric, places, seed: SEEDS[0] },
    { kind: "test support locked", metric, places },
  ]);
  const results = await runJobs<Tested[]>(jobs, options);
  const held = METRICS.map((_, at) => ({ open: results[2 * at]!, locked: results[2 * at + 1]! }));
  return {
    ...known,
    support: known.support.map((figures) => {
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
  job: TrainJob & { kind: "test dialogue" },
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
