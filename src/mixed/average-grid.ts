import { UserError } from "../user-error";
import { countCells } from "./count-cells";
import type { Design } from "./design";
import type { Estimability } from "./estimability";
import type { RowValues } from "./fixed-design";
import type { GridVariable, ReferenceGrid } from "./reference-grid";
import { combineCodes } from "./row-decoder";

/** The values of the variables that a mean is for. */
export type Levels = Readonly<Record<string, string | number>>;

interface WeightedValues {
  readonly values: RowValues;
  readonly weight: number;
}

/**
 * Averages the model's rows over the averaged variables of a grid.
 *
 * @returns for each combination of values of `grid.over`, the first variable fastest, its averaged row.
 * @throws UserError where the counts for proportional weights are unknown or all zero.
 */
export function averageGrid(
  design: Design,
  grid: ReferenceGrid,
  weights: "equal" | "proportional",
  { rowFor }: Estimability,
): { cells: Levels[]; rows: Float64Array[] } {
  const cells = combineValues(grid.over);
  const averaged = weighCells(design, grid, weights);
  const total = averaged.reduce((sum, { weight }) => sum + weight, 0);
  const points = averaged.filter(({ weight }) => weight > 0);
  const rows = cells.map((levels) => {
    const parts = points.map(({ values }) => rowFor({ ...values, ...levels }));
    return combineRows(
      parts,
      points.map(({ weight }) => weight / total),
    );
  });
  return { cells, rows };
}

/** The weighted sum of rows; a row of weight 0 is left out, whatever it holds. */
export function combineRows(
  rows: readonly Float64Array[],
  weights: readonly number[],
): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const [at, row] of rows.entries()) {
    const weight = weights[at] as number;
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
    return { values, weight: numbers.reduce((sum, number) => sum + number, 0) };
  });
  if (weighed.some(({ weight }) => weight > 0)) return weighed;
  throw new UserError("no row has the levels in at; proportional weights need some");
}

// All combinations, the first variable varying fastest.
function combineValues(variables: readonly GridVariable[]): Levels[] {
  const codes = combineCodes(variables.map(({ values }) => values.length));
  return codes.map((code) =>
    Object.fromEntries(
      variables.map(({ name, values }, at) => [
        name,
        values[code[at] as number] as string | number,
      ]),
    ),
  );
}
