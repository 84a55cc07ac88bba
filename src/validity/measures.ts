import type { Level, LevelProbabilities } from "empathy-scorer";
import { countConfusions } from "./confusion-counts";

/** Share of equal levels. */
export function accuracy(truth: readonly Level[], found: readonly Level[]): number {
  let equal = 0;
  for (let at = 0; at < truth.length; at++) if (truth[at] === found[at]) equal++;
  return equal / truth.length;
}

/** Mean over the three levels of F1 (0 for a level that is in the truth and never found, or the reverse). */
export function macroF1(truth: readonly Level[], found: readonly Level[]): number {
  const table = countConfusions(truth, found);
  let sum = 0;
  let levels = 0;
  for (let k = 0; k < 3; k++) {
    const hits = table[k as Level][k as Level];
    let either = 0;
    for (let other = 0; other < 3; other++) {
      either += table[k as Level][other as Level] + table[other as Level][k as Level];
    }
    if (either === 0) continue;
    levels++;
    sum += (2 * hits) / either;
  }
  return sum / levels;
}

/** Cohen's kappa with quadratic weights; 0 where either side never varies. */
export function quadraticKappa(truth: readonly Level[], found: readonly Level[]): number {
  const table = countConfusions(truth, found);
  const rows = table.map((row) => row[0] + row[1] + row[2]);
  const columns = [0, 1, 2].map((k) => table.reduce((sum, row) => sum + row[k as Level], 0));
  let seen = 0;
  let expected = 0;
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      const weight = (a - b) ** 2;
      seen += weight * table[a as Level][b as Level];
      expected += (weight * (rows[a] as number) * (columns[b] as number)) / truth.length;
    }
  }
  return expected === 0 ? 0 : 1 - seen / expected;
}

/**
 * Expected calibration error of the most likely level: 15 bins of equal width of its probability, and the
 * mean, weighted by the bins' counts, of |share correct - mean probability| (Guo et al. 2017).
 */
export function calibrationError(
  truth: readonly Level[],
  probabilities: readonly LevelProbabilities[],
  binCount = 15,
): number {
  const gaps = new Float64Array(binCount);
  for (let at = 0; at < truth.length; at++) {
    const p = probabilities[at] as LevelProbabilities;
    const top = p[2] > p[1] && p[2] > p[0] ? 2 : p[1] > p[0] ? 1 : 0;
    const bin = Math.min(binCount - 1, Math.floor(p[top] * binCount));
    gaps[bin]! += (truth[at] === top ? 1 : 0) - p[top];
  }
  let sum = 0;
  for (const gap of gaps) sum += Math.abs(gap);
  return sum / truth.length;
}
