// Contrasts of estimated marginal means, as emmeans 1.8.4 computes them with the degrees of freedom of the means.
import { checkChoice, didYouMean, listNames, UserError } from "kit";
import {
  ADJUSTMENTS,
  type Adjustment,
  adjustProbabilities,
  criticalValue,
  type TestFamily,
} from "./adjust";
import { combineRows, type Levels } from "./average-grid";
import type { ContrastWeights } from "./contrast-formula";
import { type Interval, limits } from "./linear-estimate";
import { checkLevelOfLimits, type MarginalMeans } from "./marginal-means";
import { type ContrastMethod, contrastWeights, isPairwise } from "./mean-weights";

/** How contrasts are tested and grouped; every field has a default. */
export interface ContrastOptions {
  /** Variables of `over` within whose values means are compared; each combination is its own family. */
  readonly by?: readonly string[];
  /**
   * `tukey` for pairs by default, `holm` for a reference and for neighbours, `none` for the others. Tukey's is for
   * pairs only.
   */
  readonly adjust?: Adjustment;
  /** Coverage of the limits; that of the means by default. */
  readonly level?: number;
}

/** One contrast, on the scale of the means; its numbers are null where it is not estimable. */
export interface MeanContrast {
  /** Such as `a - b`; for an interaction the factors' contrasts joined by ` : `. */
  readonly name: string;
  /** The values of the `by` variables. */
  readonly by: Levels;
  readonly estimate: number | null;
  readonly se: number | null;
  /** Estimate over standard error; a t statistic where there is `df`. */
  readonly z: number | null;
  /** Degrees of freedom of Student's t; without them, `p` and limits are by the normal distribution. */
  readonly df?: number;
  /** Two-sided, adjusted. */
  readonly p: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Of log-odds (binomial, cumulative logit): exponentials, the standard error by the delta method; else null. */
  readonly oddsRatio: Interval | null;
  /** Of logarithms of means (`regridMeans`) likewise: a ratio of means; absent elsewhere. */
  readonly ratio?: Interval;
  /** Why there is no estimate; null where there is one. */
  readonly reason: string | null;
}

/** Contrasts, with how they were adjusted. */
export interface MeanContrasts {
  /** Of the probabilities, within each combination of `by`. */
  readonly adjust: Adjustment;
  /** Of the limits: for `holm` it is `bonferroni`. */
  readonly limits: Adjustment;
  readonly level: number;
  /** One combination of `by` after the other. */
  readonly contrasts: readonly MeanContrast[];
}

/**
 * Compares marginal means.
 *
 * Limits are adjusted as the probabilities are, for Holm's by Bonferroni's method; as in emmeans. A contrast
 * may be estimable though its means are not.
 *
 * @throws UserError if `by` is not one of the means' variables, the method does not fit the means, or Tukey's
 *   adjustment is asked for other contrasts than pairs.
 *
 * Such as `contrastMeans(means, { method: "pairwise", by: ["sentiment"] }).contrasts[0]?.oddsRatio`; with
 * `method: "revpairwise"` each pair is later less earlier.
 */
export function contrastMeans(
  means: MarginalMeans,
  options: ContrastOptions & { readonly method: ContrastMethod },
): MeanContrasts {
  const { method, by = [] } = options;
  const adjust = options.adjust ?? defaultAdjustment(method);
  if (adjust === "tukey" && !isPairwise(method)) refuseTukey();
  checkVariables(means, by);
  const groups = groupMeans(means, by);
  const labels = groups.map(({ members }) => members.map((mean) => labelOfMean(means, mean, by)));
  const plans = groups.map(({ levels, members }, group) => ({
    by: levels,
    rows: members.map((mean) => means.rows[mean]!),
    weights: contrastWeights(method, labels[group]!),
  }));
  return testContrasts(means, plans, { ...options, adjust });
}

/** Contrasts of one group of means. */
interface ContrastPlan {
  readonly by: Levels;
  readonly rows: readonly Float64Array[];
  readonly weights: readonly ContrastWeights[];
}

