import { type FitTable, isTextColumn } from "./print-fit";

/** How a table stands in a LaTeX document. */
export interface LatexOptions {
  /** What `\\ref` calls it; no label by default. */
  readonly label?: string;
}

// Longer tables go on over pages; wider texts are broken into lines.
const LONG_TABLE_ROWS = 45;
const WIDE_TEXT = 50;

/**
 * Lays a table out for LaTeX with the rules of `booktabs`: its title is the caption, numbers stand to the right.
 *
 * More than 45 rows make a `longtable`, which goes on over pages. The first line says which packages it needs. Letters outside
 * ASCII that have no command here are written as they are: LaTeX reads UTF-8.
 */
export function tableToLatex(table: FitTable, options: LatexOptions = {}): string {
  const { title, columns, rows } = table;
  const sides = columns.map((_, at) => sideOf(rows, at)).join("");
  const label = options.label === undefined ? "" : `\\label{${options.label}}`;
  const caption = `\\caption{${escapeLatex(title)}}${label}`;
  const body = rows.map(toLine);
  if (rows.length > LONG_TABLE_ROWS) {
    return lines([
      "% \\usepackage{booktabs,longtable}",
      `\\begin{longtable}{${sides}}`,
      `${caption}\\\\`,
      "\\toprule",
      toLine(columns),
      "\\midrule",
      "\\endhead",
      ...body,
      "\\bottomrule",
      "\\end{longtable}",
    ]);
  }
  return lines([
    "% \\usepackage{booktabs}",
    "\\begin{table}",
    "\\centering",
    caption,
    `\\begin{tabular}{${sides}}`,
    "\\toprule",
    toLine(columns),
    "\\midrule",
    ...body,
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
  ]);
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

function sideOf(rows: readonly (readonly string[])[], at: number): string {
  if (!isTextColumn(rows, at)) return "r";
  return rows.some((row) => row[at]!.length > WIDE_TEXT) ? "p{60mm}" : "l";
}

// A row that begins with a bracket would be read as an option of the row's end before it.
function toLine(cells: readonly string[]): string {
  const line = cells.map(escapeLatex).join(" & ");
  return `${/^[[*]/.test(line) ? "{}" : ""}${line} \\\\`;
}

const COMMANDS: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  "−": "$-$",
  "±": "$\\pm$",
  "×": "$\\times$",
  "≤": "$\\leq$",
  "≥": "$\\geq$",
  "·": "$\\cdot$",
  "–": "--",
  "—": "---",
  "…": "\\dots{}",
  "\u00a0": "~",
  "\n": " ",
};

/** Writes a text so that LaTeX sets it as it is. */
function escapeLatex(text: string): string {
  return text.replace(
    /[\\~^<>|−±×≤≥·–—…\u00a0\n&%$#_{}]/g,
    (character) => COMMANDS[character] ?? `\\${character}`,
  );
}
