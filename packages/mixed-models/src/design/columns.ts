import { AS_WRITTEN, didYouMean, listNames, UserError, type WrittenTable } from "kit";

/**
 * A column: numbers with NaN where missing, or texts or truth values with null where missing. Texts that are `numbers` are
 * labels, compared as they are written and put in order by size.
 */
export type Column =
  | { readonly kind: "numeric"; readonly values: Float64Array }
  | {
      readonly kind: "text";
      readonly values: readonly (string | null)[];
      readonly numbers?: boolean;
    }
  | { readonly kind: "boolean"; readonly values: readonly (boolean | null)[] };

/** A danfojs DataFrame, as far as it is used here. */
interface FrameLike {
  readonly columns: readonly string[];
  column(name: string): { readonly values: unknown };
}

/** Data as rows (objects), as columns (arrays or typed arrays), or as a danfojs DataFrame. */
export type Table =
  | readonly object[]
  | Readonly<Record<string, ArrayLike<unknown>>>
  | FrameLike
  | WrittenTable
  | Columns;

/** The columns of a table, by name; a column is converted when it is first asked for. */
export class Columns {
  private readonly converted = new Map<string, Column>();
  private readonly labelled = new Map<string, Column>();

  /**
   * @param read gives a column's cells, or `undefined` where there is no such column.
   * @param readWritten gives them as they are written in a file, or `undefined` where that is not known.
   */
  constructor(
    readonly rows: number,
    private readonly listColumns: () => readonly string[],
    private readonly read: (name: string) => ArrayLike<unknown> | undefined,
    private readonly readWritten: WrittenTable[typeof AS_WRITTEN] = undefined,
  ) {}

  get names(): readonly string[] {
    return this.listColumns();
  }

  /**
   * A column as labels: of a file's table as they are written, so that identifiers which are equal as numbers stay apart.
   *
   * @throws UserError as `get`.
   */
  labels(name: string): Column {
    const known = this.labelled.get(name);
    if (known) return known;
    const written = this.readWritten?.(name);
    const column = written ? toLabels(written) : this.get(name);
    this.labelled.set(name, column);
    return column;
  }

  /** @throws UserError if there is no such column, or its values are of different kinds. */
  get(name: string): Column {
    const known = this.converted.get(name);
    if (known) return known;
    const cells = this.read(name);
    if (!cells) {
      const advice = `${didYouMean(name, this.names)} The columns are: ${listNames(this.names)}`;
      throw new UserError(`the table has no column '${name}'${advice.replace(/^ /, ". ")}`);
    }
    const column = convertCells(name, cells);
    this.converted.set(name, column);
    return column;
  }

  /** These columns and one more. */
  withColumn(name: string, values: Float64Array): Columns {
    const isNew = (one: string) => one === name;
    const { read, readWritten } = this;
    return new Columns(
      this.rows,
      () => [...this.names, name],
      (one) => (isNew(one) ? values : read(one)),
      readWritten && ((one) => (isNew(one) ? undefined : readWritten(one))),
    );
  }
}

/**
 * Gives a table's columns, whatever its form.
 *
 * `null`, `undefined`, `""` and `NaN` are missing. Column arrays and Float64Arrays without missing
 * values are used in place, not copied: do not change them afterwards.
 *
 * @throws UserError if the table has no rows or its columns differ in length.
 *
 * @example
 * toColumns([{ x: 1 }, { x: null }]).get("x").values; // => Float64Array.of(1, Number.NaN)
 */
export function toColumns(table: Table): Columns {
  if (table instanceof Columns) return table;
  const columns = Array.isArray(table)
    ? fromRows(table)
    : isFrame(table)
      ? fromFrame(table)
      : fromArrays(table as Readonly<Record<string, ArrayLike<unknown>>>);
  if (columns.rows === 0) throw new UserError("the table has no rows; was the data read?");
  return columns;
}

