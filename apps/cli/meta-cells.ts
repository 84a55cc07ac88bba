import { AS_WRITTEN, didYouMean, UserError, type WrittenTable } from "kit";

/** A table by columns; a missing cell is null. */
export type Table = Readonly<Record<string, readonly unknown[]>> & WrittenTable;

/** A column's cells; none may be missing. */
export function cellsOf(path: string, table: Table, column: string): readonly unknown[] {
  return requireAll(path, table, column, (name) => table[name]);
}

function requireAll(
  path: string,
  table: Table,
  column: string,
  read: (name: string) => readonly unknown[] | undefined,
): readonly unknown[] {
  const cells = read(column);
  if (!cells) {
    const known = Object.keys(table);
    const hint = didYouMean(column, known);
    throw new UserError(`${path}: has no column '${column}'; it has ${known.join(", ")}${hint}`);
  }
  const blank = cells.indexOf(null);
  if (blank < 0) return cells;
  throw new UserError(
    `${path}: row ${blank + 1} has no '${column}'; fill it in, or leave the row out`,
  );
}

/** A column of numbers. */
export function readNumbers(path: string, table: Table, column: string): number[] {
  return cellsOf(path, table, column).map((cell, at) => {
    const number = Number(cell);
    if (Number.isFinite(number)) return number;
    throw new UserError(
      `${path}: row ${at + 1} has '${cell}' in '${column}'; it should be a number`,
    );
  });
}

/** A column as labels, as they are written. */
export function readTexts(path: string, table: Table, column: string): string[] {
  const written = table[AS_WRITTEN];
  return requireAll(path, table, column, (name) => (written ?? ((one) => table[one]))(name)).map(
    String,
  );
}
