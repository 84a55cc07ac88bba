import { UserError } from "kit";
import { formatCsvTable, readCsvFile } from "kit/tables";

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
  const parse = (column: keyof Row & string, cell: string, place: string) => {
    if (kinds[column] === "text") return cell;
    if (cell === "" && kinds[column] === "number?") return null;
    const number = Number(cell);
    if (cell.trim() !== "" && Number.isFinite(number)) return number;
    const found = cell === "" ? "is empty" : `is '${cell}'`;
    throw new UserError(
      `${place}: '${column}' ${found}, not a number; restore it with \`git checkout\``,
    );
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
        toRow(columns, (column) => parse(column, cells[column], `${path}:${row + 2}`)),
      ),
  };
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
