import { type Levels, METRICS, type Metric } from "empathy-scorer";
import type { Plan, PlannedStratum } from "./plan-file";
import { meanOf } from "./population";
import { raterVariance, toTable } from "./rater-agreement";
import type { GivenRating, JoinedRatings } from "./read-ratings";
import {
  estimateMean,
  interval,
  type MeanEstimate,
  poolVariance,
  type StratumErrors,
} from "./stratified-mean";

/** What is estimated of each reply: its level, whether the level is 1 or more, or whether the reply fits. */
export const MEASURES = ["level", "any", "fits"] as const;

/** One of them. */
export type Measure = (typeof MEASURES)[number];

/** The mean level of a system, or of a family of several systems that count alike; or a share of their replies. */
export interface LevelEstimate extends MeanEstimate {
  readonly kind: "system" | "family";
  readonly name: string;
  readonly measure: Measure;
  /** None where the question is whether replies fit. */
  readonly metric: Metric | undefined;
  /** Number of replies in the population. */
  readonly replies: number;
  /** Whether the mean or a limit lay beyond the scale and was cut at its end. */
  readonly cut: boolean;
}

/**
 * Estimates the mean level of each system and of each family of several systems, and the shares of their replies at level 1 or
 * more and of those that fit.
 *
 * Where several raters read a reply, their mean counts. Intervals are about these raters, taken together: they hold
 * what the drawing of replies and of their readers leaves open, and not that other raters might judge otherwise. A mean
 * or limit beyond the scale, as few readings may give it, is cut at the scale's end.
 *
 * @returns by measure and metric, systems in the plan's order, then families.
 */
export function estimateLevels(plan: Plan, joined: JoinedRatings): LevelEstimate[] {
  return listQuestions(joined).flatMap((question) =>
    estimateTargets(plan, joined, question).map((estimate) => cutAtEnds(estimate)),
  );
}

/** A question that raters answered, with what the classifier has to say to it. */
interface Question {
  readonly measure: Measure;
  readonly metric: Metric | undefined;
  readonly answer: (rating: GivenRating) => number | null;
  readonly predict: (predicted: Levels) => number;
  /** The mean prediction over a whole stratum; undefined where the plan does not say. */
  readonly predictAll: (stratum: PlannedStratum) => number | undefined;
}

function listQuestions({ ratings }: JoinedRatings): Question[] {
  const shows = (level: number) => Math.min(1, level);
  const levels = METRICS.map(
    (metric): Question => ({
      measure: "level",
      metric,
      answer: ({ levels: given }) => given[metric],
      predict: (predicted) => predicted[metric],
      predictAll: ({ predicted }) => predicted[metric],
    }),
  );
  const shares = levels.map(
    ({ metric, answer, predict }): Question => ({
      measure: "any",
      metric,
      answer: (rating) => {
        const level = answer(rating);
        return level === null ? null : shows(level);
      },
      predict: (predicted) => shows(predict(predicted)),
      predictAll: ({ shown }) => metric && shown?.[metric],
    }),
  );
  const fit: Question = {
    measure: "fits",
    metric: undefined,
    answer: ({ fits }) => (typeof fits === "boolean" ? Number(fits) : null),
    predict: () => 0,
    predictAll: () => undefined,
  };
  const isAsked = ratings.some((rating) => fit.answer(rating) !== null);
  return [...levels, ...shares, ...(isAsked ? [fit] : [])];
}

type Uncut = Omit<LevelEstimate, "cut">;

function estimateTargets(plan: Plan, joined: JoinedRatings, question: Question): Uncut[] {
  const { measure, metric } = question;
  const strata = toStrata(plan, joined, question);
  const pooled = poolByLevel(plan, strata);
  return listTargets(plan).map(({ kind, name }) => {
    const own = pooled.filter((_, at) => plan.strata[at]?.[kind] === name);
    const replies = own.reduce((sum, { size }) => sum + size, 0);
    return { kind, name, measure, metric, replies, ...estimateMean(own) };
  });
}

