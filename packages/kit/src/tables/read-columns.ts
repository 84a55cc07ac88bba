import { AS_WRITTEN, type WrittenTable } from "../as-written";
import { note } from "../note";
import { UserError } from "../user-error";
import type { Delimiter } from "./find-delimiter";
import { type Bytes, readQuotedRecords, requireWidth } from "./quoted-records";
import { type Cell, type CellColumn, labelCells, typeCells } from "./type-cells";

/** The columns of a table by name; a column is typed when it is first read. */
export type CsvTable = Record<string, unknown[]> & WrittenTable;

/** Who is told what a reader of the table should know. */
export interface CsvOptions {
  /** Told once where a column was read in another way than it is written; by default it is said on stderr. */
  readonly onNote?: (note: string) => void;
  /** The file's content, where it does not come from the disk. */
  readonly input?: Bytes;
}

/**
 * Reads a CSV file (RFC 4180, with a header; cells may also be parted by semicolons or tabs) as columns.
 *
 * A column whose cells are all numbers is numeric. Empty cells and the usual words for missing (`NA`, `n/a`, `NaN`, `null`;
 * among numbers `None` and `.` too) are missing. Decimal commas and thousands separators are read where a whole column is
 * written so. Spaces around a cell are taken away.
 *
 * Columns of one name are one column where they agree in every cell. Where they do not, neither is listed, and
 * asking for the name throws a UserError: nobody can know which of them is meant.
 *
 * @throws UserError if the file is missing, is no CSV or not UTF-8, or holds no rows; and, when a column is asked for,
 *   where most of its cells are numbers and some are not.
 */
export async function readCsvTable(path: string, options: CsvOptions = {}): Promise<CsvTable> {
  const columns: string[][] = [];
  const lines: number[] = [];
  let header: readonly string[] | undefined;
  let delimiter: Delimiter = ",";
  const { onNote = note, input } = options;
  const records = readQuotedRecords(path, {
    input,
    delimiter: "found",
    onDelimiter: (found) => {
      delimiter = found;
    },
    onNote,
  });
  for await (const record of records) {
    if (!header) {
      header = record.cells.map((name) => name.trim());
      for (const _ of header) columns.push([]);
      continue;
    }
    requireWidth(path, record, header.length);
    lines.push(record.line);
    for (const [at, cell] of record.cells.entries()) columns[at]?.push(cell);
  }
  if (!header || lines.length === 0) {
    throw new UserError(`${path}: holds no rows; it should have a header and rows`);
  }
  const named = header.map((name, at) => ({
    path,
    name,
    cells: columns[at] as string[],
    lines,
    delimiter,
  }));
  return toTable(path, named, onNote);
}

/** A column's cells as labels: as they are written, null where missing. */
export function labelsOf(table: CsvTable, column: string): readonly Cell[] {
  return table[AS_WRITTEN]?.(column) ?? [];
}

function toTable(
  path: string,
  columns: readonly CellColumn[],
  onNote: (note: string) => void,
): CsvTable {
  const found = new Map<string, LazyColumn>();
  const unclear = new Set<string>();
  for (const column of columns) {
    const other = found.get(column.name);
    if (!other) found.set(column.name, new LazyColumn(column, onNote));
    else if (!other.equals(column)) unclear.add(column.name);
  }
  const table = {};
  const refuse = (name: string): never => {
    throw new UserError(`${path}: has several columns named '${name}' that differ; rename them`);
  };
  for (const [name, column] of found) {
    const isClear = !unclear.has(name);
    const get = () => (isClear ? column.typed : refuse(name));
    Object.defineProperty(table, name, { get, enumerable: isClear });
  }
  const written = (name: string) => (unclear.has(name) ? refuse(name) : found.get(name)?.labels);
  return Object.defineProperty(table, AS_WRITTEN, { value: written }) as CsvTable;
}

class LazyColumn {
  private values: unknown[] | undefined;
  private written: readonly Cell[] | undefined;
  private readonly trimmed: CellColumn;

  constructor(
    private readonly column: CellColumn,
    private readonly onNote: (note: string) => void,
  ) {
    const isSpaced = column.cells.some((cell) => cell !== cell.trim());
    const cells = isSpaced ? column.cells.map((cell) => cell.trim()) : column.cells;
    this.trimmed = { ...column, cells };
  }

  get typed(): unknown[] {
    if (!this.values) {
      const { values, notes } = typeCells(this.trimmed);
      this.values = [...values];
      for (const note of notes) this.onNote(note);
      if (values.some((value) => typeof value === "string")) this.noteTrimmed();
    }
    return this.values;
  }

  get labels(): readonly Cell[] {
    if (!this.written) {
      this.written = labelCells(this.trimmed);
      if (!this.values) this.noteTrimmed();
      this.noteEqualNumbers();
    }
    return this.written;
  }

  equals({ cells }: CellColumn): boolean {
    return this.column.cells.every((cell, row) => cell === cells[row]);
  }

  // Labels that differ in spaces only are one label.
  private noteTrimmed(): void {
    const { path, name, cells } = this.column;
    const known = new Set(cells);
    const cell = [...known].find((one) => {
      const trimmed = one.trim();
      return trimmed !== "" && trimmed !== one && known.has(trimmed);
    });
    if (cell === undefined) return;
    this.onNote(`${path}: '${cell}' and '${cell.trim()}' in column '${name}' read as one label`);
  }

  // Labels that are equal as numbers stay two, as they are written.
  private noteEqualNumbers(): void {
    const { path, name } = this.column;
    const seen = new Map<number, Cell>();
    for (const label of new Set(this.written)) {
      if (label === null || label === "" || !Number.isFinite(Number(label))) continue;
      const other = seen.get(Number(label));
      if (other !== undefined && label.length < 16) {
        this.onNote(
          `${path}: '${other}' and '${label}' in column '${name}' are two labels, though equal as numbers`,
        );
        return;
      }
      seen.set(Number(label), label);
    }
  }
}
