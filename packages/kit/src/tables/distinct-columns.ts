import { UserError } from "../user-error";

/**
 * Refuses a header that names a column twice, of which one would hide the other.
 *
 * @param place of the header, for the message.
 * @returns the header.
 * @throws UserError naming the column.
 */
export function distinctColumns(place: string, columns: readonly string[]): string[] {
  const seen = new Set<string>();
  for (const column of columns) {
    if (seen.has(column)) {
      const which = column === "" ? "without a name" : `named '${column}'`;
      throw new UserError(`${place}: has two columns ${which}; rename one`);
    }
    seen.add(column);
  }
  return [...columns];
}
