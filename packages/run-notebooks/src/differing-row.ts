/** The first row in which two tables differ, as texts with ` | ` between cells. */
interface DifferingRow {
  /** Number of the row below the header, from 1; 0 is the header. */
  readonly row: number;
  /** The header's names for the cells that differ; empty where the tables have no such columns. */
  readonly columns: readonly string[];
  readonly stored: string;
  readonly rerun: string;
}

/**
 * Finds the first row in which two HTML tables differ.
 *
 * @returns `undefined` where either holds no table, or where all cells are the same.
 *
 * @example
 * aroundRow("<tr><td>a<td>1", "<tr><td>a<td>2"); // => { row: 0, columns: ["1"], stored: "a | 1", rerun: "a | 2" }
 */
export function aroundRow(stored: string, rerun: string): DifferingRow | undefined {
  const [before, after] = [rowsOf(stored), rowsOf(rerun)];
  if (before.length === 0 || after.length === 0) return undefined;
  const found = findDifferingRow(before, after);
  if (!found) return undefined;
  const columns = found.at.flatMap((at) => before[0]?.[at] ?? []);
  return {
    row: found.row,
    columns,
    stored: join(before[found.row]),
    rerun: join(after[found.row]),
  };
}

/**
 * Finds the first row in which two tables differ.
 *
 * @param before the cells of each row, the header first.
 * @returns the row's number, 0 for the header, and the positions of the cells that differ; `undefined` where all are the same.
 *
 * @example
 * findDifferingRow([["a", "1"]], [["a", "2"]]); // => { row: 0, at: [1] }
 */
export function findDifferingRow(
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
): { readonly row: number; readonly at: readonly number[] } | undefined {
  for (let row = 0; row < Math.max(before.length, after.length); row++) {
    const [left = [], right = []] = [before[row], after[row]];
    const positions = Array.from({ length: Math.max(left.length, right.length) }, (_, at) => at);
    const at = positions.filter((one) => left[one] !== right[one]);
    if (at.length > 0 || before[row]?.length !== after[row]?.length) return { row, at };
  }
  return undefined;
}

function join(cells: readonly string[] | undefined): string {
  return cells?.join(" | ") ?? "no such row";
}

function rowsOf(html: string): string[][] {
  const rows = html.split(/<tr\b[^>]*>/i).slice(1);
  return rows.map((row) =>
    row
      .split(/<t[dh]\b[^>]*>/i)
      .slice(1)
      .map((cell) => textOf(cell)),
  );
}

function textOf(html: string): string {
  const text = html.replace(/<[^>]*>/g, "").trim();
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => CHARACTERS[name] ?? "");
}

const CHARACTERS: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  amp: "&",
};
