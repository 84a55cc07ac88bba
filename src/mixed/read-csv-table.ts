import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { UserError } from "../user-error";

/**
 * Reads a CSV file (RFC 4180, with a header) as columns.
 *
 * A column whose cells are all numbers is numeric; empty cells and NA are missing.
 *
 * @throws UserError where the file is missing, is no CSV, or holds no rows.
 */
export async function readCsvTable(path: string): Promise<Record<string, unknown[]>> {
  const columns: (string | null)[][] = [];
  let header: string[] | undefined;
  const take = (cells: string[]) => {
    if (!header) {
      header = cells;
      columns.push(...cells.map(() => []));
      return;
    }
    for (const [at, cell] of cells.entries()) {
      columns[at]?.push(cell === "" || cell === "NA" ? null : cell);
    }
  };
  try {
    const parser = parse({ bom: true, skip_empty_lines: true });
    await pipeline(createReadStream(path), parser, async (records: AsyncIterable<string[]>) => {
      for await (const record of records) take(record);
    });
  } catch (error) {
    throw explain(path, error as NodeJS.ErrnoException);
  }
  if (!header || columns[0]?.length === 0) {
    throw new UserError(`${path}: holds no rows; it should have a header and rows`);
  }
  return Object.fromEntries(
    (header as string[]).map((name, at) => [name, typed(columns[at] ?? [])]),
  );
}

function typed(cells: (string | null)[]): unknown[] {
  const isNumeric = cells.every((cell) => cell === null || Number.isFinite(Number(cell)));
  return isNumeric ? cells.map((cell) => (cell === null ? null : Number(cell))) : cells;
}

function explain(path: string, error: NodeJS.ErrnoException): UserError {
  if (error.code === "ENOENT" || error.code === "EISDIR") {
    return new UserError(`${path}: no such file; name a CSV file`);
  }
  return new UserError(`${path}: cannot be read as CSV (${error.message}); mend the file`);
}
