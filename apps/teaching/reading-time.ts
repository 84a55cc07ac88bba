// How long a lesson's page takes: its words at a stated speed, and its cells on this machine. How long an exercise takes no
// program can measure.
import { availableParallelism } from "node:os";
import { countNoun } from "kit";
import { type Cell, formatNotebook, type Notebook, runNotebook } from "run-notebooks";
import { isAnswer } from "./lessons";

/** Words a minute: adults reading English non-fiction in silence (Brysbaert 2019, a meta-analysis of 190 studies). */
const READING_SPEED = 238;

/** What there is to read on a page. */
interface PageSize {
  /** In prose, tables and what cells print; answers and the line about time are left out. */
  readonly words: number;
  /** Neither empty nor a comment. */
  readonly codeLines: number;
}

const TIME = /^\*\*Time\.\*\*.*$/m;

/** Counts what there is to read. */
export function measurePage({ cells }: Notebook): PageSize {
  const shown = cells.filter((cell) => !isAnswer(cell));
  const texts = shown.flatMap((cell) =>
    cell.cell_type === "markdown" ? [plainMarkdown(cell.source)] : printedBy(cell),
  );
  const words = texts.flatMap((text) =>
    text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)),
  );
  const code = shown.filter(({ cell_type }) => cell_type === "code");
  const lines = code.flatMap(({ source }) => source.split("\n"));
  return {
    words: words.length,
    codeLines: lines.filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length,
  };
}

function plainMarkdown(source: string): string {
  return source.replace(TIME, "").replace(/\]\([^)]*\)/g, "]");
}

function printedBy({ outputs = [] }: Cell): string[] {
  return outputs.flatMap((output) => {
    if (output.output_type === "stream") return [output.text];
    const html = output.output_type === "error" ? undefined : output.data["text/html"];
    return typeof html === "string" ? [html.replace(/<[^>]*>/g, " ")] : [];
  });
}

/** Says how long a page takes. @param seconds that its cells ran. */
function sayTime({ words, codeLines }: PageSize, seconds: number): string {
  const minutes = Math.max(1, Math.round(words / READING_SPEED));
  return (
    `**Time.** Reading takes about ${countNoun(minutes, "minute", "minutes")}: ${words.toLocaleString("en-US")} words of prose and tables, at ` +
    `${READING_SPEED} a minute (adults, English non-fiction: [Brysbaert 2019](https://doi.org/10.1016/j.jml.2019.104047)). ` +
    `${codeLines} lines of code come on top, and the exercises, which take as long as you need. ` +
    `All cells together ran for ${Math.ceil(seconds)} s where this was measured (${countNoun(availableParallelism(), "core", "cores")}).`
  );
}

/**
 * Runs a lesson, and writes into its first cell how long it takes.
 *
 * @param folder in which its cells run.
 * @returns the notebook's new text, with its outputs as they were, and the line.
 */
export async function measureLesson(
  notebook: Notebook,
  folder: string,
): Promise<{ readonly text: string; readonly line: string }> {
  const started = performance.now();
  await runNotebook(notebook, { cwd: folder });
  const line = sayTime(measurePage(notebook), (performance.now() - started) / 1000);
  const cells = notebook.cells.map((cell, at) =>
    at === 0 ? { ...cell, source: cell.source.replace(TIME, () => line) } : cell,
  );
  return { text: formatNotebook({ ...notebook, cells }), line };
}
