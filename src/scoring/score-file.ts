import { createReadStream, realpathSync } from "node:fs";
import { extname } from "node:path";
import type { Scorer } from "empathy-scorer";
import { UserError } from "kit";
import { WholeFile } from "kit/files";
import { openTable, type TableFormat } from "kit/tables";
import { type ScoreColumns, scoreTable } from "./score-table";

/** What is scored, and where the result goes; `-` is standard input or output. */
export interface ScoreFileOptions {
  readonly input: string;
  readonly output: string;
  /** By default what the name ends in: `.csv`, `.tsv`, `.jsonl`. */
  readonly format?: TableFormat | undefined;
  readonly columns: ScoreColumns;
  readonly signal?: AbortSignal;
  /** Called with the number of rows done, every 500. */
  readonly onProgress?: (rows: number) => void;
}

/**
 * Scores the replies of a CSV, TSV or JSONL file, row by row: memory does not grow with the file.
 *
 * The result appears all at once when every row is scored; a run that fails leaves an older file alone.
 *
 * @returns the number of rows scored.
 * @throws UserError if a row is broken, naming it, or a file cannot be read or written.
 */
export async function scoreFile(scorer: Scorer, options: ScoreFileOptions): Promise<number> {
  const { input, output, columns, signal, onProgress } = options;
  const format = options.format ?? formatOf(input, output);
  refuseSameFile(input, output);
  const name = input === "-" ? "standard input" : input;
  const stream = input === "-" ? process.stdin : createReadStream(input);
  const sink = output === "-" ? new StandardOutput() : new WholeFile(output);
  let rows = format === "jsonl" ? 0 : -1;
  try {
    const table = await openTable(name, format, stream);
    for await (const line of scoreTable(name, table, format, scorer, columns, signal)) {
      await sink.write(line);
      if (++rows % 500 === 0) onProgress?.(rows);
    }
    await sink.finish();
  } catch (error) {
    sink.discard();
    throw error;
  } finally {
    stream.destroy();
  }
  return rows;
}

/** The format of a table by what its name, or its counterpart's, ends in. */
export function formatOf(input: string, output: string): TableFormat {
  for (const name of [input, output]) {
    const ending = extname(name).slice(1).toLowerCase();
    if (ending === "csv" || ending === "tsv" || ending === "jsonl") return ending;
    if (ending === "ndjson") return "jsonl";
  }
  throw new UserError(`${input}: its name does not say its format; add --format csv, tsv or jsonl`);
}

function refuseSameFile(input: string, output: string): void {
  if (input === "-" || output === "-") return;
  let same = false;
  try {
    same = realpathSync(input) === realpathSync(output);
  } catch {}
  if (same) throw new UserError(`${output}: is the input too; write to another file`);
}

/** Standard output, waited for where its reader is slow. */
class StandardOutput {
  async write(line: string): Promise<void> {
    if (process.stdout.write(line)) return;
    await new Promise((resolve) => process.stdout.once("drain", resolve));
  }

  async finish(): Promise<void> {}

  discard(): void {}
}
