import type { Design } from "./design";
import { findPatterns } from "./patterns";
import { columnsOfFactors, RowDecoder } from "./row-decoder";

/** Number of used rows that have the given levels, one for each counted column. */
export type CellCounts = (levels: readonly string[]) => number;

/**
 * Counts the used rows of each combination of levels of some factors of the fixed effects.
 *
 * @param columns names of factor columns.
 * @returns `undefined` where the model matrix does not tell the levels of every row.
 */
export function countCells(design: Design, columns: readonly string[]): CellCounts | undefined {
  const [only] = columns;
  if (columns.length === 1) return countLevels(design, only as string);
  const places = columns.map((column) => columnsOfFactors(design).indexOf(column));
  if (places.includes(-1)) return undefined;
  const decoder = new RowDecoder(design);
  const width = design.fixed.names.length;
  const { values, count, of } = findPatterns(design.fixed.X, design.rows, width);
  const cells: string[] = [];
  for (let at = 0; at < count; at++) {
    const possible = decoder.levelsOf(values.subarray(at * width, (at + 1) * width));
    const named = possible.map((codes) =>
      keyOf(places.map((place) => design.fixed.factors[place]?.levels[codes[place] as number])),
    );
    const [cell, ...others] = new Set(named);
    if (cell === undefined || others.length > 0) return undefined;
    cells.push(cell);
  }
  const counts = new Map<string, number>();
  for (const pattern of of) {
    const cell = cells[pattern] as string;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return (levels) => counts.get(keyOf(levels)) ?? 0;
}

function countLevels({ variables }: Design, column: string): CellCounts | undefined {
  const summary = variables.get(column);
  if (summary?.kind !== "factor") return undefined;
  return ([level]) => summary.counts[summary.levels.indexOf(level as string)] ?? 0;
}

function keyOf(levels: readonly unknown[]): string {
  return JSON.stringify(levels);
}
