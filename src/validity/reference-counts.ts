// How our levels compare with the reference classifiers' on the replies that both scored, as counts:
// `data/validity/reference.csv`.
import type { Level, Metric } from "empathy-scorer";
import type { Sentiment } from "../corpus/emotions";
import { projectPath } from "../project";
import { typedTable } from "../typed-table";
import type { ConfusionCounts } from "./confusion-counts";

/** The systems whose replies have reference levels. */
export const REFERENCE_SYSTEMS = [
  "human",
  "zephyr-7b",
  "zephyr-7b-short",
  "zephyr-7b-tuned",
] as const;

/** Lengths of replies in words, by which errors are told apart. */
export const LENGTH_BINS = ["1-9", "10-19", "20-39", "40+"] as const;

/** A length of replies in words. */
export type LengthBin = (typeof LENGTH_BINS)[number];

/** How many replies of a kind have a reference level and a level of ours. */
export interface ReferenceCount {
  readonly system: (typeof REFERENCE_SYSTEMS)[number];
  readonly sentiment: Sentiment;
  readonly length: LengthBin;
  readonly metric: Metric;
  /** The reference classifier's level. */
  readonly reference: Level;
  /** Ours, by the models that had not seen the reply's dialogue; null where we give none, as without letters. */
  readonly level: Level | null;
  readonly replies: number;
}

const TABLE = typedTable<ReferenceCount>({
  system: "text",
  sentiment: "text",
  length: "text",
  metric: "text",
  reference: "number",
  level: "number?",
  replies: "number",
});

/** Writes the counts as a table; pairs of levels that do not occur have no row. */
export function formatReferenceCounts(counts: readonly ReferenceCount[]): string {
  return TABLE.format(counts);
}

/**
 * Reads how often our levels and the reference levels pair, by kind of reply.
 *
 * @param path `data/validity/reference.csv` by default.
 * @throws UserError if the file is missing or broken.
 */
export function readReferenceCounts(
  path = projectPath("data", "validity", "reference.csv"),
): ReferenceCount[] {
  return TABLE.read(path);
}

/**
 * Adds counts up to one table: a row for each reference level, a column for each of ours.
 *
 * @param counts those of one metric, and of whatever else is to be taken together; replies
 *   without a level of ours do not count.
 * @example
 * const counts = [{ reference: 0, level: 2, replies: 3 }, { reference: 0, level: 2, replies: 1 }];
 * sumReferenceCounts(counts)[0]; // => [0, 0, 4]
 */
export function sumReferenceCounts(
  counts: readonly Pick<ReferenceCount, "reference" | "level" | "replies">[],
): ConfusionCounts {
  const sums = [0, 1, 2].map(() => [0, 0, 0]);
  for (const { reference, level, replies } of counts) {
    if (level !== null) sums[reference]![level]! += replies;
  }
  return sums as unknown as ConfusionCounts;
}
