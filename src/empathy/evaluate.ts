import { defaultPlaces } from "../sources/locate-source";
import { METRICS, type Metric } from "./levels";
import { REFERENCE_SOURCES } from "./reference-levels";
import { type Summary, summarise } from "./summarise-tests";
import { requireSources, runJobs, type TrainOptions } from "./train";
import type { Tested, TrainJob } from "./train-jobs";

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
}

/**
 * Tests both heads on rows that took no part in training.
 *
 * @throws UserError where a source is not at hand.
 */
export async function evaluate(options: TrainOptions = {}): Promise<Evaluation> {
  const { places = defaultPlaces() } = options;
  requireSources(places);
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
  return {
    support: METRICS.map((metric) => {
      const runs = select(metric, "test support");
      const locked = select(metric, "test support locked");
      return {
        metric,
        crossValidated: summarise(runs),
        seeds: runs.map((run) => summarise([run])),
        locked: summarise(locked),
      };
    }),
    dialogue: jobs.flatMap((job, at) =>
      job.kind === "test dialogue" ? figuresOf(job, results[at]!) : [],
    ),
  };
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
