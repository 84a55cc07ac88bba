import { escapeMarkup } from "../escape-markup";
import { type FitTable, layOutFit } from "./fit-tables";
import type { MixedFit } from "./result";

/** Prints a fit as plain text, for a terminal. */
export function fitToText(fit: MixedFit): string {
  const { heading, warnings, tables, footer } = layOutFit(fit);
  const parts = [heading.join("\n"), ...warnings.map((warning) => `! ${warning}`)];
  return `${[...parts, ...tables.map(tableToText), footer.join("\n")].join("\n\n")}\n`;
}

/** Prints a fit as Markdown. */
export function fitToMarkdown(fit: MixedFit): string {
  const { heading, warnings, tables, footer } = layOutFit(fit);
  const [method, formula] = heading as [string, string];
  const parts = [`**${method}**`, formula.replace(/: (.*)$/, ": `$1`")];
  const notes = warnings.map((warning) => `> **Note.** ${warning}`);
  return `${[...parts, ...notes, ...tables.map(tableToMarkdown), ...footer].join("\n\n")}\n`;
}

/** Prints a fit as an HTML fragment, for notebooks. */
export function fitToHtml(fit: MixedFit): string {
  const { heading, warnings, tables, footer } = layOutFit(fit);
  const paragraph = (text: string) => `<p>${escapeMarkup(text)}</p>`;
  const notes = warnings.map((warning) => `<p><strong>Note.</strong> ${escapeMarkup(warning)}</p>`);
  return `${[...heading.map(paragraph), ...notes, ...tables.map(tableToHtml), ...footer.map(paragraph)].join("\n")}\n`;
}

function tableToText({ title, columns, rows }: FitTable): string {
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => (row[at] as string).length)),
  );
  const isText = columns.map((_, at) => isTextColumn(rows, at));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const width = widths[at] as number;
        return isText[at] ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [`${title}:`, ...[columns, ...rows].map((cells) => ` ${line(cells)}`)].join("\n");
}

function tableToMarkdown({ title, columns, rows }: FitTable): string {
  const rule = columns.map((_, at) => (isTextColumn(rows, at) ? "---" : "---:"));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${title}:\n\n${[columns, rule, ...rows].map(line).join("\n")}`;
}

function tableToHtml({ title, columns, rows }: FitTable): string {
  const cell = (tag: string, text: string, at: number) => {
    const side = isTextColumn(rows, at) ? "left" : "right";
    return `<${tag} align="${side}" style="text-align:${side}">${escapeMarkup(text)}</${tag}>`;
  };
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text, at) => cell(tag, text, at)).join("")}</tr>`;
  const body = rows.map((row) => line("td", row)).join("\n");
  return (
    `<table>\n<caption>${escapeMarkup(title)}</caption>\n<thead>${line("th", columns)}</thead>\n` +
    `<tbody>\n${body}\n</tbody>\n</table>`
  );
}

function isTextColumn(rows: readonly (readonly string[])[], at: number): boolean {
  return rows.some((row) => row[at] !== "" && !/^[<−-]?[\d.]/.test(row[at] as string));
}
