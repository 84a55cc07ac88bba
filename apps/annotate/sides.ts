// Where readings and a classifier differ on whether a reply shows a metric: with whom people side.
import { METRICS, type Metric } from "empathy-scorer";
import { type ReadReply, readShare } from "../../src/readings/readings";
import type { Plan } from "./plan-file";
import { placeOf } from "./plan-places";
import type { GivenRating } from "./read-ratings";

/** With whom people side, on the disputed replies of a family. */
export interface Sides {
  readonly metric: Metric;
  readonly family: string;
  /** Replies that people have read, and on which readings and classifier differ. */
  readonly replies: number;
  /** The share of people's ratings that agree with the readings; the others agree with the classifier. */
  readonly withReadings: number;
}

/**
 * Counts with whom people side. A reply counts once, with its raters' mean; one half of several readings counts as seen.
 *
 * @returns by metric, families in the plan's order; those without such replies are left out.
 */
export function countSides(
  plan: Plan,
  ratings: readonly GivenRating[],
  readings: readonly ReadReply[],
): Sides[] {
  const read = new Map(readings.map((reply) => [`${reply.system} ${placeOf(reply)}`, reply]));
  const families = [...new Set(plan.strata.map(({ family }) => family))];
  return METRICS.flatMap((metric) =>
    families.flatMap((family) => {
      const shares = plan.replies.flatMap(({ id, stratum, place, predicted }) => {
        const { system, family: own } = plan.strata[stratum] ?? {};
        const reply = own === family ? read.get(`${system} ${place}`) : undefined;
        if (!reply) return [];
        const isSeen = readShare(reply, metric, "any") >= 0.5;
        if (isSeen === predicted[metric] > 0) return [];
        const given = ratings.flatMap(({ reply: rated, levels }) =>
          rated === id ? (levels[metric] ?? []) : [],
        );
        const same = given.filter((level) => level > 0 === isSeen).length;
        return given.length > 0 ? [same / given.length] : [];
      });
      if (shares.length === 0) return [];
      const withReadings = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      return [{ metric, family, replies: shares.length, withReadings }];
    }),
  );
}