function cutAtEnds(found: Uncut): LevelEstimate {
  const top = found.measure === "level" ? 2 : 1;
  const cutOne = (value: number | null) =>
    value === null ? null : Math.min(top, Math.max(0, value));
  const [mean, lower, upper] = [cutOne(found.mean), cutOne(found.lower), cutOne(found.upper)];
  const cut = mean !== found.mean || lower !== found.lower || upper !== found.upper;
  return { ...found, mean, lower, upper, cut };
}

/** How far one system's or family's mean or share lies above another's. */
export interface LevelDifference {
  readonly kind: "system" | "family";
  readonly name: string;
  /** What is taken from it. */
  readonly less: string;
  readonly measure: Measure;
  readonly metric: Metric | undefined;
  /** Limits of a 95 % interval; null where one of the two has fewer than two replies read. */
  readonly difference: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

const PEOPLE = "human";

/**
 * Estimates differences: each family less people, or where there are none each pair of families; then each system likewise.
 *
 * Systems are strata of their own, so that variances add up; degrees of freedom are Satterthwaite's.
 *
 * @returns by measure and metric.
 */
export function estimateDifferences(plan: Plan, joined: JoinedRatings): LevelDifference[] {
  return listQuestions(joined).flatMap((question) => {
    const found = estimateTargets(plan, joined, question);
    const systems = found.filter(({ kind }) => kind === "system");
    const families = [...new Set(plan.strata.map(({ family }) => family))].flatMap((family) => {
      const whole = found.find(({ kind, name }) => kind === "family" && name === family);
      if (whole) return [whole];
      const alone = plan.strata.find((stratum) => stratum.family === family)?.system;
      return systems.filter(({ name }) => name === alone).map((one) => ({ ...one, name: family }));
    });
    const ofFamilies = listPairs(families).map((pair) => toDifference("family", ...pair));
    return [
      ...ofFamilies,
      ...(families.length === systems.length
        ? []
        : listPairs(systems).map((pair) => toDifference("system", ...pair))),
    ];
  });
}

function listPairs(targets: readonly Uncut[]): [Uncut, Uncut][] {
  const people = targets.find(({ name }) => name === PEOPLE);
  if (people) return targets.flatMap((one) => (one === people ? [] : [[one, people]]));
  return targets.flatMap((less, at) =>
    targets.slice(at + 1).map((one): [Uncut, Uncut] => [one, less]),
  );
}

function toDifference(kind: "system" | "family", one: Uncut, less: Uncut): LevelDifference {
  const { name, measure, metric } = one;
  const start = { kind, name, less: less.name, measure, metric };
  if (one.mean === null || less.mean === null) {
    return { ...start, difference: null, lower: null, upper: null };
  }
  const parts = [one, less].map(({ se, df }) => ({
    variance: (se ?? 0) ** 2,
    df: df ?? Number.POSITIVE_INFINITY,
  }));
  const { mean, lower, upper } = interval(one.mean - less.mean, parts);
  return { ...start, difference: mean, lower, upper };
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

function toStrata(
  plan: Plan,
  joined: JoinedRatings,
  { answer, predict, predictAll }: Question,
): StratumErrors[] {
  const table = toTable(joined, answer);
  const variance = raterVariance([...table.values()]);
  const read: ReadReply[][] = plan.strata.map(() => []);
  const noise: number[][] = plan.strata.map(() => []);
  for (const { id, stratum, predicted } of plan.replies) {
    const levels = (table.get(id) ?? []).filter((level) => level !== null).map(Number);
    if (levels.length === 0) continue;
    read[stratum]?.push({ level: meanOf(levels), predicted: predict(predicted) });
    noise[stratum]?.push(variance / levels.length);
  }
  const means = plan.strata.map(predictAll);
  const isPredicted = means.every((mean) => mean !== undefined);
  // Where the classifier's share over a whole stratum is not known, people's answers stand alone.
  const weight = isPredicted ? predictionWeight(read) : 0;
  return plan.strata.map(({ system, size }, at) => ({
    system,
    size,
    classifier: means[at] ?? Number.NaN,
    predicted: weight * (means[at] ?? 0),
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
