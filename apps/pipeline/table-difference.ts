// Where two versions of a table first differ: in which row, which columns, from what to what.
import { splitCsv } from "kit/tables";
import { findDifferingRow } from "run-notebooks";

/** A file that came out otherwise than it was. */
export interface FileDifference {
  /** Path below the root. */
  readonly file: string;
  /** Where in the file, such as "cell 4, output 1 (text/html)". */
  readonly where: string;
  readonly stored: string;
  readonly rerun: string;
}

// As many as tell which row it is, in the package's tables.
const NAMING_CELLS = 3;

/**
 * Says where two tables differ.
 *
 * @returns `undefined` where one of them is broken, or all cells are the same.
 */
export function describeTable(
  stored: string,
  rerun: string,
): Omit<FileDifference, "file"> | undefined {
  const [before, after] = [rowsOf(stored), rowsOf(rerun)];
  const found = before && after && findDifferingRow(before, after);
  if (!found) return undefined;
  const { row, at } = found;
  const names = at.map((one) => before[0]?.[one] ?? after[0]?.[one] ?? `column ${one + 1}`);
  const same = (before[row] ?? after[row] ?? []).slice(0, NAMING_CELLS);
  const naming = same.filter((cell, one) => !at.includes(one) && cell !== "").join(" | ");
  const show = (cells: readonly string[] | undefined) =>
    cells ? at.map((one) => cells[one] ?? "no such cell").join(" | ") : "no such row";
  return {
    where: `row ${row}${naming ? ` (${naming})` : ""}: ${names.join(", ")}`,
    stored: show(before[row]),
    rerun: show(after[row]),
  };
}

function rowsOf(text: string): string[][] | undefined {
  try {
    return splitCsv(text);
  } catch {
    return undefined;
  }
}
