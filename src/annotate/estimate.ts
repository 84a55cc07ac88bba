import { METRICS, type Metric } from "../empathy/levels";
import type { Plan } from "./plan";
import { meanOf } from "./population";
import { raterVariance, toTable } from "./rater-agreement";
import type { JoinedRatings } from "./read-ratings";
import {
  estimateMean,
  type MeanEstimate,
  poolVariance,
  type StratumErrors,
} from "./stratified-mean";

/** The mean level of a system, or of a family of several systems that count alike. */
export interface LevelEstimate extends MeanEstimate {
  readonly kind: "system" | "family";
  readonly name: string;
  readonly metric: Metric;
  /** Number of replies in the population. */
  readonly replies: number;
}

/**
 * Estimates the mean level of each system and of each family of several systems.
 *
 * Where several raters read a reply, their mean counts. Intervals are about these raters, taken together: they hold
 * what the drawing of replies and of their readers leaves open, and not that other raters might judge otherwise.
 *
 * @returns by metric, systems in the plan's order, then families.
 */
export function estimateLevels(plan: Plan, joined: JoinedRatings): LevelEstimate[] {
  return METRICS.flatMap((metric) => {
    const strata = toStrata(plan, joined, metric);
    const pooled = poolByLevel(plan, strata);
    return listTargets(plan).map(({ kind, name }) => {
      const own = pooled.filter((_, at) => plan.strata[at]?.[kind] === name);
      const replies = own.reduce((sum, { size }) => sum + size, 0);
      return { kind, name, metric, replies, ...estimateMean(own) };
    });
  });
}

// Errors vary alike where the classifier gave the same level, whoever wrote: more so than anything else at hand.
function poolByLevel(plan: Plan, strata: readonly StratumErrors[]): StratumErrors[] {
  return strata.map((stratum, at) => {
    const alike = strata.filter((_, other) => plan.strata[other]?.level === plan.strata[at]?.level);
    return { ...stratum, pooled: poolVariance(alike) };
  });
}

/** Whose means a plan is about: its systems, then its families of several systems. */
export function listTargets({ expected }: Plan) {
  return expected.map(({ kind, name }) => ({ kind, name }));
}

function toStrata(plan: Plan, joined: JoinedRatings, metric: Metric): StratumErrors[] {
  const table = toTable(joined, metric);
  const variance = raterVariance([...table.values()]);
  const errors: number[][] = plan.strata.map(() => []);
  const noise: number[][] = plan.strata.map(() => []);
  for (const { id, stratum, predicted } of plan.replies) {
    const levels = (table.get(id) ?? []).filter((level) => level !== null).map(Number);
    if (levels.length === 0) continue;
    errors[stratum]?.push(meanOf(levels) - predicted[metric]);
    noise[stratum]?.push(variance / levels.length);
  }
  return plan.strata.map(({ system, size, predicted }, at) => ({
    ...{ system, size },
    predicted: predicted[metric],
    errors: errors[at] ?? [],
    noise: meanOf(noise[at] ?? []),
  }));
}
