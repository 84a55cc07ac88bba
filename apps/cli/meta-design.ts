import { UserError } from "kit";
import { compareTexts } from "mixed-models";
import type { GroupWeights } from "mixed-models/meta";
import { cellsOf, readNumbers, readTexts, type Table } from "./meta-cells";

/** A place in the design for which a next effect is predicted. */
export interface PredictedRow {
  readonly name: string;
  readonly weights: readonly number[];
  readonly groups: GroupWeights;
}

/** One column of moderators: a number a row, or one of several levels. */
interface Moderator {
  readonly name: string;
  readonly cells: readonly unknown[];
  /** In alphabetical order; none for numbers. */
  readonly levels: readonly string[];
}

/** A design, and what it is made of. */
export interface MetaDesign {
  readonly names: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly moderators: readonly Moderator[];
  readonly hasIntercept: boolean;
}

/** Treatment contrasts against the first level, or a column a level for the first factor without an intercept. */
export function readDesign(path: string, table: Table, formula: string, size: number): MetaDesign {
  const terms = formula
    .replace(/^\s*~/, "")
    .split(/[,+]/)
    .map((term) => term.trim())
    .filter((term) => term !== "" && term !== "1");
  const hasIntercept = !terms.includes("0");
  const twice = terms.find((term, at) => terms.indexOf(term) !== at);
  if (twice !== undefined) throw new UserError(`--moderators names '${twice}' twice; name it once`);
  const moderators = terms
    .filter((term) => term !== "0")
    .map((name): Moderator => {
      const column = /^(?:as\.)?factor\((.+)\)$/.exec(name)?.[1];
      const cells = column ? readTexts(path, table, column.trim()) : cellsOf(path, table, name);
      const levels = levelsOf(cells);
      return { name, cells: levels.length > 0 ? cells : readNumbers(path, table, name), levels };
    });
  const rows = Array.from({ length: size }, (_, row) =>
    codeRow(moderators, hasIntercept, ({ cells }) => cells[row]),
  );
  return { names: nameColumns(moderators, hasIntercept), rows, moderators, hasIntercept };
}

function levelsOf(cells: readonly unknown[]): string[] {
  if (cells.every((cell) => typeof cell === "number")) return [];
  return [...new Set(cells.map(String))].sort(compareTexts);
}

function nameColumns(moderators: readonly Moderator[], hasIntercept: boolean): string[] {
  const coded = codedLevels(moderators, hasIntercept);
  const own = moderators.flatMap(({ name, levels }, at) =>
    levels.length === 0 ? [name] : (coded[at] ?? []).map((level) => `${name}${level}`),
  );
  return hasIntercept ? ["intercept", ...own] : own;
}

// The levels that have a column, factor by factor.
function codedLevels(moderators: readonly Moderator[], hasIntercept: boolean): string[][] {
  const full = hasIntercept ? -1 : moderators.findIndex(({ levels }) => levels.length > 0);
  return moderators.map(({ levels }, at) => levels.slice(at === full ? 0 : 1));
}

/** A row of the design; where a factor has no cell, its levels weigh alike. */
function codeRow(
  moderators: readonly Moderator[],
  hasIntercept: boolean,
  cellOf: (moderator: Moderator) => unknown,
): number[] {
  const coded = codedLevels(moderators, hasIntercept);
  const own = moderators.flatMap((moderator, at) => {
    const cell = cellOf(moderator);
    const { levels } = moderator;
    if (levels.length === 0) return [Number(cell)];
    return (coded[at] ?? []).map((level) => {
      if (cell === undefined) return 1 / levels.length;
      return String(cell) === level ? 1 : 0;
    });
  });
  return hasIntercept ? [1, ...own] : own;
}

/**
 * Lists where next effects are predicted: at every level of every factor, with numbers at their means and other factors'
 * levels weighing alike, in every group that has such an effect; without a factor, in every group at the means.
 */
export function listPredicted(
  design: MetaDesign,
  groups: readonly string[] | undefined,
  size: number,
): PredictedRow[] {
  const factors = design.moderators.filter(({ levels }) => levels.length > 0);
  const places = factors.flatMap((factor) => factor.levels.map((level) => ({ factor, level })));
  const groupOf = groups ?? Array.from({ length: size }, () => "all");
  return (places.length > 0 ? places : [undefined]).flatMap((place) => {
    const found = groupOf.filter((_, row) => !place || place.factor.cells[row] === place.level);
    const weights = rowAt(design, place?.factor, place?.level);
    const kinds = [...new Set(found)];
    return kinds.map((group) => {
      const name = place ? `${place.factor.name} ${place.level}` : "";
      const own = kinds.length > 1 || (!place && groups) ? group : "";
      const parts = [name, own === "" || own === place?.level ? "" : `group ${own}`];
      const shown = parts.filter((part) => part !== "").join(", ") || "all effects";
      return { name: shown, weights, groups: { [group]: 1 } };
    });
  });
}

/** The row of the design at a moderator's value, with other numbers at their means and other factors' levels weighing alike. */
export function rowAt(
  { moderators, hasIntercept }: MetaDesign,
  of?: Moderator,
  value?: unknown,
): number[] {
  return codeRow(moderators, hasIntercept, (moderator) => {
    if (moderator === of) return value;
    return moderator.levels.length > 0 ? undefined : meanOf(moderator.cells);
  });
}

function meanOf(cells: readonly unknown[]): number {
  return cells.reduce<number>((sum, cell) => sum + Number(cell), 0) / cells.length;
}
