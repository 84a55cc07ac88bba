import { UserError } from "../user-error";
import { readQuotedRecords, requireWidth } from "./quoted-records";

/**
 * Reads a CSV file (RFC 4180, with a header; cells may also be parted by semicolons or tabs) as columns.
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
  let header: readonly string[] | undefined;
  for await (const record of readQuotedRecords(path, { delimiter: "found" })) {
    if (!header) {
      header = record.cells;
      for (const _ of header) columns.push([]);
      continue;
    }
    requireWidth(path, record, header.length);
    for (const [at, cell] of record.cells.entries()) {
      columns[at]?.push(["", "NA"].includes(cell.trim()) ? null : cell);
    }
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
