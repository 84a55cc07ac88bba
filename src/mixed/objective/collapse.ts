import { RowClasses } from "../numerics/row-classes";
import type { ModelData } from "./model-data";

/**
 * Adds up the rows of a binomial model that share covariates and groups: successes and trials are all that
 * its likelihood knows of them. Of a cumulative model, rows that share their grade, too, add up their weights.
 *
 * @returns the same data for a Gaussian model, and where fewer than a tenth of the rows would go.
 */
export function collapseRows(data: ModelData): ModelData {
  if (data.family === "gaussian") return data;
  const classes = new RowClasses(data.rows);
  for (const group of data.groups) {
    classes.refine(group.index);
    if (isFutile(classes, data.rows)) return data;
  }
  if (data.family === "cumulative") classes.refine(data.y);
  if (data.offset) classes.refine(data.offset);
  const matrices = [
    { values: data.fixed, columns: data.fixedColumns },
    ...data.groups.map(({ values, columns }) => ({ values, columns })),
  ];
  for (const { values, columns } of matrices) {
    for (let column = 0; column < columns; column++) {
      classes.refine(values, columns, column);
      if (isFutile(classes, data.rows)) return data;
    }
  }
  return merge(data, classes);
}

function isFutile(classes: RowClasses, rows: number): boolean {
  return classes.count > 0.9 * rows;
}

function merge(data: ModelData, classes: RowClasses): ModelData {
  const { count, of } = classes;
  const first = classes.firstRows();
  const y = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let row = 0; row < data.rows; row++) {
    const place = of[row]!;
    y[place] = data.family === "cumulative" ? data.y[row]! : y[place]! + data.y[row]!;
    weights[place] = weights[place]! + data.weights[row]!;
  }
  const pick = (values: Float64Array, columns: number) => {
    const picked = new Float64Array(count * columns);
    for (const [place, row] of first.entries()) {
      picked.set(values.subarray(row * columns, (row + 1) * columns), place * columns);
    }
    return picked;
  };
  return {
    ...data,
    rows: count,
    y,
    weights,
    fixed: pick(data.fixed, data.fixedColumns),
    ...(data.offset ? { offset: pick(data.offset, 1) } : {}),
    groups: data.groups.map((group) => ({
      ...group,
      index: first.map((row) => group.index[row]!),
      values: pick(group.values, group.columns),
    })),
  };
}
