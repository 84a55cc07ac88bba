import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { UserError } from "../user-error";
import { decodeText } from "./decode-text";

/**
 * Reads a CSV file (RFC 4180, with a header) as columns.
 *
 * A column whose cells are all numbers is numeric; NA and cells that are empty or hold white space only are missing.
 *
 * Columns of one name are one column where they agree in every cell. Where they do not, neither is listed, and
 * asking for the name throws a UserError: nobody can know which of them is meant.
 *
 * @throws UserError where the file is missing, is no CSV or not UTF-8, or holds no rows.
 */
export async function readCsvTable(path: string): Promise<Record<string, unknown[]>> {
  const columns: (string | null)[][] = [];
  let header: string[] | undefined;
  const take = (cells: string[]) => {
    if (!header) {
      header = cells;
      for (const _ of cells) columns.push([]);
      return;
    }
    for (const [at, cell] of cells.entries()) {
      columns[at]?.push(["", "NA"].includes(cell.trim()) ? null : cell);
    }
  };
  try {
    const parser = parse({ bom: true, skip_empty_lines: true });
    const text = decodeText(createReadStream(path), path);
    await pipeline(text, parser, async (records: AsyncIterable<string[]>) => {
      for await (const record of records) take(record);
    });
  } catch (error) {
    throw explain(path, error as NodeJS.ErrnoException);
  }
  if (!header || columns[0]?.length === 0) {
    throw new UserError(`${path}: holds no rows; it should have a header and rows`);
  }
  return toTable(path, header, columns);
}

function toTable(
  path: string,
  header: readonly string[],
  columns: readonly (string | null)[][],
): Record<string, unknown[]> {
  const found = new Map<string, (string | null)[]>();
  const unclear = new Set<string>();
  for (const [at, name] of header.entries()) {
    const [cells, other] = [columns[at] as (string | null)[], found.get(name)];
    if (!other) found.set(name, cells);
    else if (cells.some((cell, row) => cell !== other[row])) unclear.add(name);
  }
  const clear = [...found].filter(([name]) => !unclear.has(name));
  const table = Object.fromEntries(clear.map(([name, cells]) => [name, typed(cells)]));
  const refuse = (name: string) => () => {
    throw new UserError(`${path}: has several columns named '${name}' that differ; rename them`);
  };
  for (const name of unclear) Object.defineProperty(table, name, { get: refuse(name) });
  return table;
}

function typed(cells: (string | null)[]): unknown[] {
  const isNumeric = cells.every((cell) => cell === null || Number.isFinite(Number(cell)));
  return isNumeric ? cells.map((cell) => (cell === null ? null : Number(cell))) : cells;
}

function explain(path: string, error: NodeJS.ErrnoException): UserError {
  if (error instanceof UserError) return error;
  if (error.code === "ENOENT" || error.code === "EISDIR") {
    return new UserError(`${path}: no such file; name a CSV file`);
  }
  return new UserError(`${path}: cannot be read as CSV (${error.message}); mend the file`);
}
