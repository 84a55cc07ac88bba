// Replies on which readings and a classifier disagree most: where people's labels tell most of which of the two is right.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { byMetric, METRICS } from "empathy-scorer";
import { UserError } from "kit";
import { readReadings, readShare, replyKey } from "../../src/readings/readings";
import { readSystemScores } from "../../src/scoring/system-scores";
import type { Study } from "../../src/study/study";
import { readSystems } from "../../src/systems/system";
import { placeOf } from "./plan-places";
import type { PopulationReply } from "./population";

/** A reply that was read and scored. */
export interface DisputedReply extends PopulationReply {
  /** Sum over metrics of |share of readings that see it - the classifier's probability that it is shown|: 0 to 3. */
  readonly disagreement: number;
}

/** How replies are drawn by disagreement. */
export interface DisagreementRule {
  /** Replies of each family; all of one that has fewer. */
  readonly ofFamily: number;
  /** The fewest of each system, so that every system is in. */
  readonly leastOfSystem: number;
  /** The largest share of a family's replies that one system may have, where a family has several. */
  readonly mostShare: number;
}

/** Of each family 200 replies; five of each system at least, a fifth of its family's at most. */
export const DISAGREEMENT_RULE: DisagreementRule = {
  ofFamily: 200,
  leastOfSystem: 5,
  mostShare: 0.2,
};

/**
 * Lists the replies that a study's readings and scores both have, most disagreement first.
 *
 * @param scorer the folder below `data/scores`; systems that have no scores there are left out.
 * @throws UserError if no system has both.
 */
export function listDisputed(study: Pick<Study, "root">, scorer: string): DisputedReply[] {
  const read = new Map(readReadings(study).map((reply) => [replyKey(reply), reply]));
  const disputed = readSystems().flatMap(({ id, family, excluded }): DisputedReply[] => {
    const path = join(study.root, "data", "scores", scorer, `${id}.csv`);
    if (excluded || !existsSync(path)) return [];
    return readSystemScores(path).flatMap(({ dialogue, turn, sample, scores }) => {
      const reply = read.get(replyKey({ system: id, dialogue, turn, sample }));
      if (!scores || !reply) return [];
      const disagreement = METRICS.reduce((sum, metric) => {
        const [, one, two] = scores[metric].probabilities;
        return sum + Math.abs(readShare(reply, metric, "any") - (one + two));
      }, 0);
      const predicted = byMetric((metric) => scores[metric].level);
      const place = placeOf({ dialogue, turn, sample });
      return [{ system: id, family, place, predicted, disagreement }];
    });
  });
  if (disputed.length > 0) return disputed.sort(compareDisputed);
  throw new UserError(
    `no system has both readings and scores by '${scorer}'; name another --scorer, a folder of data/scores`,
  );
}

// Probabilities have some decimals, and so ties; their names decide then.
function compareDisputed(one: DisputedReply, other: DisputedReply): number {
  const byName = nameOf(one) < nameOf(other) ? -1 : Number(nameOf(one) > nameOf(other));
  return Number((other.disagreement - one.disagreement).toFixed(9)) || byName;
}

function nameOf({ system, place }: DisputedReply): string {
  return `${system} ${place}`;
}

/**
 * Draws the replies of each family on which the two disagree most: first the fewest of each system, then whatever is next.
 *
 * @param replies most disagreement first.
 * @param families whose replies are drawn, in this order.
 * @returns the families' replies, most disagreement first within each.
 */
export function drawDisputed(
  replies: readonly DisputedReply[],
  families: readonly string[],
  rule: DisagreementRule,
): DisputedReply[] {
  return families.flatMap((family) => {
    const own = replies.filter((reply) => reply.family === family);
    return drawOfFamily(own, rule);
  });
}

function drawOfFamily(
  replies: readonly DisputedReply[],
  { ofFamily, leastOfSystem, mostShare }: DisagreementRule,
): DisputedReply[] {
  const systems = new Set(replies.map(({ system }) => system));
  const most = Math.ceil(ofFamily * Math.max(mostShare, 1 / systems.size));
  const drawn = new Set<DisputedReply>();
  const counts = new Map<string, number>();
  const take = (limit: number) => {
    for (const reply of replies) {
      const count = counts.get(reply.system) ?? 0;
      if (drawn.size >= ofFamily || count >= limit || drawn.has(reply)) continue;
      drawn.add(reply);
      counts.set(reply.system, count + 1);
    }
  };
  take(leastOfSystem);
  take(most);
  return replies.filter((reply) => drawn.has(reply));
}
