// Shares counted in the plainest way, which the tables of shares are held against: no model, dialogues as clusters.
import type { Metric } from "empathy-scorer";
import { ClusteredMeans } from "../../../apps/claims/clustered-means";
import { type AnchoredReplies, HUMAN, shows } from "../../../src/claims/anchored-replies";
import { type Estimates, entryOf } from "../../../src/claims/combine-estimates";
import { SENTIMENTS } from "../../../src/corpus/emotions";
import type { Outcome } from "../../../src/readings/readings";

/**
 * Counts how many replies show a metric, and how many more than of people's replies to the same stimuli.
 *
 * @returns one entry a system and sentiment, in shares; NaN if there is no reply.
 */
export function countShares(
  { systems, replies }: AnchoredReplies,
  metric: Metric,
  outcome: Outcome,
): { readonly ownShare: Estimates; readonly leadShare: Estimates } {
  const places = new Map(systems.map(({ id }, at) => [id, at]));
  const people = new Map<string, number>();
  for (const reply of replies) {
    if (reply.system === HUMAN) people.set(reply.stimulus, shows(reply, metric, outcome));
  }
  const own = new ClusteredMeans(systems.length * SENTIMENTS.length);
  const lead = new ClusteredMeans(systems.length * SENTIMENTS.length);
  for (const reply of replies) {
    const place = places.get(reply.system);
    if (place === undefined) continue;
    const entry = entryOf(place, reply.sentiment);
    const value = shows(reply, metric, outcome);
    own.add(entry, reply.dialogue, value);
    lead.add(entry, reply.dialogue, value - (people.get(reply.stimulus) as number));
  }
  const ownShare = own.estimates();
  const leadShare = lead.estimates();
  for (const [entry, share] of ownShare.values.entries()) {
    if (share !== 0 && share !== 1) continue;
    // All replies alike vary with nobody: half a reply stands for what was not seen.
    const count = own.countOf(entry);
    const half = 0.5 / (count + 1);
    for (const { covariance } of [ownShare, leadShare]) {
      const at = entry * (ownShare.values.length + 1);
      covariance[at] = (covariance[at] as number) + (half * (1 - half)) / count;
    }
  }
  return { ownShare, leadShare };
}
