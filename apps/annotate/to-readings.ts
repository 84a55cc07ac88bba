// People's levels as rows of a readings file, so that a study can be measured by them.
import { byMetric, type Level, METRICS } from "empathy-scorer";
import { UserError } from "kit";
import type { ReadingRow } from "../../src/readings/reading-rows";
import type { Plan } from "./plan-file";
import { parsePlace } from "./plan-places";
import type { GivenRating } from "./read-ratings";

/** Raters' levels as readings, and what could not become one. */
interface RatedReadings {
  readonly rows: readonly ReadingRow[];
  /** Ratings that lack a level, and are left out. */
  readonly partial: number;
}

/**
 * Turns ratings into readings: the plan's identifier is the design, its stratum the stratum, and the rater the reader.
 * Files of earlier pages do not say whether a reply fits.
 *
 * @param path of the plan, for the message.
 * @throws UserError if the plan is of a table of one's own, whose replies are in no dialogue of a corpus.
 */
export function toReadings(
  plan: Plan,
  ratings: readonly GivenRating[],
  path: string,
): RatedReadings {
  const planned = new Map(plan.replies.map((reply) => [reply.id, reply]));
  const rows = ratings.flatMap(({ rater, reply: id, levels, fits }): ReadingRow[] => {
    const reply = planned.get(id);
    const stratum = plan.strata[reply?.stratum ?? -1];
    if (!reply || !stratum || METRICS.some((metric) => levels[metric] === null)) return [];
    const place = parsePlace(reply.place);
    if (!place) {
      throw new UserError(
        `${path}: its replies are those of a table (${reply.place}), which belong to no dialogue; readings are of published, asked and imported systems, or of the sample corpus`,
      );
    }
    return [
      {
        reply: { system: stratum.system, ...place },
        design: plan.id,
        stratum: String(reply.stratum),
        reader: rater,
        levels: byMetric((metric) => levels[metric] as Level),
        fits: fits ?? null,
      },
    ];
  });
  return { rows, partial: ratings.length - rows.length };
}
