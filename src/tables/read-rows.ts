import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { UserError } from "../user-error";
import { decodeText } from "./decode-text";
import { distinctColumns } from "./distinct-columns";

// Far above any reply, far below what would fill the memory.
const LONGEST_ROW = 1 << 20;

/** One row of a file with a header, and the line that it starts on. */
export interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** What a file of rows has to be. */
export interface RowsOptions {
  readonly delimiter?: string;
  /** Columns that must be there. */
  readonly columns: readonly string[];
  /** What the format is called, in messages. */
  readonly name: string;
}

/**
 * Reads a quoted CSV file (RFC 4180, with a header) row by row; memory does not grow with it.
 *
 * @throws UserError where a column is lacking, a row is broken or longer than a million characters.
 */
export async function* readRows(path: string, options: RowsOptions): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkHeader(path, header, options),
    delimiter: options.delimiter ?? ",",
    info: true,
    max_record_size: LONGEST_ROW,
    skip_empty_lines: true,
  });
  const feeding = pipeline(decodeText(createReadStream(path), path), parser);
  feeding.catch(() => {}); // The same error reaches the loop below.
  let line = 1;
  try {
    for await (const { record, info } of parser) {
      yield { line: line + 1, cells: record };
      line = info.lines;
    }
  } catch (error) {
    throw explain(path, line, error);
  }
}

function checkHeader(path: string, header: string[], { columns, name }: RowsOptions): string[] {
  const lacking = columns.find((column) => !header.includes(column));
  if (lacking === undefined) return distinctColumns(`${path}:1`, header);
  throw new UserError(
    `${path}:1: a ${name} file has a column '${lacking}', this one has none; mend the header or name another --format`,
  );
}

function explain(path: string, line: number, error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const place = `${path}:${line + 1}`;
  if (error.code === "CSV_MAX_RECORD_SIZE") {
    return new UserError(`${place}: has a row of over a million characters; is it the right file?`);
  }
  if (error.code === "CSV_QUOTE_NOT_CLOSED") {
    return new UserError(
      `${place}: a quote is opened and never closed; mend or fetch the file again`,
    );
  }
  return new UserError(
    `${place}: is broken as CSV (${error.message}); mend or fetch the file again`,
  );
}
