// The rows of `data/readings/readings.csv`: one a reading.
import { byMetric, type Level, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { formatCsvTable, readCsvFile } from "kit/tables";

/** Which reply was read. */
export interface ReplyPlace {
  readonly system: string;
  readonly dialogue: string;
  readonly turn: number;
  /** Number of the sample, from 1. */
  readonly sample: number;
}

/** One reading of a reply. */
export interface ReadingRow {
  readonly reply: ReplyPlace;
  readonly design: string;
  /** The stratum of a design that has some; else empty. */
  readonly stratum: string;
  readonly reader: string;
  readonly levels: Readonly<Record<Metric, Level>>;
  /** Whether the reply makes sense as an answer; null where the reader was not asked. */
  readonly fits: boolean | null;
}

export const READING_COLUMNS = [
  "system",
  "dialogue",
  "turn",
  "sample",
  "design",
  "stratum",
  "reader",
  ...METRICS,
  "fit",
] as const;

/** Names a reply: its system, stimulus and sample. */
export function replyKey({ system, dialogue, turn, sample }: ReplyPlace): string {
  return `${system} ${dialogue} ${turn} ${sample}`;
}

/** Names a reading: its reply, the design under which it was read, and who read it. */
export function readingKey({ reply, design, reader }: ReadingRow): string {
  return JSON.stringify([replyKey(reply), design, reader]);
}

/**
 * Reads a file of readings, row by row.
 *
 * @throws UserError if the file is missing, or naming the row that holds something else than a reading, or repeats one.
 */
export function readReadingRows(path: string): ReadingRow[] {
  const known = new Set<string>();
  return readCsvFile(path, READING_COLUMNS).map((cells, at) => {
    const row = toRow(cells, `${path}:${at + 2}`);
    const key = readingKey(row);
    if (known.has(key)) {
      throw new UserError(
        `${path}:${at + 2}: reader '${row.reader}' read this reply twice under design '${row.design}'; keep one of the two rows`,
      );
    }
    known.add(key);
    return row;
  });
}

function toRow(
  cells: Readonly<Record<(typeof READING_COLUMNS)[number], string>>,
  place: string,
): ReadingRow {
  const { system, dialogue, design, stratum, reader } = cells;
  const [turn, sample] = [Number(cells.turn), Number(cells.sample)];
  if (!(turn >= 2 && turn % 2 === 0)) {
    throw new UserError(`${place}: turn '${cells.turn}' is not a listener's: 2, 4, 6 and so on`);
  }
  if (!(sample >= 1)) throw new UserError(`${place}: sample '${cells.sample}' is not 1, 2, …`);
  const levels = byMetric((metric) => levelOf(cells[metric], metric, place));
  const fits = fitOf(cells.fit, place);
  return { reply: { system, dialogue, turn, sample }, design, stratum, reader, levels, fits };
}

/** Reads a level from a cell. */
export function levelOf(cell: string, column: string, place: string): Level {
  if (cell === "0" || cell === "1" || cell === "2") return Number(cell) as Level;
  throw new UserError(`${place}: ${column} is '${cell}'; a reading has level 0, 1 or 2`);
}

function fitOf(cell: string, place: string): boolean | null {
  if (cell === "") return null;
  if (cell === "0" || cell === "1") return cell === "1";
  throw new UserError(
    `${place}: fit is '${cell}'; it is 1 where the reply makes sense, 0 where not, and empty where nobody asked`,
  );
}

/** Writes readings as a table. */
export function formatReadingRows(rows: readonly ReadingRow[]): string {
  const cells = rows.map(({ reply, design, stratum, reader, levels, fits }) => ({
    ...reply,
    design,
    stratum,
    reader,
    ...levels,
    fit: fits === null ? null : Number(fits),
  }));
  return formatCsvTable(READING_COLUMNS, cells);
}
