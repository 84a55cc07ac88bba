import { escapeMarkup } from "kit";

/** The part of a danfojs DataFrame that a table is made of. */
export interface DataFrame {
  readonly columns: readonly string[];
  readonly values: unknown;
}

/** Rows of a table: one object each; the columns are those of the first. */
export type TableRows = readonly Readonly<Record<string, unknown>>[];

/** How a table is shown. */
export interface TableOptions {
  /** What the table shows, above it. */
  readonly caption?: string;
  /** Decimals per column; whole numbers are shown with their thousands apart by default. */
  readonly decimals?: Readonly<Record<string, number>>;
}

/**
 * Writes a DataFrame, or rows, as an HTML table: numbers to the right, thousands apart, missing values as a dash.
 *
 * Row labels are left out; a label that matters belongs in a column.
 *
 * @throws TypeError if it is given neither.
 * @throws RangeError if a number is infinite, or is not whole and its column has no `decimals`.
 */
export function formatHtmlTable(table: DataFrame | TableRows, options: TableOptions = {}): string {
  const { columns, values } = toFrame(table);
  const rows = values as readonly (readonly unknown[])[];
  const isNumber = columns.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  const cell = (tag: string, at: number, content: string) => {
    // Jupyter's own style overrides the attribute, and GitHub and a notebook that is not trusted drop the style: there text
    // goes to the left by an element of its own.
    const side = isNumber[at] ? "right" : "left";
    const text = escapeMarkup(content);
    const inner = isNumber[at] ? text : `<div align="left">${text}</div>`;
    return `<${tag} align="${side}" style="text-align:${side}">${inner}</${tag}>`;
  };
  const head = columns.map((name, at) => cell("th", at, name)).join("");
  const body = rows.map((row) => {
    const cells = row.map((value, at) =>
      cell("td", at, formatValue(value, columns[at] as string, options)),
    );
    return `<tr>${cells.join("")}</tr>\n`;
  });
  const caption = options.caption ? `<caption>${escapeMarkup(options.caption)}</caption>\n` : "";
  return (
    `<table>\n${caption}<thead><tr>${head}</tr></thead>\n` +
    `<tbody>\n${body.join("")}</tbody>\n</table>`
  );
}

function toFrame(table: unknown): DataFrame {
  if (Array.isArray(table) && table.every(isObject)) {
    const columns = Object.keys(table[0] ?? {});
    return { columns, values: table.map((row) => columns.map((column) => row[column])) };
  }
  if (isObject(table) && Array.isArray(table.columns) && isListOfRows(table.values)) {
    return table as unknown as DataFrame;
  }
  const given = Array.isArray(table) ? "a list of other things than rows" : describeKind(table);
  throw new TypeError(
    `showTable: was given ${given}; give it a DataFrame, or rows such as [{ system: "kemp", er: 1 }]`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfRows(values: unknown): boolean {
  return Array.isArray(values) && values.every(Array.isArray);
}

function describeKind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const { name } = Object(value).constructor ?? {};
  return typeof value === "object" ? `a ${name || "thing without a kind"}` : `a ${typeof value}`;
}

function formatValue(value: unknown, column: string, { decimals }: TableOptions): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `showTable: column '${column}' holds ${value}; say in words what it means`,
    );
  }
  const digits = decimals?.[column];
  if (digits === undefined && !Number.isInteger(value)) {
    throw new RangeError(
      `showTable: column '${column}' holds ${value}; give its decimals, such as { ${column}: 2 }`,
    );
  }
  const text = Math.abs(value).toFixed(digits ?? 0);
  const [whole, fraction] = text.split(".") as [string, string | undefined];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = value < 0 && Number(text) !== 0 ? "−" : "";
  return `${sign}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A table that was shown: its caption, and its cells as texts. */
export interface ShownTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads back what `formatHtmlTable` wrote; undefined where the HTML is of another origin. */
export function readHtmlTable(html: string): ShownTable | undefined {
  const parts =
    /^<table>\n(?:<caption>(.*?)<\/caption>\n)?<thead><tr>(.*?)<\/tr><\/thead>\n<tbody>\n(.*)<\/tbody>\n<\/table>$/s.exec(
      html,
    );
  if (!parts) return undefined;
  const [, caption = "", head = "", body = ""] = parts;
  const rows = [...body.matchAll(/<tr>(.*?)<\/tr>\n/gs)].map(([, row = ""]) => cellsOf(row, "td"));
  return { caption: unescapeMarkup(caption), columns: cellsOf(head, "th"), rows };
}

function cellsOf(row: string, tag: "td" | "th"): string[] {
  const inner = "(?:<div [^>]*>)?(.*?)(?:</div>)?";
  const cells = row.matchAll(new RegExp(`<${tag} [^>]*>${inner}</${tag}>`, "gs"));
  return [...cells].map(([, content = ""]) => unescapeMarkup(content));
}

function unescapeMarkup(text: string): string {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
