// The columns of the fixed effects whose coefficients differ from threshold to threshold: of nominal terms.
import { expandPatterns, findPatterns, type Patterns, takePatterns } from "../numerics/patterns";
import type { ModelData, NominalColumns } from "./model-data";

/** Takes nominal columns from the fixed effects' model matrix. */
export function nominalColumns(
  fixed: Patterns,
  fixedColumns: number,
  { places, factors }: Omit<NominalColumns, "patterns">,
): NominalColumns {
  const rows = fixed.of.length;
  const matrix = expandPatterns(fixed, fixedColumns);
  const taken = new Float64Array(rows * places.length);
  for (let row = 0; row < rows; row++) {
    for (const [at, place] of places.entries()) {
      taken[row * places.length + at] = matrix[row * fixedColumns + place]!;
    }
  }
  return { places, factors, patterns: findPatterns(taken, rows, places.length) };
}

/** The same columns at some of the rows, in a new order. */
export function takeNominal(nominal: NominalColumns, rows: Int32Array): NominalColumns {
  const { places, patterns } = nominal;
  return { ...nominal, patterns: takePatterns(patterns, places.length, rows) };
}

/**
 * The grades that occur with each combination of values that a term's columns have, by those values as text.
 *
 * @param columns the first one among the fixed effects, and the one after the last.
 */
export function gradesByCell(
  { fixed, fixedColumns, y }: Pick<ModelData, "fixed" | "fixedColumns" | "y">,
  [first, end]: readonly [number, number],
): Map<string, Set<number>> {
  const keys = Array.from({ length: fixed.count }, (_, pattern) => {
    const from = pattern * fixedColumns;
    return fixed.values.subarray(from + first, from + end).join();
  });
  const met = new Map(keys.map((key) => [key, new Set<number>()]));
  for (const [row, pattern] of fixed.of.entries()) met.get(keys[pattern]!)!.add(y[row]!);
  return met;
}

/** Whether a level of a nominal factor lacks a grade: a threshold there runs to infinity, or two fall together. */
export function hasEmptyCell(data: ModelData): boolean {
  const { nominal, scale } = data;
  return (nominal?.factors ?? []).some((columns) =>
    [...gradesByCell(data, columns).values()].some(({ size }) => size < scale!.grades),
  );
}
