// Every system's mean level, corrected for the classifier's errors: by its own reference levels where it has
// any, else by errors that were counted on other writers.

import { METRICS, type Metric } from "empathy-scorer";
import type { System } from "../systems/system";
import {
  type CorrectionOptions,
  type LevelCounts,
  misclassificationCorrectedMean,
  predictionPoweredMean,
} from "../validity/corrected-means";
import {
  REFERENCE_SYSTEMS,
  type ReferenceCount,
  sumReferenceCounts,
} from "../validity/reference-counts";
import type { ScoredReply } from "./scored-replies";

/** A system's mean level of one metric, as the classifier has it and corrected. */
export interface CorrectedSystemMean {
  readonly system: string;
  readonly metric: Metric;
  /** Whose reference levels the correction rests on. */
  readonly how: string;
  /** Null where the errors leave levels that cannot be told apart; so is `plain` then. */
  readonly mean: number | null;
  /** The classifier's own mean of the same replies. */
  readonly plain: number | null;
}

/**
 * Corrects the mean levels of systems.
 *
 * Systems without reference levels borrow the errors of others, which assumes that errors carry over: older
 * systems people's, language models Zephyr's.
 *
 * @param counts how the classifier's levels pair with reference levels.
 * @returns one entry a system and metric, in that order.
 */
export function correctMeans(
  replies: readonly ScoredReply[],
  systems: readonly System[],
  counts: readonly ReferenceCount[],
  options: CorrectionOptions = {},
): CorrectedSystemMean[] {
  return systems.flatMap((system) =>
    METRICS.map((metric) => {
      const ofMetric = counts.filter((count) => count.metric === metric);
      const { found, how } = (REFERENCE_SYSTEMS as readonly string[]).includes(system.id)
        ? byOwnLevels(ofMetric, system.id)
        : byBorrowedErrors(ofMetric, system, countLevels(replies, system.id, metric), options);
      const { mean, plain } = "mean" in found ? found : { mean: null, plain: null };
      return { system: system.id, metric, how, mean, plain };
    }),
  );
}

function byOwnLevels(counts: readonly ReferenceCount[], system: string) {
  const own = sumReferenceCounts(counts.filter((count) => count.system === system));
  return { found: predictionPoweredMean(own, [0, 0, 0]), how: "reference levels, last turns" };
}

function byBorrowedErrors(
  counts: readonly ReferenceCount[],
  { family }: System,
  levels: LevelCounts,
  options: CorrectionOptions,
) {
  const isOlder = family === "ecs";
  const lent = counts.filter(({ system }) => (system === "human") === isOlder);
  return {
    found: misclassificationCorrectedMean(sumReferenceCounts(lent), levels, options),
    how: isOlder ? "errors as on people" : "errors as on Zephyr",
  };
}

function countLevels(replies: readonly ScoredReply[], system: string, metric: Metric): LevelCounts {
  const counts: [number, number, number] = [0, 0, 0];
  for (const reply of replies) {
    if (reply.system === system) counts[reply.levels[metric]]++;
  }
  return counts;
}
