import { METRICS, type Metric } from "empathy-scorer";
import type { Plan } from "./plan-file";
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
  /** Whether the mean or a limit lay beyond the scale and was cut at its end, 0 or 2. */
  readonly cut: boolean;
}

/**
 * Estimates the mean level of each system and of each family of several systems.
 *
 * Where several raters read a reply, their mean counts. Intervals are about these raters, taken together: they hold
 * what the drawing of replies and of their readers leaves open, and not that other raters might judge otherwise. A mean
 * or limit beyond the scale, as few readings may give it, is cut at the scale's end.
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
      return { kind, name, metric, replies, ...cutAtEnds(estimateMean(own)) };
    });
  });
}

function cutAtEnds(found: MeanEstimate): MeanEstimate & { readonly cut: boolean } {
  const cutOne = (value: number | null) =>
    value === null ? null : Math.min(2, Math.max(0, value));
  const [mean, lower, upper] = [cutOne(found.mean), cutOne(found.lower), cutOne(found.upper)];
  const cut = mean !== found.mean || lower !== found.lower || upper !== found.upper;
  return { ...found, mean, lower, upper, cut };
}

// Errors vary alike where the classifier gave the same level, whoever wrote: more so than anything else at hand.
function poolByLevel(plan: Plan, strata: readonly StratumErrors[]): StratumErrors[] {
  return strata.map((stratum, at) => {
    const alike = strata.filter((_, other) => plan.strata[other]?.level === plan.strata[at]?.level);
    return { ...stratum, pooled: poolVariance(alike) };
  });
}

/** Whose means a plan is about: its systems, then its families of several systems. */
function listTargets({ expected }: Plan) {
  return expected.map(({ kind, name }) => ({ kind, name }));
}

function toStrata(plan: Plan, joined: JoinedRatings, metric: Metric): StratumErrors[] {
  const table = toTable(joined, metric);
  const variance = raterVariance([...table.values()]);
  const read: ReadReply[][] = plan.strata.map(() => []);
  const noise: number[][] = plan.strata.map(() => []);
  for (const { id, stratum, predicted } of plan.replies) {
    const levels = (table.get(id) ?? []).filter((level) => level !== null).map(Number);
    if (levels.length === 0) continue;
    read[stratum]?.push({ level: meanOf(levels), predicted: predicted[metric] });
    noise[stratum]?.push(variance / levels.length);
  }
  const weight = predictionWeight(read);
  return plan.strata.map(({ system, size, predicted }, at) => ({
    system,
    size,
    classifier: predicted[metric],
    predicted: weight * predicted[metric],
    errors: (read[at] ?? []).map((one) => one.level - weight * one.predicted),
    noise: meanOf(noise[at] ?? []),
  }));
}

/** A reply that was read, under one metric. */
export interface ReadReply {
  /** Mean of the raters' levels. */
  readonly level: number;
  /** The classifier's level. */
  readonly predicted: number;
}

/**
 * Gives the weight of the classifier's levels that leaves the least variance within strata: the slope of people's levels
 * on them, between 0 and 1 (Angelopoulos, Duchi and Zrnic 2023, PPI++, arXiv 2311.01453).
 *
 * @param strata the replies that were read, stratum by stratum.
 * @returns 1 where the classifier's levels do not vary within strata: the weight does not matter then.
 * @example
 * predictionWeight([[{ level: 0, predicted: 0 }, { level: 1, predicted: 2 }]]); // => 0.5
 */
export function predictionWeight(strata: readonly (readonly ReadReply[])[]): number {
  let [products, squares] = [0, 0];
  for (const replies of strata) {
    const level = meanOf(replies.map((one) => one.level));
    const predicted = meanOf(replies.map((one) => one.predicted));
    for (const one of replies) {
      products += (one.level - level) * (one.predicted - predicted);
      squares += (one.predicted - predicted) ** 2;
    }
  }
  return squares === 0 ? 1 : Math.min(1, Math.max(0, products / squares));
}
