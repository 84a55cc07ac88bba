import type { RandomDesign } from "../design/random-design";
import type { FactorEntry, RandomGroup } from "../objective/model-data";

/** A random term as it appears in a formula, and its place among the columns of its group. */
interface TermPlace {
  readonly group: string;
  readonly names: readonly string[];
  readonly levels: readonly string[];
  /** Place of the group in `groups`, and of the term's first column in it. */
  readonly groupIndex: number;
  readonly offset: number;
}

/** The random part of a model: terms in lme4's order, and one group for each grouping factor. */
export interface ModelGroups {
  readonly groups: readonly RandomGroup[];
  readonly terms: readonly TermPlace[];
}

/**
 * Brings the terms of a formula into lme4's order (most levels first) and joins those that share a grouping
 * factor, so that their columns are eliminated together; terms stay uncorrelated with each other.
 *
 * @param rows number of rows.
 */
export function joinGroups(designs: readonly RandomDesign[], rows: number): ModelGroups {
  const ordered = [...designs].sort((left, right) => right.levels.length - left.levels.length);
  const names = [...new Set(ordered.map(({ group }) => group))];
  const terms: TermPlace[] = [];
  const groups = names.map((name, groupIndex) => {
    const members = ordered.filter(({ group }) => group === name);
    const columns = members.reduce((sum, member) => sum + member.names.length, 0);
    const entries: FactorEntry[] = [];
    let offset = 0;
    for (const { names: effects, levels, group } of members) {
      terms.push({ group, names: effects, levels, groupIndex, offset });
      entries.push(...triangle(offset, effects.length));
      offset += effects.length;
    }
    const [first] = members as [RandomDesign];
    const values = joinColumns(members, rows, columns);
    return { name, levels: first.levels.length, columns, index: first.index, values, entries };
  });
  return { groups, terms };
}

/** The names of a group's columns: those of its terms, one after the other. */
export function columnNames({ terms }: ModelGroups, groupIndex: number): string[] {
  return terms.filter((term) => term.groupIndex === groupIndex).flatMap((term) => term.names);
}

// The lower triangle of one term, column by column, as lme4 orders theta.
function triangle(offset: number, size: number): FactorEntry[] {
  const entries: FactorEntry[] = [];
  for (let column = 0; column < size; column++) {
    for (let row = column; row < size; row++) {
      entries.push({ row: offset + row, column: offset + column });
    }
  }
  return entries;
}

function joinColumns(
  members: readonly RandomDesign[],
  rows: number,
  columns: number,
): Float64Array {
  if (members.length === 1) return members[0]!.Z;
  const values = new Float64Array(rows * columns);
  let offset = 0;
  for (const { Z, names } of members) {
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < names.length; i++) {
        values[row * columns + offset + i] = Z[row * names.length + i]!;
      }
    }
    offset += names.length;
  }
  return values;
}
