import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { UserError } from "../user-error";
import { decodeText } from "./decode-text";
import { distinctColumns } from "./distinct-columns";

/** The forms of tables that are read and written. */
export type TableFormat = "csv" | "tsv" | "jsonl";

/** One row of a table: its cells as the format has them, for putting out again, and by name. */
export interface TableRow {
  /** Number of the row, from 1, for messages; a header counts. */
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
  readonly rows: AsyncIterable<TableRow>;
}

const LONGEST_ROW = 1 << 26;
const DELIMITERS = { csv: ",", tsv: "\t" } as const;

/**
 * Opens a table for reading row by row; memory does not grow with the table.
 *
 * @param name of the file, for messages.
 * @throws UserError naming the row where one is broken; also while the rows are read.
 */
export async function openTable(
  name: string,
  format: TableFormat,
  input: Readable = createReadStream(name),
): Promise<TableFile> {
  if (format === "jsonl") return { columns: undefined, rows: readObjects(name, input) };
  const records = readRecords(name, input, DELIMITERS[format], format === "tsv");
  const first = await records.next();
  if (first.done) throw new UserError(`${name}: is empty; it should have a header and rows`);
  const columns = first.value;
  distinctColumns(name, columns);
  return { columns, rows: toRows(name, columns, records) };
}

async function* toRows(
  name: string,
  columns: readonly string[],
  records: AsyncIterable<string[]>,
): AsyncGenerator<TableRow> {
  let line = 1;
  for await (const cells of records) {
    line++;
    if (cells.length !== columns.length) {
      throw new UserError(
        `${name}:row ${line}: has ${cells.length} cells where the header has ${columns.length}; quote cells that hold separators`,
      );
    }
    yield { line, values: Object.fromEntries(columns.map((column, at) => [column, cells[at]])) };
  }
}

async function* readRecords(
  name: string,
  input: Readable,
  delimiter: string,
  relaxed: boolean,
): AsyncGenerator<string[]> {
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: relaxed,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
  });
  const text = Readable.from(decodeText(input, name));
  text.on("error", (error) => parser.destroy(error));
  let line = 0;
  try {
    for await (const record of text.pipe(parser)) {
      line++;
      yield record as string[];
    }
  } catch (error) {
    throw explain(error, `${name}:row ${line + 1}`, name);
  }
}

async function* readObjects(name: string, input: Readable): AsyncGenerator<TableRow> {
  let line = 0;
  try {
    for await (const text of readTextLines(name, input)) {
      line++;
      if (text.trim() === "") continue;
      yield { line, values: parseObject(text, `${name}:row ${line}`), text: text.trim() };
    }
  } catch (error) {
    throw explain(error, `${name}:row ${line + 1}`, name);
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
    if (length > LONGEST_ROW) {
      throw new UserError(`${name}: has a line of over 64 million characters`);
    }
  }
  const last = parts.join("");
  if (last !== "") yield last;
}

function explain(error: unknown, place: string, name: string): unknown {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "EISDIR")
    return new UserError(`${name}: no such file; name a table`);
  if (error instanceof CsvError)
    return new UserError(`${place}: cannot be read (${message}); mend the row`);
  return error;
}
