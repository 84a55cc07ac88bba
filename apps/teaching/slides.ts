// A lesson as slides: one page without a network or files beside it, a slide for each heading, to show and to print.
import { escapeMarkup } from "kit";
import MarkdownIt from "markdown-it";
import type { Cell, Output } from "run-notebooks";
import { readPageFile } from "../page-file";
import { exerciseIn, isAnswer, type Lesson } from "./lessons";

/** A lesson's markdown as HTML. */
type ToHtml = (markdown: string) => string;

const LONG_CODE = 8;

/**
 * Writes a lesson's slides as one HTML page. Answers and checks are left out; longer code is folded.
 *
 * The same notebook gives the same bytes.
 */
export function formatSlides(lesson: Lesson): string {
  const toHtml = makeMarkdown();
  const checks = new Set(lesson.exercises.map(({ check }) => check));
  const shown = lesson.notebook.cells.filter((cell) => !isAnswer(cell) && !checks.has(cell.source));
  const slides = groupByHeading(shown);
  const sections = slides.map((cells, at) => {
    const body = cells.map((cell) => formatCell(cell, toHtml)).join("\n");
    const number = `<p class="number">${at + 1} / ${slides.length}</p>`;
    return `<section id="${at + 1}" tabindex="-1" aria-label="Slide ${at + 1}">\n${body}\n${number}</section>`;
  });
  const [, title = lesson.name] = /^# (.*)$/m.exec(shown[0]?.source ?? "") ?? [];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title><link rel="icon" href="data:,"><style>${readPageFile("teaching", "slides.css")}</style></head>`,
    `<body><main>\n${sections.join("\n")}\n</main>`,
    `<script>${readPageFile("teaching", "slides.js")}</script>`,
    "</body></html>\n",
  ].join("\n");
}

function groupByHeading(cells: readonly Cell[]): Cell[][] {
  const slides: Cell[][] = [];
  for (const cell of cells) {
    const isStart = cell.cell_type === "markdown" && /^#{1,2} /.test(cell.source);
    if (isStart || slides.length === 0) slides.push([]);
    slides.at(-1)?.push(cell);
  }
  return slides;
}

// A link to a file beside the notebook leads nowhere from a slide: its words stay.
function makeMarkdown(): ToHtml {
  const markdown = new MarkdownIt({ html: true });
  const { rules } = markdown.renderer;
  let closing = "";
  rules.link_open = (tokens, at, options, _, self) => {
    const leads = /^https?:/.test(String(tokens[at]?.attrGet("href")));
    closing = leads ? "</a>" : "";
    return leads ? self.renderToken(tokens, at, options) : "";
  };
  rules.link_close = () => closing;
  return (text) => markdown.render(text);
}

function formatCell(cell: Cell, toHtml: ToHtml): string {
  if (cell.cell_type === "markdown") return toHtml(cell.source);
  if (cell.cell_type !== "code") return "";
  const code = `<pre class="code"><code>${escapeMarkup(cell.source)}</code></pre>`;
  if (exerciseIn(cell) !== undefined) return code;
  return [foldCode(cell.source, code), ...(cell.outputs ?? []).map(formatOutput)].join("\n");
}

function foldCode(source: string, code: string): string {
  const lines = source.split("\n").length;
  if (lines <= LONG_CODE && !source.startsWith("import ")) return code;
  return `<details><summary>Code (${lines} lines)</summary>${code}</details>`;
}

function formatOutput(output: Output): string {
  if (output.output_type === "stream") return `<pre>${escapeMarkup(output.text)}</pre>`;
  if (output.output_type === "error") return "";
  const { "text/html": html, "image/svg+xml": svg, "text/plain": text } = output.data;
  if (typeof svg === "string") {
    const alt = escapeMarkup(typeof text === "string" ? text : "");
    return `<img alt="${alt}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;
  }
  if (typeof html === "string") return `<div class="table" tabindex="0">${html}</div>`;
  return typeof text === "string" ? `<pre>${escapeMarkup(text)}</pre>` : "";
}
