// How our levels of the replies to posts compare with those that came with the files, as counts.

import { type EmbeddedScorer, isMissing, type Level, METRICS, type Metric } from "empathy-scorer";
import { formatCsvTable, readCsvFile } from "kit/tables";
import { projectPath } from "../project";
import { POST_SYSTEMS, type PostReply } from "./post-replies";

/** Where the counts stand. */
export const REFERENCE_FILE = "data/instructions/reference.csv";

/** How many replies of a system have a reference level and a level of ours. */
export interface PostReferenceCount {
  readonly writer: string;
  readonly instruction: string;
  readonly metric: Metric;
  /** The level that was published with the reply, another classifier's. */
  readonly reference: Level;
  /** Ours, by the head for posts. */
  readonly level: Level;
  readonly replies: number;
}

const HEADER = ["writer", "instruction", "metric", "reference", "level", "replies"] as const;
const LEVELS = [0, 1, 2] as const;

/** Counts pairs of levels; replies that either gives no level are left out. */
export function countReference(
  replies: readonly PostReply[],
  scorer: EmbeddedScorer,
): PostReferenceCount[] {
  const keyOf = (system: string, metric: Metric, reference: Level, level: Level) =>
    [system, metric, reference, level].join();
  const counts = new Map<string, number>();
  for (const { system, post, text, reference } of replies) {
    const outcome = scorer.scoreNow({ context: [post], reply: text });
    if (isMissing(outcome)) continue;
    for (const metric of METRICS) {
      const theirs = reference[metric];
      if (theirs === null) continue;
      const key = keyOf(system, metric, theirs, outcome[metric].level);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return POST_SYSTEMS.flatMap(({ id, writer, instruction }) =>
    METRICS.flatMap((metric) =>
      LEVELS.flatMap((reference) =>
        LEVELS.flatMap((level) => {
          const count = counts.get(keyOf(id, metric, reference, level));
          return count ? [{ writer, instruction, metric, reference, level, replies: count }] : [];
        }),
      ),
    ),
  );
}

/** Writes the counts as a table. */
export function formatReference(counts: readonly PostReferenceCount[]): string {
  return formatCsvTable(
    HEADER,
    counts.map((count) => ({ ...count })),
  );
}

/**
 * Reads the counts.
 *
 * @throws UserError if the table is missing or broken.
 */
export function readPostReference(path = projectPath(REFERENCE_FILE)): PostReferenceCount[] {
  return readCsvFile(path, HEADER).map(
    ({ writer, instruction, metric, reference, level, replies }) => ({
      writer,
      instruction,
      metric: metric as Metric,
      reference: Number(reference) as Level,
      level: Number(level) as Level,
      replies: Number(replies),
    }),
  );
}

/**
 * Gives the shares of replies that show each metric (level 1 or 2), from 0 to 1, by the published classifier and by ours.
 *
 * @returns a row for each system in the order of the counts, with the columns `who`, then `ER, theirs`, `ER, ours` and so on.
 */
export function referenceRows(
  counts: readonly PostReferenceCount[],
): Readonly<Record<string, string | number>>[] {
  const nameOf = ({ writer, instruction }: PostReferenceCount) =>
    instruction === "none" ? writer : `${writer} · ${instruction}`;
  const sum = (rows: readonly PostReferenceCount[]) =>
    rows.reduce((all, { replies }) => all + replies, 0);
  return [...new Set(counts.map(nameOf))].map((who) => {
    const shares = METRICS.flatMap((metric) => {
      const own = counts.filter((one) => nameOf(one) === who && one.metric === metric);
      const theirs = sum(own.filter(({ reference }) => reference > 0)) / sum(own);
      const ours = sum(own.filter(({ level }) => level > 0)) / sum(own);
      return [
        [`${metric.toUpperCase()}, theirs`, theirs],
        [`${metric.toUpperCase()}, ours`, ours],
      ];
    });
    return { who, ...Object.fromEntries(shares) };
  });
}