/** Estimates and tests planned contrasts; each plan is a family of its own. */
export function testContrasts(
  means: MarginalMeans,
  plans: readonly ContrastPlan[],
  { adjust = "none", level = means.level }: ContrastOptions,
): MeanContrasts {
  checkLevelOfLimits(level);
  checkChoice("adjust", adjust, ADJUSTMENTS);
  const contrasts = plans.flatMap((plan) => testFamily(means, plan, adjust, level));
  return { adjust, limits: adjust === "holm" ? "bonferroni" : adjust, level, contrasts };
}

/** Tukey's adjustment knows the distribution of all pairwise differences only. */
export function refuseTukey(): never {
  throw new UserError(
    "the tukey adjustment is for pairwise contrasts; use holm, bonferroni or sidak",
  );
}

/** @throws UserError for a name that is not one of the variables by which means vary. */
export function checkVariables({ over }: MarginalMeans, names: readonly string[]): void {
  const unknown = names.find((name) => !over.includes(name));
  if (unknown === undefined) return;
  const advice = didYouMean(unknown, over) || `; they are for: ${listNames(over)}`;
  throw new UserError(`the means do not vary by '${unknown}'${advice}`);
}

/** Groups means by the values of some of their variables, in order of appearance. */
export function groupMeans(
  { means }: MarginalMeans,
  by: readonly string[],
): { levels: Levels; members: number[] }[] {
  const groups = new Map<string, { levels: Levels; members: number[] }>();
  for (const [place, mean] of means.entries()) {
    const levels = Object.fromEntries(by.map((name) => [name, mean.levels[name] ?? ""]));
    const key = JSON.stringify(levels);
    const group = groups.get(key);
    if (group) group.members.push(place);
    else groups.set(key, { levels, members: [place] });
  }
  return [...groups.values()];
}

function labelOfMean({ means, over }: MarginalMeans, place: number, by: readonly string[]): string {
  const names = over.filter((name) => !by.includes(name));
  return names.map((name) => means[place]?.levels[name]).join(" ");
}

function defaultAdjustment(method: ContrastMethod): Adjustment {
  if (isPairwise(method)) return "tukey";
  if (method === "consecutive") return "holm";
  return typeof method === "object" && "reference" in method ? "holm" : "none";
}

function testFamily(
  { estimate, isLogOdds, isLog }: MarginalMeans,
  { by, rows, weights }: ContrastPlan,
  adjust: Adjustment,
  level: number,
): MeanContrast[] {
  const tests: TestFamily = { tests: weights.length, means: rows.length };
  const found = weights.map((one) => estimate(combineRows(rows, one.weights)));
  const z = found.map((one) => (one.reason === null ? one.estimate / one.se : null));
  const df = found.map((one) => (one.reason === null ? one.df : undefined) ?? NORMAL);
  const p = adjustProbabilities(z, adjust, tests, df);
  const criticals = new Map(
    [...new Set(df)].map((one) => [one, criticalValue(level, adjust, tests, one)]),
  );
  return found.map((one, place) => {
    const name = weights[place]!.name;
    if (one.reason !== null) return { name, by, ...NOT_ESTIMABLE, reason: one.reason };
    const link = limits(one, criticals.get(df[place]!)!);
    const oddsRatio = isLogOdds ? exponentiate(link) : null;
    const test = { z: z[place]!, p: p[place]! };
    const ratio = isLog ? { ratio: exponentiate(link) } : {};
    return { name, by, ...link, ...test, oddsRatio, ...ratio, reason: null };
  });
}

const NORMAL = Number.POSITIVE_INFINITY;

const NOT_ESTIMABLE = {
  estimate: null,
  se: null,
  z: null,
  p: null,
  lower: null,
  upper: null,
  oddsRatio: null,
} as const;

function exponentiate({ estimate, se, lower, upper }: Interval): Interval {
  const ratio = Math.exp(estimate);
  return { estimate: ratio, se: ratio * se, lower: Math.exp(lower), upper: Math.exp(upper) };
}