function isFrame(table: object): table is FrameLike {
  return "column" in table && typeof table.column === "function" && "columns" in table;
}

function fromRows(rows: readonly object[]): Columns {
  const listNames = () => [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return new Columns(rows.length, listNames, (name) => {
    if (!rows.some((row) => Object.hasOwn(row, name))) return undefined;
    return rows.map((row) => (row as Record<string, unknown>)[name]);
  });
}

function fromFrame(frame: FrameLike): Columns {
  const read = (name: string) =>
    frame.columns.includes(name) ? (frame.column(name).values as unknown[]) : undefined;
  const [first] = frame.columns;
  const rows = first === undefined ? 0 : (read(first)?.length ?? 0);
  return new Columns(rows, () => frame.columns, read);
}

function fromArrays(arrays: Readonly<Record<string, ArrayLike<unknown>>>): Columns {
  const names = Object.keys(arrays);
  const [first] = names;
  const read = (name: string) => (Object.hasOwn(arrays, name) ? arrays[name] : undefined);
  const written = (arrays as WrittenTable)[AS_WRITTEN];
  // The columns of a file have the same length, and reading one types it.
  if (written) {
    const rows = first === undefined ? 0 : (written(first)?.length ?? 0);
    return new Columns(rows, () => names, read, written);
  }
  const rows = first === undefined ? 0 : (arrays[first]?.length ?? 0);
  for (const name of names) {
    const length = arrays[name]?.length;
    if (length === rows) continue;
    const fault = length === undefined ? "is not an array" : `has ${length} values, not ${rows}`;
    throw new UserError(`column '${name}' ${fault}; give columns as arrays of the same length`);
  }
  return new Columns(rows, () => names, read);
}

function toLabels(values: readonly (string | null)[]): Column {
  const numbers = values.every((label) => label === null || isNumber(label));
  return { kind: "text", values, numbers };
}

function isNumber(label: string): boolean {
  return label !== "" && Number.isFinite(Number(label));
}

function convertCells(name: string, cells: ArrayLike<unknown>): Column {
  if (cells instanceof Float64Array) return { kind: "numeric", values: cells };
  let first = 0;
  while (first < cells.length && isMissing(cells[first])) first++;
  switch (first < cells.length ? typeof cells[first] : "number") {
    case "string":
      return { kind: "text", values: checkCells(name, cells, "string") };
    case "boolean":
      return { kind: "boolean", values: checkCells(name, cells, "boolean") };
    default:
      return { kind: "numeric", values: toNumbers(name, cells) };
  }
}

function isMissing(cell: unknown): boolean {
  return cell === null || cell === undefined || cell === "" || Number.isNaN(cell);
}

function toNumbers(name: string, cells: ArrayLike<unknown>): Float64Array {
  const values = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (typeof cell === "number") values[row] = cell;
    else if (isMissing(cell)) values[row] = Number.NaN;
    else if (typeof cell === "bigint") values[row] = Number(cell);
    else throw oddCell(name, row, cell, "number");
  }
  return values;
}

function checkCells<Cell>(
  name: string,
  cells: ArrayLike<unknown>,
  kind: "string" | "boolean",
): readonly (Cell | null)[] {
  let copy: unknown[] | undefined = Array.isArray(cells) ? undefined : Array.from(cells);
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (typeof cell === kind && cell !== "") continue;
    if (!isMissing(cell)) throw oddCell(name, row, cell, kind);
    copy ??= Array.from(cells);
    copy[row] = null;
  }
  return (copy ?? cells) as readonly (Cell | null)[];
}

function oddCell(name: string, row: number, cell: unknown, kind: string): UserError {
  const shown = typeof cell === "object" ? "an object" : `${typeof cell} ${String(cell)}`;
  const others = { number: "numbers", string: "texts", boolean: "truth values" }[kind];
  return new UserError(
    `column '${name}', row ${row + 1}: ${shown} among ${others}; make the column of one kind`,
  );
}
