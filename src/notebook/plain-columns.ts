import type { DataFrame } from "./html-table";

/**
 * Takes from the names of columns what danfojs adds to them in groups, such as `_mean`.
 *
 * @example
 * plainColumns({ columns: ["who", "words_mean", "replies_sum"], values: [] }).columns; // => ["who", "words", "replies"]
 */
export function plainColumns({ columns, values }: DataFrame): DataFrame {
  return { columns: columns.map((name) => name.replace(/_(mean|sum|count|min|max)$/, "")), values };
}
