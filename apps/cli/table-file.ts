// The one place where tables are written for a paper.
import { basename, dirname, extname, join } from "node:path";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { formatCsvTable, toCell } from "kit/tables";
import { type FitTable, tableToMarkdown } from "mixed-models";
import { tableToLatex } from "mixed-models/report";

/** The formats of a table, by the endings of their files: data, GitHub's Markdown, LaTeX with booktabs. */
export const TABLE_FORMATS = ["csv", "md", "tex"] as const;

/** One of them. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A file that a command writes its tables to. */
export interface TableFile {
  readonly path: string;
  readonly format: TableFormat;
}

/**
 * Takes a path that was given with `--table`, before anything is computed; undefined where none was.
 *
 * @throws UserError if its ending is no table's.
 */
export function toTableFile(path: string | undefined): TableFile | undefined {
  if (path === undefined) return undefined;
  const ending = extname(path).toLowerCase().slice(1);
  const format = TABLE_FORMATS.find((one) => one === ending);
  if (format) return { path, format };
  throw new UserError(`--table ${path}: the name should end in .csv, .md or .tex`);
}

/**
 * Writes tables to a file. A CSV file holds one table: the others get files of their own, `FILE-title.csv`.
 *
 * @returns the paths of the files.
 * @throws UserError if a file cannot be written.
 */
export function writeTables({ path, format }: TableFile, tables: readonly FitTable[]): string[] {
  const id = basename(path, extname(path));
  const slugs = distinctSlugs(tables);
  const named = tables.map((table, at) => {
    const name = `${id}-${slugs[at]}`;
    return { name, text: formatTable(table, format, name) };
  });
  if (format !== "csv") {
    keepFile(path, named.map(({ text }) => text).join("\n"));
    return [path];
  }
  return named.map(({ name, text }, at) => {
    const own = at === 0 ? path : join(dirname(path), `${name}${extname(path)}`);
    keepFile(own, text);
    return own;
  });
}

/**
 * Writes one table in a format.
 *
 * @param name that LaTeX's label has, `tab:NAME`.
 */
export function formatTable(table: FitTable, format: TableFormat, name: string): string {
  const plain = withDistinctColumns(table);
  if (format === "csv") return toCsv(plain);
  if (format === "tex") return tableToLatex(plain, { label: `tab:${name}` });
  return `${withoutTags(tableToMarkdown(plain))}\n`;
}

/** A short name for the file of each table, from its title; tables of one title are numbered. */
export function distinctSlugs(tables: readonly FitTable[]): string[] {
  const counts = new Map<string, number>();
  return tables.map(({ title }) => {
    const slug = toSlug(title) || "table";
    const count = (counts.get(slug) ?? 0) + 1;
    counts.set(slug, count);
    return count === 1 ? slug : `${slug}-${count}`;
  });
}

const LONGEST_SLUG = 48;

function toSlug(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/['’]/g, "")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  let slug = "";
  for (const word of words) {
    const longer = slug === "" ? word : `${slug}-${word}`;
    if (longer.length > LONGEST_SLUG) break;
    slug = longer;
  }
  return slug;
}

/** Keeps whoever renders Markdown from rendering HTML in it: names and levels come from files. */
export function withoutTags(markdown: string): string {
  return markdown.replace(/<(?=[a-z!?/])/gi, "&lt;");
}

// A head that stands twice says of what it is: "to" follows its "from", others the column that they come after.
function withDistinctColumns({ title, columns, rows }: FitTable): FitTable {
  const plain = columns.map((name) => name.trim());
  const named: string[] = [];
  let of = "";
  for (const name of plain) {
    const isRepeated = plain.indexOf(name) !== plain.lastIndexOf(name);
    named.push(isRepeated ? headAfter(named.at(-1) ?? "", of, name) : name);
    if (!isRepeated && !/\b(from|to)$/.test(name)) of = name;
  }
  const cells = rows.map((row) => row.map((cell) => cell.replace(/\s*\n\s*/g, " ")));
  return { title, columns: named, rows: cells };
}

function headAfter(before: string, of: string, name: string): string {
  if (name === "to" && /\bfrom$/.test(before)) return before.replace(/from$/, "to");
  return of === "" ? name : `${of}: ${name}`;
}

// Numbers as programs read them; the sentence above the table is not theirs.
function toCsv({ columns, rows }: FitTable): string {
  const records = rows.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column, toPlainCell(row[at] ?? "")])),
  );
  return formatCsvTable(columns, records);
}

function toPlainCell(cell: string): string | null {
  if (cell === "" || cell === "–") return null;
  const isNumber = /^[−-]?\d{1,3}(,\d{3})*(\.\d+)?$|^[−-]?\d*\.?\d+$/.test(cell);
  return isNumber ? cell.replace("−", "-").replaceAll(",", "") : toCell(cell);
}
