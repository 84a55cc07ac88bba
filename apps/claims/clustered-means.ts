// Means whose values cluster, with the covariance of their influence functions, summed by cluster (Liang and Zeger 1986,
// doi.org/10.1093/biomet/73.1.13).
import type { Estimates } from "../../src/claims/combine-estimates";

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
