import { UserError } from "kit";
import type { RandomTerm } from "mixed-models/meta";
import { readTexts, type Table } from "./meta-cells";

/**
 * Reads random terms as R writes them: `publication/model` is a term for publications and one for models within them,
 * `family | publication` a variance for each family, and `+` or a comma joins terms. `~` and `1 |` are understood.
 *
 * @throws UserError if a term is empty or no such thing, or a column is missing.
 */
export function readRandomTerms(path: string, table: Table, text: string): RandomTerm[] {
  return text
    .replace(/[~()]/g, " ")
    .split(/[,+]/)
    .flatMap((part) => readTerm(path, table, part.trim()));
}

function readTerm(path: string, table: Table, part: string): RandomTerm[] {
  const sides = part.split("|").map((side) => side.trim());
  const [by, groups = ""] = sides.length === 2 ? sides : ["1", part];
  const columns = groups.split("/").map((name) => name.trim());
  if (sides.length > 2 || by === "" || columns.includes("")) {
    throw new UserError(
      `--random: '${part}' is no term; write columns such as publication, publication/model, or family | publication`,
    );
  }
  const levels = by === undefined || by === "1" ? {} : { by: readTexts(path, table, by) };
  const cells = columns.map((name) => readTexts(path, table, name));
  return columns.map((_, depth) => ({
    name: columns.slice(0, depth + 1).join("/"),
    groups: joinLabels(cells.slice(0, depth + 1)),
    ...levels,
  }));
}

// Labels of nested groups, of which no two are alike by how they are joined.
function joinLabels(cells: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = cells;
  if (others.length === 0) return [...first];
  return first.map((_, row) => JSON.stringify(cells.map((column) => column[row])));
}
