import type { Level } from "empathy-scorer";

/** How often each pair of levels occurs: one row for each true level, one column for each level found. */
export type ConfusionCounts = readonly [Row, Row, Row];

type Row = readonly [number, number, number];

/**
 * Counts how often each true level was found as each level.
 *
 * @param truth one level a reply.
 * @param found the levels found for the same replies.
 * @returns 3 x 3 counts; the sum is the number of replies.
 * @example
 * countConfusions([0, 2, 2], [0, 2, 1]); // => [[1, 0, 0], [0, 0, 0], [0, 1, 1]]
 */
export function countConfusions(truth: readonly Level[], found: readonly Level[]): ConfusionCounts {
  const counts: [number[], number[], number[]] = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (let at = 0; at < truth.length; at++) counts[truth[at]!][found[at]!]!++;
  return counts as unknown as ConfusionCounts;
}
