// Gradient boosting (Friedman 2001) with Newton leaves, on features cut into at most 32 bins.
import { mulberry32 } from "kit";
import { softmax3 } from "../text/stable-math";
import { TREE_DEPTH as DEPTH, TREE_SPLITS as SPLITS, type Tree } from "./boosted-trees";

/** Most bins of a feature. */
const BINS = 32;

/** How the trees are grown. */
export interface BoostOptions {
  readonly rounds: number;
  readonly rate: number;
  readonly rowShare: number;
  readonly columnShare: number;
  readonly leafPenalty: number;
  readonly leastWeight: number;
  readonly seed: number;
}

const BOOST_DEFAULTS: BoostOptions = {
  rounds: 60,
  rate: 0.07,
  rowShare: 0.6,
  columnShare: 0.4,
  leafPenalty: 3,
  leastWeight: 4,
  seed: 1,
};

/**
 * Grows trees that predict a class from dense features.
 *
 * @param rows n rows of equally many numbers, rounded to 32 bits by the caller.
 * @param classes 0, 1 or 2 for each row.
 * @param weights of the rows.
 */
export function growTrees(
  rows: readonly Float32Array[],
  classes: Uint8Array,
  weights: Float64Array,
  options: Partial<BoostOptions> = {},
): Tree[] {
  const settings = { ...BOOST_DEFAULTS, ...options };
  const count = rows.length;
  const { bins, cuts } = binFeatures(rows);
  const scores = [
    new Float64Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ] as const;
  const trees: Tree[] = [];
  const random = mulberry32(Math.imul(settings.seed, 0x9e3779b1) | 0);
  const gradients = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const curvatures = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let round = 0; round < settings.rounds; round++) {
    const chosen: number[] = [];
    for (let i = 0; i < count; i++) {
      if (random() >= settings.rowShare) continue;
      chosen.push(i);
    }
    for (let i = 0; i < count; i++) {
      const p = softmax3(scores[0][i]!, scores[1][i]!, scores[2][i]!);
      for (let k = 0; k < 3; k++) {
        const target = classes[i] === k ? 1 : 0;
        gradients[k]![i] = weights[i]! * (target - p[k]!);
        curvatures[k]![i] = weights[i]! * Math.max(p[k]! * (1 - p[k]!), 1e-4);
      }
    }
    for (let k = 0; k < 3; k++) {
      const columns: number[] = [];
      for (let f = 0; f < bins.length; f++) if (random() < settings.columnShare) columns.push(f);
      const grown = growTree(bins, cuts, chosen, columns, gradients[k]!, curvatures[k]!, settings);
      trees.push(grown.tree);
      for (let i = 0; i < count; i++) scores[k]![i]! += grown.tree.leaves[leafOf(grown, bins, i)]!;
    }
  }
  return trees;
}

interface Grown {
  readonly tree: Tree;
  readonly splitBins: Int16Array;
}

function leafOf({ tree, splitBins }: Grown, bins: readonly Uint8Array[], i: number): number {
  let node = 0;
  for (let level = 0; level < DEPTH; level++) {
    node = node * 2 + (bins[tree.features[node]!]![i]! > splitBins[node]! ? 2 : 1);
  }
  return node - SPLITS;
}

function growTree(
  bins: readonly Uint8Array[],
  cuts: readonly Float32Array[],
  chosen: readonly number[],
  columns: readonly number[],
  gradient: Float64Array,
  curvature: Float64Array,
  { leafPenalty, leastWeight, rate }: BoostOptions,
): Grown {
  const features = new Int16Array(SPLITS);
  const thresholds = new Float32Array(SPLITS).fill(Number.POSITIVE_INFINITY);
  const splitBins = new Int16Array(SPLITS).fill(BINS);
  const leaves = new Float32Array(SPLITS + 1);
  let members: (readonly number[])[] = [chosen];
  for (let level = 0; level < DEPTH; level++) {
    const next: number[][] = [];
    for (let place = 0; place < members.length; place++) {
      const rows = members[place]!;
      const node = (1 << level) - 1 + place;
      const split = findSplit(bins, rows, columns, gradient, curvature, leafPenalty, leastWeight);
      const left: number[] = [];
      const right: number[] = [];
      if (split) {
        features[node] = split.feature;
        splitBins[node] = split.bin;
        thresholds[node] = cuts[split.feature]![split.bin]!;
        const column = bins[split.feature]!;
        for (const i of rows) (column[i]! > split.bin ? right : left).push(i);
      } else for (const i of rows) left.push(i);
      next.push(left, right);
    }
    members = next;
  }
  for (const [leaf, rows] of members.entries()) {
    let g = 0;
    let h = 0;
    for (const i of rows) {
      g += gradient[i]!;
      h += curvature[i]!;
    }
    leaves[leaf] = rows.length > 0 ? (rate * g) / (h + leafPenalty) : 0;
  }
  return { tree: { features, thresholds, leaves }, splitBins };
}

