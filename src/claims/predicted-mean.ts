// The share of replies that show a metric, from a few that were read and a head's prediction of all: prediction-powered
// inference with the weight that leaves the least variance (Angelopoulos, Duchi and Zrnic 2023, arxiv.org/abs/2311.01453),
// post-stratified. The weight of the predictions is a number from 0, the read replies alone, to 1.

/** A reply that an estimate stands for. */
export interface PredictedUnit {
  /** Number of its dialogue among all. */
  readonly dialogue: number;
  readonly isRead: boolean;
  /** Its post-strata, from the finest to the coarsest. */
  readonly strata: readonly string[];
}

/** Replies in their post-strata; what is measured of them comes later. */
export interface MeanLayout {
  /** Number of the dialogue of each reply, and of its post-stratum. */
  readonly dialogues: Int32Array;
  readonly strata: Int32Array;
  readonly isRead: Uint8Array;
  /** Share of all replies, and number of replies that were read, of each post-stratum. */
  readonly shares: Float64Array;
  readonly reads: Int32Array;
}

/** A mean in two parts: `read + weight * shift`, each with one influence value a dialogue. */
export interface PredictedMean {
  readonly read: number;
  readonly shift: number;
  readonly readInfluence: Float64Array;
  /** Undefined where nothing was predicted. */
  readonly shiftInfluence: Float64Array | undefined;
  /** Number of replies that were read. */
  readonly reads: number;
  /** Whether all replies that were read agree, so that they vary with nobody. */
  readonly isUnanimous: boolean;
}

/**
 * A post-stratum needs so many readings; where one has fewer, the next coarser strata are used for the whole mean.
 */
export const FEWEST_READINGS = 5;

/**
 * Puts replies into the finest post-strata each of which holds enough readings; into one where none does.
 *
 * @returns undefined if fewer than `FEWEST_READINGS` replies were read.
 */
export function layOutMean(units: readonly PredictedUnit[]): MeanLayout | undefined {
  const reads = units.filter(({ isRead }) => isRead).length;
  if (reads < FEWEST_READINGS) return undefined;
  const depth = units[0]?.strata.length ?? 0;
  for (let level = 0; level <= depth; level++) {
    const layout = stratify(units, level);
    if (level === depth || layout.reads.every((count) => count >= FEWEST_READINGS)) return layout;
  }
  return undefined;
}

function stratify(units: readonly PredictedUnit[], level: number): MeanLayout {
  const codes = new Map<string, number>();
  const strata = new Int32Array(units.length);
  const dialogues = new Int32Array(units.length);
  const isRead = new Uint8Array(units.length);
  const counts: number[] = [];
  const found: number[] = [];
  for (const [at, unit] of units.entries()) {
    const name = unit.strata[level] ?? "all";
    const code = codes.get(name) ?? codes.size;
    codes.set(name, code);
    strata[at] = code;
    dialogues[at] = unit.dialogue;
    isRead[at] = Number(unit.isRead);
    counts[code] = (counts[code] ?? 0) + 1;
    found[code] = (found[code] ?? 0) + Number(unit.isRead);
  }
  const shares = Float64Array.from(counts, (count) => count / units.length);
  return { dialogues, strata, isRead, shares, reads: Int32Array.from(found) };
}

/** Which part of an estimate's error: all, or what comes of reading some replies only. */
export type InfluencePart = "all" | "readings";

/**
 * Estimates the two parts of a mean.
 *
 * @param read whether each reply shows the metric, from 0 to 1; anything where it was not read.
 * @param predicted the head's probability that it does; undefined where nothing is predicted, and the second part is 0.
 * @param width number of dialogues, the length of influence values.
 * @param part of the influence: all of it, or that of readings, whose square shrinks as more replies are read; what is left
 *   shrinks as more are made.
 */
export function predictMean(
  layout: MeanLayout,
  read: Float64Array,
  predicted: Float64Array | undefined,
  width: number,
  part: InfluencePart = "all",
): PredictedMean {
  const { dialogues, strata, isRead, shares, reads } = layout;
  const size = dialogues.length;
  const meanRead = new Float64Array(shares.length);
  const meanShift = new Float64Array(shares.length);
  const predictedRead = new Float64Array(shares.length);
  for (let at = 0; at < size; at++) {
    const h = strata[at] as number;
    const all = size * (shares[h] as number);
    const chance = predicted ? (predicted[at] as number) : 0;
    meanShift[h] = (meanShift[h] as number) + chance / all;
    if (isRead[at] === 0) continue;
    meanRead[h] = (meanRead[h] as number) + (read[at] as number) / (reads[h] as number);
    predictedRead[h] = (predictedRead[h] as number) + chance / (reads[h] as number);
  }
  let [mean, shift] = [0, 0];
  for (const [h, share] of shares.entries()) {
    meanShift[h] = (meanShift[h] as number) - (predictedRead[h] as number);
    mean += share * (meanRead[h] as number);
    shift += share * (meanShift[h] as number);
  }
  const readInfluence = new Float64Array(width);
  const shiftInfluence = predicted && new Float64Array(width);
  let [first, isUnanimous] = [-1, true];
  for (let at = 0; at < size; at++) {
    const h = strata[at] as number;
    const d = dialogues[at] as number;
    const off = predicted ? (predicted[at] as number) - (predictedRead[h] as number) : 0;
    // Which stratum a reply falls into is chance, too.
    let moved = part === "all" ? ((meanRead[h] as number) - mean) / size : 0;
    let shifted = part === "all" ? (off - shift) / size : 0;
    if (isRead[at] === 1) {
      const value = read[at] as number;
      const weight = (shares[h] as number) / (reads[h] as number);
      moved += weight * (value - (meanRead[h] as number));
      shifted -= weight * off;
      if (first < 0) first = value;
      if (value !== first) isUnanimous = false;
    }
    readInfluence[d] = (readInfluence[d] as number) + moved;
    if (shiftInfluence) shiftInfluence[d] = (shiftInfluence[d] as number) + shifted;
  }
  const total = reads.reduce((sum, count) => sum + count, 0);
  isUnanimous &&= first === 0 || first === 1;
  return { read: mean, shift, readInfluence, shiftInfluence, reads: total, isUnanimous };
}

/** The weight of the predictions, from 0 to 1, that leaves the least variance of several means together. */
export function bestWeight(means: readonly PredictedMean[]): number {
  let [cross, square] = [0, 0];
  for (const { readInfluence, shiftInfluence } of means) {
    if (!shiftInfluence) continue;
    for (let at = 0; at < readInfluence.length; at++) {
      const shift = shiftInfluence[at] as number;
      cross += (readInfluence[at] as number) * shift;
      square += shift * shift;
    }
  }
  return square === 0 ? 0 : Math.min(1, Math.max(0, -cross / square));
}
