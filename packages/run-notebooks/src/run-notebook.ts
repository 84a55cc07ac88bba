import { UserError } from "kit";
import { type Displays, OutputCollector } from "./collect-outputs";
import { Kernel, KernelError, type KernelOptions } from "./kernel";
import {
  type Cell,
  hasTag,
  isRun,
  type Json,
  type MimeBundle,
  type Notebook,
  type Output,
} from "./notebook-file";

/** How a notebook is run. */
export interface RunOptions extends KernelOptions {
  /** How long each cell may take; 300,000 ms by default. */
  readonly cellTimeoutMs?: number;
  /** Completes a bundle, for instance a plotly figure with its static picture. */
  readonly complete?: (bundle: MimeBundle) => Promise<MimeBundle>;
  /** Called when a code cell begins, without seconds, and when it has ended. */
  readonly onCell?: (progress: CellProgress) => void;
  /** Told at the end, of each cell that printed something after it had ended. */
  readonly onLate?: (late: LateLines) => void;
}

/** What a cell printed after it had ended, which is in no output. */
export interface LateLines {
  /** Position of the cell among all cells, from 1. */
  readonly cellNumber: number;
  /** How many lines; a display counts as one. */
  readonly lines: number;
}

/** How far a run has come: code cell `count` of `total`, and how long it took once it has ended. */
export interface CellProgress {
  readonly count: number;
  readonly total: number;
  readonly seconds?: number;
}

/** A cell that failed, with what the reader needs to mend it. */
export class CellError extends Error {
  override name = "CellError";

  constructor(
    /** Position among all cells, from 1. */
    readonly cellNumber: number,
    readonly source: string,
    readonly reason: string,
  ) {
    super(`cell ${cellNumber}: ${reason}\n${excerpt(source)}`);
  }
}

/** An error that nobody awaited, of no cell that is known. */
export class StrayError extends Error {
  override name = "StrayError";
}

const EXCERPT_LINES = 12;

// What Jupyter's nbclient calls it.
const MAY_FAIL = "raises-exception";

/**
 * Runs every code cell of a notebook, in order, in a fresh tslab kernel.
 *
 * A cell with the tag `skip-execution` is left as it is; one with the tag `raises-exception` may fail, and its error is
 * an output. What a cell prints once it has ended, by a timer or in work that a later cell awaits, is in no output; `onLate`
 * is told of it. The result depends on the notebook and on the files that its cells read, on nothing else: execution counts
 * start at 1, and time stamps are dropped.
 *
 * @returns the notebook with its new outputs; the one passed in is not changed.
 * @throws CellError if a cell fails, exceeds its time, or takes the kernel down.
 * @throws StrayError if something failed, and nobody knows which cell began it.
 */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<Notebook> {
  const { signal } = options;
  signal?.throwIfAborted();
  let kernel: Kernel | undefined;
  try {
    kernel = await Kernel.start(options);
    const collected = await runCells(kernel, notebook.cells, options);
    // What nobody awaited is printed after the cell's answer: two round trips give it time to arrive.
    await kernel.askInfo();
    const { language_info } = await kernel.askInfo();
    const cells = await finishCells(notebook.cells, collected, options.complete);
    for (const [index, cell] of notebook.cells.entries()) {
      const lines = collected.get(cell)?.lateLines ?? 0;
      if (lines > 0) options.onLate?.({ cellNumber: index + 1, lines });
    }
    return { ...notebook, cells, metadata: notebookMetadata(notebook, language_info as Json) };
  } catch (error) {
    signal?.throwIfAborted(); // An aborted run fails for that reason, whatever broke first.
    throw error;
  } finally {
    await kernel?.close();
  }
}

