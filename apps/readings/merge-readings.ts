// Merges readings of the same replies, and finds those that differ.
import { METRICS } from "empathy-scorer";
import { UserError } from "kit";
import { compareIds } from "../../src/corpus/dialogue";
import { type ReadingRow, readingKey } from "../../src/readings/reading-rows";

/** A file's readings with new ones added. */
interface MergedReadings {
  readonly rows: readonly ReadingRow[];
  /** Number of readings that the file had already. */
  readonly repeated: number;
}

/**
 * Adds readings to those of a file: no row of the file is lost, and new ones follow, by reply and reader. A reading that
 * the file has already, under its design and by its reader, stays as it is.
 *
 * @param path the file that the known readings are from, for the message.
 * @throws UserError naming the row that has other levels for the same reply, design and reader.
 */
export function mergeReadings(
  known: readonly ReadingRow[],
  added: readonly ReadingRow[],
  path: string,
): MergedReadings {
  const before = new Map(known.map((row, at) => [readingKey(row), { row, at }]));
  const fresh: ReadingRow[] = [];
  for (const row of added) {
    const found = before.get(readingKey(row));
    if (!found) fresh.push(row);
    else if (!isSame(found.row, row)) {
      throw new UserError(
        `${path}:${found.at + 2}: reader '${row.reader}' has read this reply under design '${row.design}' before and gave other levels; name another --design, and both readings are kept`,
      );
    }
  }
  fresh.sort(compareRows);
  return { rows: [...known, ...fresh], repeated: added.length - fresh.length };
}

function isSame(one: ReadingRow, other: ReadingRow): boolean {
  const isEqual = METRICS.every((metric) => one.levels[metric] === other.levels[metric]);
  return isEqual && one.fits === other.fits;
}

function compareRows(one: ReadingRow, other: ReadingRow): number {
  return (
    compareText(one.reply.system, other.reply.system) ||
    compareIds(one.reply.dialogue, other.reply.dialogue) ||
    one.reply.turn - other.reply.turn ||
    one.reply.sample - other.reply.sample ||
    compareText(one.reader, other.reader)
  );
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
