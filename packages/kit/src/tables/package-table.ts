// The package's own tables: CSV (RFC 4180) with a known header, `\n` line ends.
import { existsSync, readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import { UserError } from "../user-error";

/** One row: text or numbers by column; null where there is no value. */
export type CsvRow<Column extends string> = Readonly<Record<Column, string | number | null>>;

/**
 * Writes rows as CSV text; a cell is quoted where it must be, and empty where its value is null.
 *
 * Numbers are written as they are: round them before.
 *
 * @throws RangeError if a cell holds NaN or an infinite number.
 */
export function formatCsvTable<Column extends string>(
  header: readonly Column[],
  rows: readonly CsvRow<Column>[],
): string {
  const lines = rows.map((row) => header.map((column) => formatCell(row[column])).join(","));
  return `${[header.map(formatCell).join(","), ...lines].join("\n")}\n`;
}

/**
 * Reads a table of the package, every cell as text.
 *
 * @param name how messages name the file; its path by default.
 * @throws UserError if the file is missing, its header is another, or a row is broken.
 */
export function readCsvFile<Column extends string>(
  path: string,
  header: readonly Column[],
  name = path,
): Record<Column, string>[] {
  const [found, ...rows] = parseRows(path, name);
  if (found?.join() !== header.join()) {
    throw new UserError(`${name}:1: the header should be ${header.join()}; ${remedyFor(name)}`);
  }
  return rows.map((cells) => {
    const row: Partial<Record<Column, string>> = {};
    for (let at = 0; at < header.length; at++) row[header[at] as Column] = cells[at] as string;
    return row as Record<Column, string>;
  });
}

/** Says how to get a damaged table back: one of the package from git, one of a study of one's own from a run or a copy. */
export function remedyFor(path: string): string {
  const [folder, study] = /^(?:.*[\\/])?studies[\\/]([^\\/]+)(?=[\\/])/.exec(path) ?? [];
  // A clone may itself lie in a folder of that name.
  if (folder === undefined || existsSync(`${folder}/package.json`)) {
    return "restore it with `git checkout`";
  }
  return `\`npm run reproduce -- --study ${study}\` makes it again, or restore it from a copy`;
}

// NaN says that something was not estimated: that is to be said in words, or left empty.
function formatCell(value: string | number | null): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(
      `formatCsvTable: a cell holds ${value}; write null, and the reason beside it`,
    );
  }
  const text = value === null ? "" : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Splits the text of a table into rows of cells, the header first.
 *
 * @throws CsvError where a row is broken.
 */
export function splitCsv(text: string): string[][] {
  return splitPlain(text) ?? (parse(text) as string[][]);
}

// Without a quoted cell, commas and line ends say it all; where rows differ in length, the parser names the fault.
function splitPlain(text: string): string[][] | undefined {
  if (/["\r]/.test(text) || !text.endsWith("\n")) return undefined;
  const rows = text
    .slice(0, -1)
    .split("\n")
    .map((line) => line.split(","));
  return rows.every(({ length }) => length === rows[0]?.length) ? rows : undefined;
}

function parseRows(path: string, name: string): string[][] {
  try {
    return splitCsv(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UserError(`${name}: no such file; ${remedyFor(name)}`);
    }
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(`${name}${describeFault(error)}; ${remedyFor(name)}`);
  }
}

function describeFault({ code, lines, column }: CsvError): string {
  const line = typeof lines === "number" ? `:${lines}` : "";
  if (code === "CSV_QUOTE_NOT_CLOSED") return ": a quote is opened and never closed";
  if (code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH") {
    return `${line}: has more or fewer cells than the header`;
  }
  return `${line}: cannot be read as CSV${typeof column === "number" ? `, in cell ${column + 1}` : ""}`;
}
