import type { Estimate } from "ask-models";
import { countNoun } from "kit";
import type { AskFlags } from "./ask-options";
import { alignCells } from "./table-columns";

/** What one cell would take, and which it is. */
interface CellEstimate extends Estimate {
  readonly prompt: string;
  /** Null where the grid says none. */
  readonly temperature: number | null;
  /** Replies per stimulus. */
  readonly samples: number;
}

/** What a grid would take. */
export interface GridEstimate {
  readonly journal: string;
  readonly cells: readonly CellEstimate[];
}

/** The sums of a grid's cells; dollars are null where a cell's are. */
interface GridTotal {
  readonly cells: number;
  readonly requests: number;
  readonly answered: number;
  readonly inputTokens: number;
  readonly outputTokensAtMost: number;
  readonly costUsdAtMost: number | null;
}

/** Adds up what the cells of a grid would take. */
function sumCells(cells: readonly CellEstimate[]): GridTotal {
  const sum = (
    field: "requests" | "answered" | "inputTokens" | "outputTokensAtMost" | "costUsdAtMost",
  ) => cells.reduce((total, cell) => total + (cell[field] ?? 0), 0);
  const isPriced = cells.every(({ costUsdAtMost }) => costUsdAtMost !== null);
  return {
    cells: cells.length,
    requests: sum("requests"),
    answered: sum("answered"),
    inputTokens: sum("inputTokens"),
    outputTokensAtMost: sum("outputTokensAtMost"),
    costUsdAtMost: isPriced ? sum("costUsdAtMost") : null,
  };
}

/** Prints the cells of a grid with what each would take, and the sums; asks nobody. */
export function printGridDryRun(
  { journal, cells }: GridEstimate,
  { json }: Pick<AskFlags, "json">,
): void {
  const total = sumCells(cells);
  const text = json
    ? JSON.stringify({ journal, cells, total }, null, 2)
    : formatGrid(cells, total, journal);
  process.stdout.write(`${text}\n`);
}

const HEADER = [
  "cell",
  "model",
  "prompt",
  "temperature",
  "samples",
  "answered",
  "to ask",
  "tokens in",
  "tokens out ≤",
  "USD ≤",
];
const FIRST_NUMBER = 3;

function formatGrid(cells: readonly CellEstimate[], total: GridTotal, journal: string): string {
  const rows = cells.map((cell) => [
    cell.system,
    cell.model,
    cell.prompt,
    cell.temperature === null ? "own" : String(cell.temperature),
    String(cell.samples),
    ...numbers(cell, cell.exactTokens),
  ]);
  const isExact = cells.every(({ exactTokens }) => exactTokens);
  const sums = [countNoun(total.cells, "cell"), "", "", "", "", ...numbers(total, isExact)];
  const notes = [
    "~: counted with OpenAI's tokenizer, an estimate for this model. ≤: every reply at its longest.",
    ...(total.costUsdAtMost === null
      ? ["unknown: neither data/prices.json nor the grid has the model's price ('price')."]
      : []),
    `journal: ${journal}`,
  ];
  return [
    ...alignCells([HEADER, ...rows, sums], (column) => column >= FIRST_NUMBER),
    ...notes,
  ].join("\n");
}

function numbers(of: Omit<GridTotal, "cells">, isExact: boolean): string[] {
  const { costUsdAtMost } = of;
  return [
    String(of.answered),
    String(of.requests),
    `${isExact ? "" : "~"}${of.inputTokens}`,
    String(of.outputTokensAtMost),
    costUsdAtMost === null ? "unknown" : costUsdAtMost.toFixed(4),
  ];
}
