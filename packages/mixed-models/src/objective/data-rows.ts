// A model's data by their rows: some of them, and those of a group's levels.
import { takePatterns, takeRows } from "../numerics/patterns";
import type { ModelData, RandomGroup } from "./model-data";
import { takeNominal } from "./nominal-columns";

/** Some rows of a model's data, in the order given; groups keep their levels, also those that no row has. */
export function takeDataRows(data: ModelData, rows: Int32Array): ModelData {
  return {
    ...data,
    rows: rows.length,
    y: takeRows(data.y, 1, rows),
    weights: takeRows(data.weights, 1, rows),
    fixed: takePatterns(data.fixed, data.fixedColumns, rows),
    ...(data.offset ? { offset: takeRows(data.offset, 1, rows) } : {}),
    ...(data.nominal ? { nominal: takeNominal(data.nominal, rows) } : {}),
    groups: data.groups.map((group) => ({
      ...group,
      index: rows.map((row) => group.index[row]!),
      values: takeRows(group.values, group.columns, rows),
    })),
  };
}

/** The rows of each level of a group, ascending. */
export function rowsOfLevels({ index, levels }: RandomGroup): number[][] {
  const rows = Array.from({ length: levels }, (): number[] => []);
  for (const [row, level] of index.entries()) rows[level]!.push(row);
  return rows;
}
