// Shares of replies by system and sentiment, counted: no model, dialogues as clusters. The covariance is that of the
// means' influence functions, summed by dialogue (Liang and Zeger 1986, doi.org/10.1093/biomet/73.1.13).
import type { Metric } from "empathy-scorer";
import { SENTIMENTS } from "../corpus/emotions";
import type { Outcome } from "../readings/readings";
import { type AnchoredReplies, HUMAN, shows } from "./anchored-replies";
import { type Estimates, entryOf } from "./combine-estimates";

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

/** Means of several quantities whose values cluster, with their covariance. */
export class ClusteredMeans {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private readonly codes = new Map<string, number>();
  private readonly clusters: Cluster[] = [];

  constructor(private readonly size: number) {
    this.sums = new Float64Array(size);
    this.counts = new Float64Array(size);
  }

  add(entry: number, cluster: string, value: number): void {
    this.sums[entry] = (this.sums[entry] as number) + value;
    this.counts[entry] = (this.counts[entry] as number) + 1;
    const { entries, sums, counts } = this.clusterOf(cluster);
    let at = entries.indexOf(entry);
    if (at < 0) at = entries.push(entry) - 1;
    sums[at] = (sums[at] ?? 0) + value;
    counts[at] = (counts[at] ?? 0) + 1;
  }

  private clusterOf(name: string): Cluster {
    let code = this.codes.get(name);
    if (code === undefined) {
      code = this.clusters.push({ entries: [], sums: [], counts: [] }) - 1;
      this.codes.set(name, code);
    }
    return this.clusters[code] as Cluster;
  }

  countOf(entry: number): number {
    return this.counts[entry] as number;
  }

  estimates(): Estimates {
    const { size, sums, counts } = this;
    const values = sums.map((sum, entry) => sum / (counts[entry] as number));
    const covariance = new Float64Array(size * size);
    for (const { entries, ...own } of this.clusters) {
      const influences = entries.map((entry, at) => {
        const expected = (own.counts[at] as number) * (values[entry] as number);
        return ((own.sums[at] as number) - expected) / (counts[entry] as number);
      });
      for (const [at, i] of entries.entries()) {
        const one = influences[at] as number;
        for (let other = 0; other < entries.length; other++) {
          const place = i * size + (entries[other] as number);
          covariance[place] = (covariance[place] as number) + one * (influences[other] as number);
        }
      }
    }
    return { values, covariance };
  }
}

/** The quantities that occur in a cluster, with what their values there come to. */
interface Cluster {
  readonly entries: number[];
  readonly sums: number[];
  readonly counts: number[];
}
