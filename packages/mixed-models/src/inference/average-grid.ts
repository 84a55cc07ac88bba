import { UserError } from "kit";
import type { Design } from "../design/design";
import type { RowValues } from "../design/model-row";
import { rowOf } from "../numerics/matrices";
import { sumOf } from "../numerics/vectors";
import type { Estimability } from "./estimability";
import type { GridVariable, ReferenceGrid } from "./reference-grid";
import { columnsOfFactors, combineCodes, RowDecoder } from "./row-decoder";

/** The values of the variables that a mean is for. */
export type Levels = Readonly<Record<string, string | number>>;

interface WeightedValues {
  readonly values: RowValues;
  readonly weight: number;
}

/** One point of a grid: the model's row there, and its share of the cell that it is in. */
export interface WeightedRow {
  readonly row: Float64Array;
  readonly weight: number;
}

/**
 * Averages the model's rows over the averaged variables of a grid.
 *
 * @returns for each combination of values of `grid.over`, the first variable fastest, its averaged row, and the points
 *   that it is the average of.
 * @throws UserError if the counts for proportional weights are unknown or all zero.
 */
export function averageGrid(
  design: Design,
  grid: ReferenceGrid,
  weights: "equal" | "proportional",
  { rowFor }: Estimability,
): { cells: Levels[]; rows: Float64Array[]; points: WeightedRow[][] } {
  const cells = combineValues(grid.over);
  const averaged = weighCells(design, grid, weights);
  const total = averaged.reduce((sum, { weight }) => sum + weight, 0);
  const counted = averaged.filter(({ weight }) => weight > 0);
  const points = cells.map((levels) =>
    counted.map(({ values, weight }) => ({
      row: rowFor({ ...values, ...levels }),
      weight: weight / total,
    })),
  );
  const rows = points.map((own) =>
    combineRows(
      own.map(({ row }) => row),
      own.map(({ weight }) => weight),
    ),
  );
  return { cells, rows, points };
}

/** The weighted sum of rows; a row of weight 0 is left out, whatever it holds. */
export function combineRows(
  rows: readonly Float64Array[],
  weights: readonly number[],
): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const [at, row] of rows.entries()) {
    const weight = weights[at]!;
    if (weight === 0) continue;
    for (const [column, value] of row.entries()) sum[column]! += weight * value;
  }
  return sum;
}

function weighCells(
  design: Design,
  { over, averaged }: ReferenceGrid,
  weights: "equal" | "proportional",
): WeightedValues[] {
  const cells = combineValues(averaged);
  const factors = averaged.filter(({ kind, values }) => kind === "factor" && values.length > 1);
  if (weights === "equal" || factors.length === 0) {
    return cells.map((values) => ({ values, weight: 1 }));
  }
  // Counted within the levels that the grid has.
  const limiting = [...over, ...averaged].filter(
    (one) => one.isRestricted && !factors.includes(one),
  );
  const names = [...factors, ...limiting].map(({ name }) => name);
  const counts = countCells(design, names);
  if (!counts) {
    throw new UserError(
      `the fit does not tell how many rows have each combination of ${names.join(", ")}; use equal weights`,
    );
  }
  const within = combineValues(limiting);
  const weighed = cells.map((values) => {
    const numbers = within.map((one) =>
      counts(names.map((name) => String({ ...values, ...one }[name]))),
    );
    return { values, weight: sumOf(numbers) };
  });
  if (weighed.some(({ weight }) => weight > 0)) return weighed;
  throw new UserError("no row has the levels in at; proportional weights need some");
}

// All combinations, the first variable varying fastest.
function combineValues(variables: readonly GridVariable[]): Levels[] {
  const codes = combineCodes(variables.map(({ values }) => values.length));
  return codes.map((code) =>
    Object.fromEntries(variables.map(({ name, values }, at) => [name, values[code[at]!]!])),
  );
}

/** Number of used rows that have the given levels, one for each counted column. */
type CellCounts = (levels: readonly string[]) => number;

/**
 * Counts the used rows of each combination of levels of some factors of the fixed effects.
 *
 * @param columns names of factor columns.
 * @returns `undefined` where the model matrix does not tell the levels of every row.
 */
export function countCells(design: Design, columns: readonly string[]): CellCounts | undefined {
  const [only] = columns;
  if (columns.length === 1) return countLevels(design, only!);
  const places = columns.map((column) => columnsOfFactors(design).indexOf(column));
  if (places.includes(-1)) return undefined;
  const decoder = new RowDecoder(design);
  const width = design.fixed.names.length;
  const { values, count, of } = design.fixed.patterns;
  const cells: string[] = [];
  for (let at = 0; at < count; at++) {
    const possible = decoder.levelsOf(rowOf(values, at, width));
    const named = possible.map((codes) =>
      keyOf(places.map((place) => design.fixed.factors[place]?.levels[codes[place]!])),
    );
    const [cell, ...others] = new Set(named);
    if (cell === undefined || others.length > 0) return undefined;
    cells.push(cell);
  }
  const counts = new Map<string, number>();
  for (const pattern of of) {
    const cell = cells[pattern]!;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return (levels) => counts.get(keyOf(levels)) ?? 0;
}

function countLevels({ variables }: Design, column: string): CellCounts | undefined {
  const summary = variables.get(column);
  if (summary?.kind !== "factor") return undefined;
  return ([level]) => summary.counts[summary.levels.indexOf(level!)] ?? 0;
}

function keyOf(levels: readonly unknown[]): string {
  return JSON.stringify(levels);
}
