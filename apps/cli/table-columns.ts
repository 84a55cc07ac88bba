import { largest } from "kit";
import type { FitTable } from "mixed-models";

/** A column of a printed table: its head, and what stands below it in each row. */
export type Column<Row> = readonly [head: string, cell: (row: Row, at: number) => string];

/** Lays rows out as a table; a column that does not apply is false. */
export function layOutTable<Row>(
  title: string,
  rows: readonly Row[],
  columns: readonly (Column<Row> | false)[],
): FitTable {
  const shown = columns.filter((column) => column !== false);
  return {
    title,
    columns: shown.map(([head]) => head),
    rows: rows.map((row, at) => shown.map(([, cell]) => cell(row, at))),
  };
}

/** Heads of an interval's limits. */
export function limitHeads(level: number): [string, string] {
  return [`${percent(level)} from`, "to"];
}

/** A coverage in per cent, such as `95 %`. */
export function percent(level: number): string {
  return `${Number((100 * level).toFixed(4))} %`;
}

/** A coefficient, a level or a difference to three decimals; a dash where there is none. */
export function show(value: number | null): string {
  return value === null ? "–" : value.toFixed(3).replace("-", "−");
}

/** Lays rows of cells out in columns, two spaces apart; cells of numbers stand to the right. */
export function alignCells(
  rows: readonly (readonly string[])[],
  isNumber: (column: number) => boolean,
): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    largest(rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