async function runCells(
  kernel: Kernel,
  cells: readonly Cell[],
  { cellTimeoutMs = 300_000, onCell }: RunOptions,
): Promise<Map<Cell, OutputCollector>> {
  const total = cells.filter(isRun).length;
  const collected = new Map<Cell, OutputCollector>();
  const displays: Displays = new Map();
  for (const [index, cell] of cells.entries()) {
    if (!isRun(cell)) continue;
    const collector = new OutputCollector(displays);
    collected.set(cell, collector);
    const count = collected.size;
    onCell?.({ count, total });
    const started = performance.now();
    await runCell(kernel, cell, index + 1, collector, cellTimeoutMs);
    onCell?.({ count, total, seconds: (performance.now() - started) / 1000 });
  }
  return collected;
}

async function runCell(
  kernel: Kernel,
  cell: Cell,
  cellNumber: number,
  collector: OutputCollector,
  timeoutMs: number,
): Promise<void> {
  const fail = (reason: string) => new CellError(cellNumber, cell.source, reason);
  let succeeded: boolean;
  try {
    succeeded = await kernel.execute(cell.source, (message) => collector.take(message), timeoutMs);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw fail(error.message);
  }
  if (!succeeded && !hasTag(cell, MAY_FAIL)) throw fail(errorText(collector.outputs));
}

async function finishCells(
  cells: readonly Cell[],
  collected: ReadonlyMap<Cell, OutputCollector>,
  complete: RunOptions["complete"],
): Promise<Cell[]> {
  const finished: Cell[] = [];
  let count = 0;
  for (const [index, cell] of cells.entries()) {
    const { outputs, stray } = collected.get(cell) ?? {};
    if (stray !== undefined) throw new StrayError(stray);
    if (!outputs) {
      finished.push(cell);
      continue;
    }
    const escaped = hasTag(cell, MAY_FAIL) ? undefined : findEscaped(outputs);
    if (escaped) throw new CellError(index + 1, cell.source, escaped);
    count++;
    finished.push({
      ...cell,
      metadata: withoutTimes(cell.metadata),
      outputs: complete ? await completeOutputs(outputs, complete, cell, index + 1) : [...outputs],
      execution_count: count,
    });
  }
  return finished;
}

async function completeOutputs(
  outputs: readonly Output[],
  complete: (bundle: MimeBundle) => Promise<MimeBundle>,
  cell: Cell,
  cellNumber: number,
): Promise<Output[]> {
  const completed: Output[] = [];
  for (const output of outputs) {
    if (output.output_type !== "display_data" && output.output_type !== "execute_result") {
      completed.push(output);
      continue;
    }
    try {
      completed.push({ ...output, data: await complete(output.data) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new CellError(cellNumber, cell.source, error.message);
    }
  }
  return completed;
}

// An error that nobody awaited: the kernel publishes it and goes on as if nothing had happened.
function findEscaped(outputs: readonly Output[]): string | undefined {
  return outputs.some(isError) ? errorText(outputs) : undefined;
}

// What the kernel published of the error; of a cell that does not compile it says so on stderr only.
function errorText(outputs: readonly Output[]): string {
  const errors = outputs.filter(isError).map(({ traceback }) => traceback.join("\n"));
  const said = outputs.flatMap((output) =>
    output.output_type === "stream" && output.name === "stderr" ? [output.text] : [],
  );
  return (errors.length > 0 ? errors : said).join("\n").trim() || "failed without a message";
}

type ErrorOutput = Extract<Output, { output_type: "error" }>;

function isError(output: Output): output is ErrorOutput {
  return output.output_type === "error";
}

function excerpt(source: string): string {
  const lines = source.split("\n");
  const shown = lines.slice(0, EXCERPT_LINES).map((line, index) => {
    return `${String(index + 1).padStart(4)} | ${line}`;
  });
  if (lines.length > EXCERPT_LINES)
    shown.push(`     | … ${lines.length - EXCERPT_LINES} more lines`);
  return shown.join("\n");
}

function withoutTimes(metadata: Cell["metadata"]): Cell["metadata"] {
  const { execution, ExecuteTime, ...rest } = metadata;
  return rest;
}

function notebookMetadata(notebook: Notebook, language_info: Json): Notebook["metadata"] {
  return {
    ...notebook.metadata,
    kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
    language_info,
  };
}
