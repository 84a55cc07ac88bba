import type { CellProgress } from "run-notebooks";
import { printable } from "./printable";

/** Shows what is under way: one line that is rewritten on a terminal, nothing elsewhere. */
export class Progress {
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Replaces what is shown. */
  show(text: string): void {
    if (!this.stream.isTTY) return;
    const width = (this.stream.columns || 80) - 1;
    const line = printable(text.replaceAll("\n", " "));
    this.stream.write(`\r\x1b[2K${line.slice(0, width)}`);
    this.shown = true;
  }

  /** Shows which cell of a notebook is under way, and how long it took once it has ended. */
  showCell(notebook: string, { count, total, seconds }: CellProgress): void {
    const time = seconds === undefined ? "…" : `${seconds.toFixed(2)} s`;
    this.show(`${notebook}  cell ${count} of ${total}  ${time}`);
  }

  /** Removes what is shown and writes a line that stays, on a terminal or in a log. */
  note(text: string): void {
    this.clear();
    this.stream.write(`${printable(text)}\n`);
  }

  /** Names the files that were written, where they are more than the one that was asked for. */
  noteFiles(paths: readonly string[]): void {
    if (paths.length > 1) this.note(`wrote ${paths.join(", ")}`);
  }

  /** Takes what a reader of files has to say. */
  readonly onNote = (text: string): void => this.note(`empathy: note: ${text}`);

  /** Shows what is under way while a step lasts, from its start: most steps compute without a pause. */
  async during<T>(text: string, step: () => T | Promise<T>): Promise<T> {
    this.show(`${text} …`);
    try {
      return await step();
    } finally {
      this.clear();
    }
  }

  clear(): void {
    if (this.shown) this.stream.write("\r\x1b[2K");
    this.shown = false;
  }
}

/** Tells on stderr what a command did or found besides its answer. */
export function note(text: string): void {
  process.stderr.write(printable(`empathy: note: ${text}\n`));
}