const sumG = new Float64Array(BINS);
const sumH = new Float64Array(BINS);

/** Finds the split of some rows that gains most, or none where no split gains. */
function findSplit(
  bins: readonly Uint8Array[],
  rows: readonly number[],
  columns: readonly number[],
  gradient: Float64Array,
  curvature: Float64Array,
  penalty: number,
  least: number,
): { feature: number; bin: number } | undefined {
  let totalG = 0;
  let totalH = 0;
  for (const i of rows) {
    totalG += gradient[i]!;
    totalH += curvature[i]!;
  }
  let best = 1e-6 + (totalG * totalG) / (totalH + penalty);
  let found: { feature: number; bin: number } | undefined;
  for (const feature of columns) {
    sumG.fill(0);
    sumH.fill(0);
    const column = bins[feature]!;
    for (let at = 0; at < rows.length; at++) {
      const i = rows[at]!;
      const bin = column[i]!;
      sumG[bin]! += gradient[i]!;
      sumH[bin]! += curvature[i]!;
    }
    let g = 0;
    let h = 0;
    for (let bin = 0; bin < BINS - 1; bin++) {
      g += sumG[bin]!;
      h += sumH[bin]!;
      if (h < least) continue;
      const restH = totalH - h;
      if (restH < least) break;
      const restG = totalG - g;
      const gain = (g * g) / (h + penalty) + (restG * restG) / (restH + penalty);
      if (gain > best) {
        best = gain;
        found = { feature, bin };
      }
    }
  }
  return found;
}

/** Features cut into bins. */
interface BinnedFeatures {
  /** The bin of each row, by feature. */
  readonly bins: readonly Uint8Array[];
  /** Where each feature's bins end, by feature. */
  readonly cuts: readonly Float32Array[];
}

/** Cuts features into bins: a value's bin is the number of cuts below it; cuts are quantiles of the values. */
function binFeatures(rows: readonly Float32Array[]): BinnedFeatures {
  const width = rows[0]?.length ?? 0;
  const bins: Uint8Array[] = [];
  const cuts: Float32Array[] = [];
  for (let f = 0; f < width; f++) {
    const sorted = Float32Array.from(rows, (row) => row[f]!).sort();
    const found: number[] = [];
    for (let cut = 1; cut < BINS; cut++) {
      const at = Math.floor((cut * sorted.length) / BINS);
      const low = sorted[Math.max(at - 1, 0)]!;
      const next = sorted[at]!;
      const value = Math.fround((low + next) / 2);
      if (next > sorted[0]! && (found.length === 0 || value > found.at(-1)!))
        found.push(value < next ? value : low);
    }
    // Sparse counts: quantiles miss what is mostly zero, so distinct values get cuts of their own.
    const distinct = [...new Set(sorted)];
    const own = distinct.length <= BINS ? distinct.slice(0, -1) : addCuts(found, distinct);
    const column = new Uint8Array(rows.length);
    const list = Float32Array.from(own);
    for (let i = 0; i < rows.length; i++) {
      const value = rows[i]![f]!;
      let bin = 0;
      while (bin < list.length && value > list[bin]!) bin++;
      column[i] = bin;
    }
    bins.push(column);
    cuts.push(list);
  }
  return { bins, cuts };
}

function addCuts(found: readonly number[], distinct: readonly number[]): number[] {
  const all = new Set(found);
  const room = BINS - 1 - all.size;
  for (let at = 1; at <= room; at++) {
    all.add(distinct[Math.floor((at * (distinct.length - 1)) / (room + 1))]!);
  }
  return [...all].sort((left, right) => left - right).slice(0, BINS - 1);
}
