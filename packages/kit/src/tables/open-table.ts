import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { note } from "../note";
import { UserError } from "../user-error";
import { decodeText } from "./decode-text";
import { distinctColumns } from "./distinct-columns";
import type { Delimiter } from "./find-delimiter";
import { type QuotedRecord, readQuotedRecords, requireWidth } from "./quoted-records";

/** The forms of tables that are read and written. */
export type TableFormat = "csv" | "tsv" | "jsonl";

/** One row of a table: its cells as the format has them, for putting out again, and by name. */
export interface TableRow {
  /** The line of the file that the row starts on, for messages. */
  readonly line: number;
  /** Values by column; of JSONL any JSON value. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Of JSONL the line itself: numbers that JavaScript cannot hold come back from it as they were. */
  readonly text?: string;
}

/** An opened table. */
export interface TableFile {
  /** Names of the columns; undefined for JSONL, where each row has its own. */
  readonly columns: readonly string[] | undefined;
  /** What stands between cells; undefined for JSONL. */
  readonly delimiter?: Delimiter;
  readonly rows: AsyncIterable<TableRow>;
}

const LONGEST_LINE = 1 << 26;

/**
 * Opens a table for reading row by row; memory does not grow with the table.
 *
 * @param name of the file, for messages.
 * @param onNote told what was passed over, such as a survey's rows of questions.
 * @throws UserError naming the row if one is broken, or where there is none; also while the rows are read.
 */
export async function openTable(
  name: string,
  format: TableFormat,
  input: Readable = createReadStream(name),
  onNote: (note: string) => void = note,
): Promise<TableFile> {
  if (format === "jsonl") {
    return { columns: undefined, rows: requireRows(name, readObjects(name, input)) };
  }
  let delimiter: Delimiter = "\t";
  const records = readQuotedRecords(name, {
    input,
    delimiter: format === "tsv" ? delimiter : "found",
    onDelimiter: (found) => {
      delimiter = found;
    },
    relaxed: format === "tsv",
    onNote,
  });
  const first = await records.next();
  if (first.done) throw new UserError(`${name}: is empty; it should have a header and rows`);
  const columns = distinctColumns(name, first.value.cells);
  return { columns, delimiter, rows: requireRows(name, toRows(name, columns, records)) };
}

async function* requireRows(name: string, rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  let isEmpty = true;
  for await (const row of rows) {
    isEmpty = false;
    yield row;
  }
  if (isEmpty) throw new UserError(`${name}: holds no rows; is it the right file?`);
}

async function* toRows(
  name: string,
  columns: readonly string[],
  records: AsyncIterable<QuotedRecord>,
): AsyncGenerator<TableRow> {
  for await (const record of records) {
    requireWidth(name, record, columns.length);
    const { line, cells } = record;
    yield { line, values: Object.fromEntries(columns.map((column, at) => [column, cells[at]])) };
  }
}

async function* readObjects(name: string, input: Readable): AsyncGenerator<TableRow> {
  let line = 0;
  try {
    for await (const text of readTextLines(name, input)) {
      line++;
      if (text.trim() === "") continue;
      yield { line, values: parseObject(text, `${name}:${line}`), text: text.trim() };
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EISDIR") throw error;
    throw new UserError(`${name}: no such file; name a table`);
  }
}

function parseObject(text: string, place: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${place}: is not JSON; write one object a line`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new UserError(`${place}: is not a JSON object; write one object a line`);
}

async function* readTextLines(name: string, input: Readable): AsyncGenerator<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of decodeText(input, name)) {
    const lines = chunk.split("\n");
    for (let at = 0; at < lines.length - 1; at++) {
      yield parts.splice(0).join("") + lines[at];
      length = 0;
    }
    const rest = lines.at(-1) as string;
    parts.push(rest);
    length += rest.length;
    if (length > LONGEST_LINE) {
      throw new UserError(`${name}: has a line of over 64 million characters`);
    }
  }
  const last = parts.join("");
  if (last !== "") yield last;
}
