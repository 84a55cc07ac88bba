import { basename, join } from "node:path";
import type { Command } from "commander";
import { countNoun } from "kit";
import { keepFile } from "kit/files";
import type { FitTable } from "mixed-models";
import { type Output, readNotebook } from "run-notebooks";
import { readHtmlTable } from "../../src/notebook/html-table";
import { addExamples } from "./empathy-command";
import { printable } from "./printable";
import { note } from "./progress";
import {
  definePaper,
  filesIn,
  notRunYet,
  type PaperFlags,
  paperPlace,
  parseFormats,
  shownPath,
} from "./study-paper";
import { distinctSlugs, formatTable, TABLE_FORMATS } from "./table-file";

/** Says what `empathy study tables` takes and does. */
export function defineStudyTables(command: Command): void {
  definePaper(command, TABLE_FORMATS)
    .description("write every table that a study's notebooks show: as CSV, Markdown and LaTeX")
    .action(writeStudyTables);
  addExamples(command, [
    "empathy study tables mine",
    "empathy study tables published --format tex --out tables-of-the-paper",
  ]);
}

function writeStudyTables(name: string, flags: PaperFlags): void {
  const formats = parseFormats(flags.format, TABLE_FORMATS);
  const { root, out } = paperPlace(name, flags, "tables");
  const shown = filesIn(join(root, "notebooks"), ".ipynb").map((path) => ({
    file: basename(path),
    ...tablesOf(path),
  }));
  const count = shown.reduce((sum, { tables }) => sum + tables.length, 0);
  if (count === 0) throw notRunYet(root, name, "tables in its notebooks");
  for (const { file, tables, others } of shown) {
    keepTables(out, numberOf(file), tables, formats);
    if (others > 0) note(sayOthers(file, others));
  }
  const written = countNoun(count, "table");
  process.stdout.write(printable(`${written} as ${formats.join(", ")} in ${shownPath(out)}\n`));
}

// Figures and tables of one notebook begin with its number.
function numberOf(file: string): string {
  return /^\d+/.exec(file)?.[0] ?? file.replace(/\.ipynb$/, "");
}

function keepTables(
  out: string,
  number: string,
  tables: readonly FitTable[],
  formats: readonly (typeof TABLE_FORMATS)[number][],
): void {
  const slugs = distinctSlugs(tables);
  for (const [at, table] of tables.entries()) {
    const id = `${number}-${slugs[at]}`;
    for (const format of formats) {
      keepFile(join(out, `${id}.${format}`), formatTable(table, format, id));
    }
  }
}

interface NotebookTables {
  readonly tables: readonly FitTable[];
  /** How many tables have another origin than `showTable`. */
  readonly others: number;
}

function tablesOf(path: string): NotebookTables {
  const html = readNotebook(path)
    .cells.flatMap(({ outputs = [] }) => outputs.map(htmlOf))
    .filter((text) => text.includes("<table"));
  const read = html.map(readHtmlTable);
  const tables = read.flatMap((table) =>
    table ? [{ title: table.caption, columns: table.columns, rows: table.rows }] : [],
  );
  return { tables, others: read.length - tables.length };
}

function htmlOf(output: Output): string {
  if (!("data" in output)) return "";
  const html = output.data["text/html"];
  return typeof html === "string" ? html : "";
}

function sayOthers(file: string, count: number): string {
  return `${file}: ${countNoun(count, "table")} not shown by \`showTable\`, and left out; show them with it`;
}
