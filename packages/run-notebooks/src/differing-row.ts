/** The first row in which two tables differ, as texts with ` | ` between cells. */
export interface DifferingRow {
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
  for (let row = 0; row < Math.max(before.length, after.length); row++) {
    const [left, right] = [before[row], after[row]];
    const differs = (at: number) => left?.[at] !== right?.[at];
    const columns = (before[0] ?? []).filter((_, at) => differs(at));
    if (left?.length === right?.length && left?.every((_, at) => !differs(at))) continue;
    return { row, columns, stored: join(left), rerun: join(right) };
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
