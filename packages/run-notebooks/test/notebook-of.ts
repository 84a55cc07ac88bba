import type { Cell, Notebook, Output } from "run-notebooks";

let cells = 0;

/** Makes a code cell. */
export function codeCell(source: string, outputs: readonly Output[] = []): Cell {
  cells++;
  return {
    id: `c${cells}`,
    cell_type: "code",
    source,
    metadata: {},
    outputs,
    execution_count: null,
  };
}

/** Makes a notebook of cells. */
export function notebookOf(...parts: readonly Cell[]): Notebook {
  return { cells: parts, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}
