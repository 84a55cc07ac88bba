import { aroundRow } from "./differing-row";
import { type Cell, type Json, type Notebook, type Output, sortKeys } from "./notebook-file";

/** Where two versions of a notebook first differ. */
export interface Difference {
  /** Position of the cell among all cells, from 1. */
  readonly cellNumber: number;
  /** What differs, such as "output 2 (text/html)". */
  readonly what: string;
  readonly stored: string;
  readonly rerun: string;
}

/** Finds the first cell whose outputs differ between a notebook and its rerun. */
export function findDifference(stored: Notebook, rerun: Notebook): Difference | undefined {
  for (const [index, cell] of rerun.cells.entries()) {
    const before = stored.cells[index] as Cell;
    const found = compareCells(before, cell);
    if (found) return { cellNumber: index + 1, ...found };
  }
  return undefined;
}

type CellDifference = Omit<Difference, "cellNumber">;

function compareCells(stored: Cell, rerun: Cell): CellDifference | undefined {
  if (rerun.cell_type !== "code") return undefined;
  const [before, after] = [stored.outputs ?? [], rerun.outputs ?? []];
  for (let at = 0; at < Math.max(before.length, after.length); at++) {
    const found = compareOutputs(before[at], after[at]);
    if (found) return { ...found, what: `output ${at + 1}${found.what}` };
  }
  if (stored.execution_count !== rerun.execution_count) {
    return {
      what: "the execution count",
      stored: String(stored.execution_count),
      rerun: String(rerun.execution_count),
    };
  }
  return undefined;
}

function compareOutputs(before: Output | undefined, after: Output | undefined) {
  const [left, right] = [flatten(before), flatten(after)];
  for (const part of new Set([...left.keys(), ...right.keys()])) {
    const [stored, rerun] = [left.get(part), right.get(part)];
    if (stored === rerun) continue;
    const rows = part === "text/html" ? aroundRow(stored ?? "", rerun ?? "") : undefined;
    if (rows) {
      const where = rows.columns.length > 0 ? `: ${rows.columns.join(", ")}` : "";
      return { what: ` (table, row ${rows.row}${where})`, stored: rows.stored, rerun: rows.rerun };
    }
    return { what: ` (${part})`, ...aroundDifference(stored ?? "", rerun ?? "") };
  }
  return undefined;
}

// Every comparable part of an output under a name that a reader knows it by.
function flatten(output: Output | undefined): Map<string, string> {
  if (!output) return new Map();
  if (output.output_type === "stream") return new Map([[output.name, output.text]]);
  if (output.output_type === "error") return new Map([["error", output.evalue]]);
  const parts = Object.entries(output.data).map(
    ([mime, value]) => [mime, typeof value === "string" ? value : toText(value)] as const,
  );
  return new Map([["kind", output.output_type], ["metadata", toText(output.metadata)], ...parts]);
}

function toText(value: Json): string {
  return JSON.stringify(sortKeys(value), null, 1);
}

const CONTEXT = 40;
const SHOWN = 160;

/** Cuts two long texts down to the place where they first differ. */
export function aroundDifference(stored: string, rerun: string): { stored: string; rerun: string } {
  let at = 0;
  while (at < stored.length && at < rerun.length && stored[at] === rerun[at]) at++;
  const start = Math.max(0, at - CONTEXT);
  const cut = (text: string) => {
    const shown = text.slice(start, start + SHOWN);
    const before = start > 0 ? "…" : "";
    return `${before}${shown}${start + SHOWN < text.length ? "…" : ""}`;
  };
  return { stored: cut(stored), rerun: cut(rerun) };
}
