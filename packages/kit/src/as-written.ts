/**
 * Under this key, a table that was read from a file gives the cells of a column as labels: trimmed, as they are written,
 * null where missing. Identifiers compare so; as numbers, two of them may be equal.
 */
export const AS_WRITTEN: unique symbol = Symbol("cells as written");

/** A table that may know how its cells are written. */
export interface WrittenTable {
  readonly [AS_WRITTEN]?: (column: string) => readonly (string | null)[] | undefined;
}
