import { escapeMarkup } from "kit";

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
  const format = (cell: ReportCell, at: number) => formatCell(cell, header[at] as string);
  const body = rows.map((cells) => `<tr>${cells.map(format).join("")}</tr>`).join("\n");
  return (
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeMarkup(caption)}">` +
    `<table class="sortable"><caption>${escapeMarkup(caption)}</caption>` +
    `<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table></div>`
  );
}

/** Writes paragraphs of plain text; addresses in it become links. */
export function formatParagraphs(...texts: readonly string[]): string {
  return texts.map((text) => `<p>${linked(text)}</p>`).join("\n");
}

/** Escapes a text and makes links of its addresses, and of papers on arXiv. */
function linked(text: string): string {
  return escapeMarkup(text)
    .replace(/https?:\/\/[^\s<>")]+[^\s<>").,;:]/g, '<a href="$&">$&</a>')
    .replace(/\barXiv[: ](\d{4}\.\d{4,5})(?!\d)/g, '<a href="https://arxiv.org/abs/$1">$&</a>');
}

/** Writes a section with its heading. */
export function formatSection(id: string, heading: string, ...parts: readonly string[]): string {
  return `<section id="${id}"><h2>${escapeMarkup(heading)}</h2>\n${parts.join("\n")}\n</section>`;
}

// On a phone each row is a list, and every cell says which column it is of.
function formatCell(cell: ReportCell, column: string): string {
  const label = `data-label="${escapeMarkup(column)}"`;
  if (typeof cell === "string") {
    return `<td ${label}${cell === "" ? ' class="empty"' : ""}>${linked(cell)}</td>`;
  }
  if (cell.number === null) return `<td ${label} class="number" data-value="">–</td>`;
  const text = cell.number
    .toFixed(cell.decimals)
    .replace("-", "−")
    .replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
  return `<td ${label} class="number" data-value="${cell.number}">${text}</td>`;
}
