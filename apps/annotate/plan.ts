// A plan of a study by people that estimates mean levels: a two-phase sample.
import { byMetric, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { allocate } from "./allocate";
import { drawSample } from "./draw-sample";
import { type ErrorsByLevel, expectErrorsOf } from "./expected-errors";
import { expectWidths } from "./expected-widths";
import { nameReplies, type Plan, type PlannedStratum, sealPlan } from "./plan-file";
import type { ByMetric, PopulationReply } from "./population";
import { type Stratum, stratify } from "./strata";

/** What a plan is asked for. */
export interface PlanOptions {
  readonly scorer: string;
  /** Number of readings. */
  readonly budget: number;
  /** Number of raters, from 1. */
  readonly raters: number;
  /** Number of replies that all raters read. */
  readonly overlap: number;
  readonly seed: number;
  /** The one metric that the allocation is made for; all three by default. */
  readonly metric?: Metric | undefined;
  /** Expected errors; `expectErrorsOf` the scorer by default. */
  readonly errors?: ByMetric<ErrorsByLevel>;
}

/** A plan, and which reply of the population each of its replies is. */
export interface MadePlan {
  readonly plan: Plan;
  /** Positions in the population, in the order of `plan.replies`. */
  readonly members: readonly number[];
}

/**
 * Draws a two-phase sample: strata of system by predicted level, the second phase at random within them.
 *
 * Strata are made by the metric that is asked for, or else by the one that leaves the least expected variance.
 *
 * @throws UserError if the budget does not suffice for two replies of each stratum.
 */
export function makePlan(replies: readonly PopulationReply[], options: PlanOptions): MadePlan {
  const { scorer, budget, raters, overlap, seed, metric } = options;
  const draws = countDraws(budget, overlap, raters);
  const metrics = metric ? [metric] : METRICS;
  const errors = options.errors ?? expectErrorsOf(scorer).errors;
  const { strataBy, strata, counts } = chooseStrata(replies, metrics, errors, draws);
  const { replies: drawn, pages } = drawSample(
    strata.map(({ members }) => members),
    counts,
    { raters, overlap, seed },
  );
  const idOf = nameReplies(drawn.length);
  const plan = sealPlan({
    scorer,
    seed,
    budget,
    overlap,
    strataBy,
    metrics,
    expected: expectWidths(strata, counts),
    strata: strata.map((stratum, at) => describe(stratum, counts[at] ?? 0)),
    replies: drawn.flatMap(({ member, stratum }, at) => {
      const reply = replies[member];
      if (!reply) return [];
      return [{ id: idOf(at), stratum, place: reply.place, predicted: reply.predicted }];
    }),
    pages: pages.map((own, at) => ({ page: `rater-${at + 1}`, replies: own.map(idOf) })),
  });
  return { plan, members: drawn.map(({ member }) => member) };
}

function countDraws(budget: number, overlap: number, raters: number): number {
  const draws = raters > 1 ? budget - overlap * (raters - 1) : budget;
  if (raters === 1 || overlap <= draws) return draws;
  throw new UserError(
    `${budget} readings do not suffice for ${raters} raters of ${overlap} shared replies; raise --budget or lower --overlap`,
  );
}

function chooseStrata(
  replies: readonly PopulationReply[],
  metrics: readonly Metric[],
  errors: ByMetric<ErrorsByLevel>,
  draws: number,
) {
  const candidates = metrics.map((strataBy) => {
    const strata = stratify(replies, strataBy, errors);
    const costs = strata.map(({ share, variance }) =>
      metrics.reduce((sum, metric) => sum + share ** 2 * variance[metric], 0),
    );
    const counts = allocate(
      strata.map(({ members }, at) => ({ size: members.length, cost: costs[at] ?? 0 })),
      draws,
    );
    const expected = costs.reduce((sum, cost, at) => {
      const [size, count] = [strata[at]?.members.length ?? 1, counts[at] ?? 1];
      return sum + cost * (1 / count - 1 / size);
    }, 0);
    return { strataBy, strata, counts, expected };
  });
  return candidates.reduce((best, other) => (other.expected < best.expected ? other : best));
}

function describe(stratum: Stratum, drawn: number): PlannedStratum {
  const { system, family, level, members } = stratum;
  const round = (values: ByMetric<number>) =>
    byMetric((metric) => Number(values[metric].toFixed(9)));
  return {
    system,
    family,
    level,
    size: members.length,
    drawn,
    predicted: round(stratum.predicted),
    shown: round(stratum.shown),
  };
}
