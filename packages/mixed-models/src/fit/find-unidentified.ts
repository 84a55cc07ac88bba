// Variances that the data cannot tell from something else: the criterion is flat in them, and an estimate of one is where
// the search began.
import { UserError } from "kit";
import type { Design } from "../design/design";
import type { RandomDesign } from "../design/random-design";
import { independentColumns } from "../numerics/independent-columns";
import { rowOf } from "../numerics/matrices";
import type { Family } from "../objective/model-data";

/**
 * Refuses models whose variances cannot be estimated, as lme4 does: as many random effects as rows, a response that does
 * not vary within groups, random effects that are also fixed effects.
 *
 * @throws UserError naming the term and what to write instead.
 */
export function refuseUnidentified(design: Design, family: Family, isReml: boolean): void {
  for (const term of design.random) {
    if (term.levels.length < 2) {
      throw new UserError(
        `the grouping factor '${term.group}' has one level; it needs two at least`,
      );
    }
    if (family !== "gaussian") continue;
    refuseAsManyAsRows(term, design.rows);
    refuseConstant(term, design);
    const column = isReml ? fixedToo(term, design) : undefined;
    if (column !== undefined)
      throw new UserError(`${alsoFixed(term, column)}; leave one of them out`);
  }
}

/** What the reader of a fit must know of its variances: terms that group the rows alike, random effects that are also fixed. */
export function findUnidentified(design: Design): string[] {
  const { random } = design;
  const doubled = random.flatMap((one, place) =>
    random.slice(place + 1).flatMap((other) => {
      const names = sharedColumns(one, other);
      return names.length === 0 ? [] : [sameGroups(one, other, names)];
    }),
  );
  const fixed = random.flatMap((term) => {
    const column = fixedToo(term, design);
    if (column === undefined) return [];
    const said = alsoFixed(term, column);
    return [`${said.charAt(0).toUpperCase()}${said.slice(1)}. Leave one of them out.`];
  });
  return [...doubled, ...fixed];
}

function refuseAsManyAsRows({ group, levels, names }: RandomDesign, rows: number): void {
  const effects = levels.length * names.length;
  if (effects < rows) return;
  const simpler = names.length > 1 ? `, such as (1 | ${group})` : "";
  throw new UserError(
    `(${termOf(names)} | ${group}) has ${effects} random effects for ${rows} rows; their variances cannot be told ` +
      `from the residual variance: use fewer${simpler}`,
  );
}

// Without anything left for the residual variance the likelihood has no maximum.
function refuseConstant({ group, levels, index, names }: RandomDesign, { response }: Design): void {
  if (!names.includes("(Intercept)")) return;
  const first = new Float64Array(levels.length).fill(Number.NaN);
  for (const [row, level] of index.entries()) {
    if (Number.isNaN(first[level])) first[level] = response.y[row]!;
    else if (first[level] !== response.y[row]) return;
  }
  throw new UserError(
    `the response ${response.name} does not vary within the levels of '${group}', so that nothing is left for the ` +
      "residual variance; keep one row a level, without that random effect",
  );
}

function sameGroups(one: RandomDesign, other: RandomDesign, names: readonly string[]): string {
  return (
    `(${termOf(one.names)} | ${one.group}) and (${termOf(other.names)} | ${other.group}) group the rows alike: the data ` +
    `tell the sum of their variances of ${names.join(", ")}, not which is which. Leave one out.`
  );
}

function alsoFixed({ group, names }: RandomDesign, column: number): string {
  return (
    `the fixed effects tell the levels of '${group}' apart already, so that the variance of ${names[column]} between them ` +
    "cannot be estimated"
  );
}

function termOf(names: readonly string[]): string {
  return names.map((name) => (name === "(Intercept)" ? "1" : name)).join(" + ");
}

// Columns that two terms share, where their groups are one to one.
function sharedColumns(one: RandomDesign, other: RandomDesign): string[] {
  if (one.levels.length !== other.levels.length) return [];
  const partner = new Int32Array(one.levels.length).fill(-1);
  for (const [row, level] of one.index.entries()) {
    if (partner[level] === -1) partner[level] = other.index[row]!;
    else if (partner[level] !== other.index[row]) return [];
  }
  if (new Set(partner).size < partner.length) return [];
  const rows = one.index.length;
  return one.names.filter((_, column) =>
    other.names.some((_, otherColumn) => {
      for (let row = 0; row < rows; row++) {
        const [left, right] = [
          one.names.length * row + column,
          other.names.length * row + otherColumn,
        ];
        if (one.Z[left] !== other.Z[right]) return false;
      }
      return true;
    }),
  );
}

/**
 * Finds a column of a random term whose effects are combinations of the fixed ones: any combination of its levels, such
 * as one with weights that have nothing to do with each other, lies in the space of the fixed effects' columns.
 */
function fixedToo(
  { levels, names, index, Z }: RandomDesign,
  { fixed }: Design,
): number | undefined {
  const width = fixed.names.length;
  if (levels.length > width) return undefined;
  const { values, count, of } = fixed.patterns;
  const found = names.findIndex((_, column) => {
    const combined = new Float64Array(count).fill(Number.NaN);
    for (const [row, pattern] of of.entries()) {
      const value = Math.sin(1 + index[row]! * 1.7) * Z[row * names.length + column]!;
      if (Number.isNaN(combined[pattern])) combined[pattern] = value;
      else if (combined[pattern] !== value) return false;
    }
    const matrix = new Float64Array(count * (width + 1));
    for (let row = 0; row < count; row++) {
      matrix.set(rowOf(values, row, width), row * (width + 1));
      matrix[row * (width + 1) + width] = combined[row]!;
    }
    return !independentColumns(matrix, count, width + 1).includes(width);
  });
  return found < 0 ? undefined : found;
}
