import { UserError } from "kit";
import { formatCsvTable, readCsvFile, remedyFor } from "kit/tables";

/** What a column holds: text as it is written, numbers, or numbers that may be missing: null, an empty cell. */
export type CellKind = "text" | "number" | "number?";

/** What each column of a table of rows holds, in the order of the columns. */
export type ColumnKinds<Row> = {
  readonly [Name in keyof Row]-?: Row[Name] extends string
    ? "text"
    : null extends Row[Name]
      ? "number?"
      : "number";
};

/** A table of the package whose rows are plain objects, as it is written and read. */
export interface TypedTable<Row> {
  readonly columns: readonly (keyof Row & string)[];
  /** Writes rows as CSV text; what they have besides the columns stays out. */
  format(rows: readonly Row[]): string;
  /**
   * Reads the table.
   *
   * @throws UserError if the file is missing or broken, or naming the line of a cell that should be a number.
   */
  read(path: string): Row[];
}

/**
 * Describes a table of the package.
 *
 * @param decimals to which numbers are written; as they are by default.
 *
 * @example
 * const table = typedTable<{ id: string; share: number | null }>({ id: "text", share: "number?" }, 2);
 * table.format([{ id: "a", share: 1 / 3 }, { id: "b", share: null }]); // => "id,share\na,0.33\nb,\n"
 */
export function typedTable<Row extends object>(
  kinds: ColumnKinds<Row>,
  decimals?: number,
): TypedTable<Row> {
  const columns = Object.keys(kinds) as (keyof Row & string)[];
  const write = (value: Row[keyof Row]) =>
    typeof value === "number" && decimals !== undefined ? Number(value.toFixed(decimals)) : value;
  const parse = (column: keyof Row & string, cell: string, path: string, row: number) => {
    if (kinds[column] === "text") return cell;
    if (cell === "" && kinds[column] === "number?") return null;
    return readNumber(cell, column, path, row);
  };
  return {
    columns,
    format: (rows) =>
      formatCsvTable(
        columns,
        rows.map((row) => toRow(columns, (column) => write(row[column]))),
      ),
    read: (path) =>
      readCsvFile(path, columns).map((cells, row) =>
        toRow(columns, (column) => parse(column, cells[column], path, row)),
      ),
  };
}

/**
 * Reads a table's cell as a number.
 *
 * @param row counted from 0, below the header.
 * @throws UserError naming the line, if it is empty or no finite number.
 */
export function readNumber(cell: string, column: string, path: string, row: number): number {
  const number = Number(cell);
  if (Number.isFinite(number) && (number !== 0 || cell.trim() !== "")) return number;
  const found = cell === "" ? "is empty" : `is '${cell}'`;
  throw new UserError(`${path}:${row + 2}: '${column}' ${found}, not a number; ${remedyFor(path)}`);
}

function toRow<Name extends string, Row>(
  columns: readonly Name[],
  cellOf: (column: Name) => unknown,
): Row {
  return Object.fromEntries(columns.map((column) => [column, cellOf(column)])) as Row;
}

/** Several columns that hold the same. */
export function alike<Name extends string, Kind extends CellKind>(
  names: readonly Name[],
  kind: Kind,
): Readonly<Record<Name, Kind>> {
  return toRow(names, () => kind);
}
