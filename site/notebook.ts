// A notebook as a page, from its committed file: words, code folded away, what the cells showed.
import { escapeMarkup } from "kit";
import type { Cell, MimeBundle, Notebook, Output } from "run-notebooks";
import type { Highlight } from "./highlight";
import { codeBlock, type Document, type Render } from "./markdown";
import { quoted } from "./site-page";

/** What a notebook's page needs. */
export interface NotebookParts {
  readonly render: Render;
  readonly highlight: Highlight;
  /** Takes a figure, and says by which address the page has it. */
  readonly onFigure: (svg: string) => string;
}

/** Writes a notebook's cells as HTML. */
export function notebookToHtml(
  { cells }: Notebook,
  document: Document,
  parts: NotebookParts,
): string {
  return cells.map((cell) => cellToHtml(cell, document, parts)).join("\n");
}

function cellToHtml(cell: Cell, document: Document, parts: NotebookParts): string {
  if (cell.cell_type === "markdown") return parts.render(cell.source, document);
  if (cell.cell_type === "raw" || cell.source.trim() === "") return "";
  const [first = ""] = cell.source.split("\n");
  const code = codeBlock(parts.highlight(cell.source, "typescript"));
  const summary = `Code: <code>${escapeMarkup(first)}</code>`;
  const shown = (cell.outputs ?? []).map((output) => outputToHtml(output, parts)).join("\n");
  return `<details class="code"><summary>${summary}</summary>${code}</details>\n${shown}`;
}

function outputToHtml(output: Output, parts: NotebookParts): string {
  switch (output.output_type) {
    case "stream":
      return textBlock(output.text);
    case "error":
      return textBlock(`${output.ename}: ${output.evalue}`);
    default:
      return bundleToHtml(output.data, parts);
  }
}

// The richest form that needs no script.
function bundleToHtml(data: MimeBundle, { onFigure }: NotebookParts): string {
  const read = (mime: string) => (typeof data[mime] === "string" ? data[mime] : undefined);
  const [svg, html, text] = ["image/svg+xml", "text/html", "text/plain"].map(read);
  if (svg !== undefined) return figure(onFigure(svg), svg, text ?? "a figure");
  if (html !== undefined) return `<div class="scroll" tabindex="0">${html}</div>`;
  return text === undefined ? "" : textBlock(text);
}

/** A figure that scrolls where the page is narrower than it can be read. */
export function figure(address: string, svg: string, alt: string): string {
  const [, width = "", height = ""] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const size = width === "" ? "" : ` width="${width}" height="${height}"`;
  return `<div class="picture" tabindex="0"><img src=${quoted(address)} alt=${quoted(alt)}${size} loading="lazy"></div>`;
}

function textBlock(text: string): string {
  return `<pre class="output" tabindex="0">${escapeMarkup(text.replace(/\n$/, ""))}</pre>`;
}
