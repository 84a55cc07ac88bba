import type { Level, Metric } from "empathy-scorer";
import { byMetric } from "empathy-scorer";
import type { ErrorsByLevel } from "./expected-errors";
import { type ByMetric, meanOf, type PopulationReply } from "./population";

/** The replies of one system with one predicted level. */
export interface Stratum {
  readonly system: string;
  readonly family: string;
  /** The predicted level, of the metric that the strata are made by. */
  readonly level: Level;
  /** The replies' positions in the population. */
  readonly members: readonly number[];
  /** Mean predicted level of each metric. */
  readonly predicted: ByMetric<number>;
  /** Share with a predicted level of 1 or more. */
  readonly shown: ByMetric<number>;
  /** Variance that a person's level less the predicted one is expected to have within the stratum. */
  readonly variance: ByMetric<number>;
  /** The stratum's share in its family's mean: systems count alike, and a system's replies alike. */
  readonly share: number;
}

/**
 * Divides replies into strata of system by predicted level.
 *
 * @param by the metric whose predicted level divides.
 * @returns strata by system, in the order in which systems first appear, then by level; none is empty.
 */
export function stratify(
  replies: readonly PopulationReply[],
  by: Metric,
  errors: ByMetric<ErrorsByLevel>,
): Stratum[] {
  const cells = new Map<string, Map<Level, number[]>>();
  const families = new Map<string, Set<string>>();
  for (const [at, { system, family, predicted }] of replies.entries()) {
    const levels = cells.get(system) ?? new Map<Level, number[]>();
    cells.set(system, levels);
    const members = levels.get(predicted[by]) ?? [];
    members.push(at);
    levels.set(predicted[by], members);
    families.set(family, (families.get(family) ?? new Set()).add(system));
  }
  return [...cells].flatMap(([system, levels]) => {
    const size = [...levels.values()].reduce((sum, { length }) => sum + length, 0);
    return [...levels]
      .sort(([one], [other]) => one - other)
      .map(([level, members]) => {
        const own = members.flatMap((at) => replies[at] ?? []);
        const family = own[0]?.family ?? "";
        return {
          system,
          family,
          level,
          members,
          predicted: byMetric((metric) => meanOf(own.map((reply) => reply.predicted[metric]))),
          shown: byMetric((metric) =>
            meanOf(own.map((reply) => Math.min(1, reply.predicted[metric]))),
          ),
          variance: byMetric((metric) => expectVariance(own, metric, errors[metric])),
          share: members.length / size / (families.get(family)?.size ?? 1),
        };
      });
  });
}

// Within a predicted level people's levels vary; where the stratum mixes predicted levels, so does the bias.
function expectVariance(
  replies: readonly PopulationReply[],
  metric: Metric,
  errors: ErrorsByLevel,
): number {
  const expected = replies.map(({ predicted }) => errors[predicted[metric]]);
  const bias = meanOf(expected.map((error) => error.bias));
  return meanOf(expected.map((error) => error.variance + (error.bias - bias) ** 2));
}
