// How our levels of the replies to posts compare with those that came with the files, as counts.
import { type Level, METRICS, type Metric } from "empathy-scorer";
import { projectPath } from "../project";
import { typedTable } from "../typed-table";

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

const TABLE = typedTable<PostReferenceCount>({
  writer: "text",
  instruction: "text",
  metric: "text",
  reference: "number",
  level: "number",
  replies: "number",
});

/** Writes the counts as a table. */
export function formatReference(counts: readonly PostReferenceCount[]): string {
  return TABLE.format(counts);
}

/**
 * Reads the counts.
 *
 * @throws UserError if the table is missing or broken.
 */
export function readPostReference(path = projectPath(REFERENCE_FILE)): PostReferenceCount[] {
  return TABLE.read(path);
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
