// Readings of replies, `data/readings`: levels that a careful reader gave, without text.
import { byMetric, type Level, type Levels } from "empathy-scorer";
import { UserError } from "kit";
import { readCsvFile } from "kit/tables";
import { projectPath } from "../project";

/** The table of readings, one row a reading. */
export const READINGS_FILE = projectPath("data", "readings", "readings.csv");

/** A reply that was read, with the median of its readings' levels. */
export interface ReadReply {
  readonly system: string;
  /** Identifier of the conversation. */
  readonly dialogue: string;
  readonly turn: number;
  readonly sample: number;
  readonly levels: Levels;
}

const COLUMNS = [
  "system",
  "dialogue",
  "turn",
  "sample",
  "design",
  "stratum",
  "reader",
  "er",
  "ip",
  "ex",
  "fit",
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** What tells a reply from every other. */
export function replyKey(
  reply: Pick<ReadReply, "system" | "dialogue" | "turn" | "sample">,
): string {
  return `${reply.system}|${reply.dialogue}|${reply.turn}|${reply.sample}`;
}

/**
 * Reads the replies that were read, each once, in the order in which the table first names them.
 *
 * @throws UserError if the table is missing or broken, naming file and row.
 */
export function readReadings(path = READINGS_FILE): ReadReply[] {
  const byReply = new Map<string, Row[]>();
  for (const [at, row] of readCsvFile(path, COLUMNS).entries()) {
    for (const metric of ["er", "ip", "ex"] as const) {
      if (/^[012]$/.test(row[metric])) continue;
      throw new UserError(
        `${path}:${at + 2}: ${metric} is 0, 1 or 2, not '${row[metric]}'; restore the file`,
      );
    }
    const key = replyKey({ ...row, turn: Number(row.turn), sample: Number(row.sample) });
    const known = byReply.get(key);
    if (known) known.push(row);
    else byReply.set(key, [row]);
  }
  return [...byReply.values()].map((rows) => {
    const { system, dialogue, turn, sample } = rows[0] as Row;
    const levels = byMetric((metric) => medianLevel(rows.map((row) => Number(row[metric]))));
    return { system, dialogue, turn: Number(turn), sample: Number(sample), levels };
  });
}

/** The median of some levels; between two, the lower, as the guideline has it for a reader who is torn. */
export function medianLevel(levels: readonly number[]): Level {
  return levels.toSorted((a, b) => a - b)[(levels.length - 1) >> 1] as Level;
}
