import { RowClasses } from "../numerics/row-classes";
import { takeDataRows } from "./data-rows";
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
  const { values: fixed, count, of } = data.fixed;
  const isPatterned = count < data.rows;
  if (isPatterned) classes.refine(of);
  const matrices = isPatterned
    ? data.groups
    : [{ values: fixed, columns: data.fixedColumns }, ...data.groups];
  for (const { values, columns } of matrices) {
    for (let column = 0; column < columns; column++) {
      classes.refine(values, columns, column, 0.9 * data.rows);
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
  const y = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let row = 0; row < data.rows; row++) {
    const place = of[row]!;
    y[place] = data.family === "cumulative" ? data.y[row]! : y[place]! + data.y[row]!;
    weights[place] = weights[place]! + data.weights[row]!;
  }
  return { ...takeDataRows(data, classes.firstRows()), y, weights };
}
