import { OutputCollector } from "./collect-outputs";
import { Kernel, KernelError, type KernelOptions } from "./kernel";
import type { Cell, Json, MimeBundle, Notebook, Output } from "./notebook-file";

/** How a notebook is run. */
export interface RunOptions extends KernelOptions {
  /** How long each cell may take; 300,000 ms by default. */
  readonly cellTimeoutMs?: number;
  /** Completes a bundle, for instance a plotly figure with its static picture. */
  readonly complete?: (bundle: MimeBundle) => Promise<MimeBundle>;
  /** Called when a code cell has run; `count` of `total` code cells. */
  readonly onCell?: (progress: { count: number; total: number; seconds: number }) => void;
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

const EXCERPT_LINES = 12;

/**
 * Runs every code cell of a notebook, in order, in a fresh tslab kernel.
 *
 * The result depends on the notebook and on the files that its cells read, on nothing else: execution
 * counts start at 1, and time stamps are dropped.
 *
 * @returns the notebook with its new outputs; the one passed in is not changed.
 * @throws CellError where a cell fails, exceeds its time, or takes the kernel down.
 */
export async function runNotebook(notebook: Notebook, options: RunOptions): Promise<Notebook> {
  const { signal } = options;
  signal?.throwIfAborted();
  let kernel: Kernel | undefined;
  try {
    kernel = await Kernel.start(options);
    const cells = await runCells(kernel, notebook.cells, options);
    return { ...notebook, cells, metadata: notebookMetadata(notebook, kernel) };
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
  options: RunOptions,
): Promise<Cell[]> {
  const total = cells.filter((cell) => cell.cell_type === "code").length;
  const results: Cell[] = [];
  let count = 0;
  for (const [index, cell] of cells.entries()) {
    if (cell.cell_type !== "code") {
      results.push(cell);
      continue;
    }
    const started = performance.now();
    const outputs = await runCell(kernel, cell, index + 1, options);
    count++;
    results.push({
      ...cell,
      metadata: withoutTimes(cell.metadata),
      outputs: await completeOutputs(outputs, options.complete),
      execution_count: count,
    });
    options.onCell?.({ count, total, seconds: (performance.now() - started) / 1000 });
  }
  return results;
}

async function runCell(
  kernel: Kernel,
  cell: Cell,
  cellNumber: number,
  { cellTimeoutMs = 300_000 }: RunOptions,
): Promise<Output[]> {
  const collector = new OutputCollector();
  let succeeded: boolean;
  try {
    succeeded = await kernel.execute(
      cell.source,
      (message) => collector.take(message),
      cellTimeoutMs,
    );
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new CellError(cellNumber, cell.source, error.message);
  }
  if (!succeeded) throw new CellError(cellNumber, cell.source, errorText(collector.outputs));
  return collector.outputs;
}

async function completeOutputs(
  outputs: readonly Output[],
  complete: RunOptions["complete"],
): Promise<Output[]> {
  const completed: Output[] = [];
  for (const output of outputs) {
    const isBundle =
      output.output_type === "display_data" || output.output_type === "execute_result";
    completed.push(
      isBundle && complete ? { ...output, data: await complete(output.data) } : output,
    );
  }
  return completed;
}

// tslab writes errors to stderr; other kernels publish them.
function errorText(outputs: readonly Output[]): string {
  const texts = outputs.flatMap((output) => {
    if (output.output_type === "error") return [`${output.ename}: ${output.evalue}`];
    return output.output_type === "stream" && output.name === "stderr" ? [output.text] : [];
  });
  return withoutFrames(texts.join("\n")) || "failed without a message";
}

// The frames of a stack lie in tslab and in Node; the message and the cell say where to look.
function withoutFrames(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\s+at .*[:(]/.test(line))
    .join("\n")
    .trim();
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

function notebookMetadata(notebook: Notebook, kernel: Kernel): Notebook["metadata"] {
  return {
    ...notebook.metadata,
    kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
    language_info: kernel.info.language_info as Json,
  };
}
