// Boosted regression trees for three classes: their form, and how they classify.
import { softmax3 } from "../text/stable-math";

/** Depth of every tree. */
export const TREE_DEPTH = 3;

/** Splits of every tree; it has one leaf more. */
export const TREE_SPLITS = 7;

/** A tree of depth 3 in breadth-first order: 7 splits, 8 leaves. */
export interface Tree {
  readonly features: Int16Array;
  readonly thresholds: Float32Array;
  readonly leaves: Float32Array;
}

/** Trees by round and class; the sum of a class's leaves is its log-weight. */
export interface BoostedTrees {
  readonly trees: readonly Tree[];
  /** Leaves are whole multiples of this, of at most 16 bits. */
  readonly leafScale: number;
}

/** Trees laid out one after the other, for speed. */
export class TreeSum {
  private readonly features: Uint8Array;
  private readonly thresholds: Float32Array;
  private readonly leaves: Float32Array;

  constructor(private readonly model: BoostedTrees) {
    const { trees } = model;
    this.features = Uint8Array.from(trees.flatMap((tree) => [...tree.features]));
    this.thresholds = Float32Array.from(trees.flatMap((tree) => [...tree.thresholds]));
    this.leaves = Float32Array.from(trees.flatMap((tree) => [...tree.leaves]));
  }

  /** Probabilities of the three classes for one row of features. */
  classify(row: Float32Array): [number, number, number] {
    const { features, thresholds, leaves } = this;
    const sums: [number, number, number] = [0, 0, 0];
    for (let at = 0; at < this.model.trees.length; at++) {
      const base = at * TREE_SPLITS;
      let node = row[features[base]!]! > thresholds[base]! ? 2 : 1;
      node = 2 * node + (row[features[base + node]!]! > thresholds[base + node]! ? 2 : 1);
      node = 2 * node + (row[features[base + node]!]! > thresholds[base + node]! ? 2 : 1);
      sums[(at % 3) as 0 | 1 | 2] += leaves[at + base + node - TREE_SPLITS]!;
    }
    return softmax3(...sums);
  }
}

/** Joins sets of trees into one model that gives their mean, with leaves of 16 bits. */
export function joinTrees(sets: readonly (readonly Tree[])[]): BoostedTrees {
  let largest = 1e-9;
  for (const tree of sets.flat()) {
    for (const leaf of tree.leaves) largest = Math.max(largest, Math.abs(leaf / sets.length));
  }
  const leafScale = Math.fround(largest / 32767);
  const trees = sets.flat().map((tree) => ({
    ...tree,
    leaves: tree.leaves.map((leaf) => Math.round(leaf / sets.length / leafScale) * leafScale),
  }));
  return { trees, leafScale };
}
