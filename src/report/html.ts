import { escapeMarkup } from "../escape-markup";

/** A cell of a report's table: text, or a number with its decimals. */
export type ReportCell = string | { readonly number: number | null; readonly decimals: number };

/** Writes a table that can be sorted by its columns' heads; numbers are set to the right. */
export function formatTable(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly ReportCell[])[],
): string {
  const head = header
    .map((name) => `<th scope="col"><button type="button">${escapeMarkup(name)}</button></th>`)
    .join("");
  const body = rows.map((cells) => `<tr>${cells.map(formatCell).join("")}</tr>`).join("\n");
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(caption)}">` +
    `<table class="sortable"><caption>${escapeMarkup(caption)}</caption>` +
    `<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table></div>`
  );
}

/** Writes paragraphs of plain text. */
export function formatParagraphs(...texts: readonly string[]): string {
  return texts.map((text) => `<p>${escapeMarkup(text)}</p>`).join("\n");
}

/** Writes a section with its heading. */
export function formatSection(id: string, heading: string, ...parts: readonly string[]): string {
  return `<section id="${id}"><h2>${escapeMarkup(heading)}</h2>\n${parts.join("\n")}\n</section>`;
}

function formatCell(cell: ReportCell): string {
  if (typeof cell === "string") return `<td>${escapeMarkup(cell)}</td>`;
  if (cell.number === null) return '<td class="number" data-value="">–</td>';
  const text = cell.number.toFixed(cell.decimals).replace("-", "−");
  return `<td class="number" data-value="${cell.number}">${text}</td>`;
}
