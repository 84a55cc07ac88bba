import type { MetaData } from "../meta/meta-data";
import type { GroupWeights } from "../meta/result";
import { didYouMean } from "../mixed/formula/nearest-name";
import { readQuotedRecords } from "../tables/quoted-records";
import { readCsvTable } from "../tables/read-columns";
import { UserError } from "../user-error";

/** Which columns of a CSV file hold what. */
export interface MetaColumns {
  readonly data: string;
  readonly effect: string;
  readonly variance?: string;
  readonly covariance?: string;
  readonly moderators?: string;
  readonly groups?: string;
  readonly labels?: string;
}

/** A place in the design for which a next effect is predicted. */
export interface PredictedRow {
  readonly name: string;
  readonly weights: readonly number[];
  readonly groups: GroupWeights;
}

/** A meta-analysis as a file describes it. */
export interface MetaTable {
  readonly data: MetaData;
  readonly labels: readonly string[];
  readonly variances: readonly number[];
  readonly predicted: readonly PredictedRow[];
}

type Table = Readonly<Record<string, readonly unknown[]>>;

/** One column of moderators: a number a row, or one of several levels. */
interface Moderator {
  readonly name: string;
  readonly cells: readonly unknown[];
  /** In alphabetical order; none for numbers. */
  readonly levels: readonly string[];
}

/**
 * Reads a meta-analysis from CSV files.
 *
 * @throws UserError where a file, a column or a cell is missing or holds no number.
 */
export async function readMetaTable(columns: MetaColumns): Promise<MetaTable> {
  const { data: path } = columns;
  const table = await readCsvTable(path);
  const effects = readNumbers(path, table, columns.effect);
  const labels = readLabels(path, table, columns.labels, effects.length);
  const covariance = await readCovariance(columns, table, labels);
  const groups = columns.groups ? readTexts(path, table, columns.groups) : undefined;
  const design = readDesign(path, table, columns.moderators ?? "", effects.length);
  const grouped = groups ? { groups } : {};
  return {
    data: { effects, covariance, moderators: design, labels, ...grouped },
    labels,
    variances: covariance.map((row, at) => (typeof row === "number" ? row : (row[at] ?? 0))),
    predicted: listPredicted(design.moderators, design.hasIntercept, groups, effects.length),
  };
}

function cellsOf(path: string, table: Table, column: string): readonly unknown[] {
  const cells = table[column];
  if (!cells) {
    const known = Object.keys(table);
    const hint = didYouMean(column, known);
    throw new UserError(`${path}: has no column '${column}'; it has ${known.join(", ")}${hint}`);
  }
  const blank = cells.indexOf(null);
  if (blank < 0) return cells;
  throw new UserError(
    `${path}: row ${blank + 1} has no '${column}'; fill it in, or leave the row out`,
  );
}

function readNumbers(path: string, table: Table, column: string): number[] {
  return cellsOf(path, table, column).map((cell, at) => {
    const number = Number(cell);
    if (Number.isFinite(number)) return number;
    throw new UserError(
      `${path}: row ${at + 1} has '${cell}' in '${column}'; it should be a number`,
    );
  });
}

function readTexts(path: string, table: Table, column: string): string[] {
  return cellsOf(path, table, column).map(String);
}

function readLabels(path: string, table: Table, column: string | undefined, size: number) {
  if (!column) return Array.from({ length: size }, (_, at) => `row ${at + 1}`);
  const labels = readTexts(path, table, column);
  const twice = labels.findIndex((label, at) => labels.indexOf(label) !== at);
  if (twice < 0) return labels;
  throw new UserError(
    `${path}: row ${twice + 1} has the label '${labels[twice]}' of row ${labels.indexOf(labels[twice] as string) + 1}; give each effect a name of its own`,
  );
}

async function readCovariance(
  { data, variance, covariance }: MetaColumns,
  table: Table,
  labels: readonly string[],
): Promise<number[] | number[][]> {
  if ((variance === undefined) === (covariance === undefined)) {
    throw new UserError("give either --variance (a column) or --covariance (a file), one of them");
  }
  if (covariance !== undefined) return readMatrix(covariance, labels);
  const variances = readNumbers(data, table, variance as string);
  const bad = variances.findIndex((value) => value <= 0);
  if (bad < 0) return variances;
  throw new UserError(
    `${data}: row ${bad + 1} has ${variances[bad]} in '${variance}'; a variance should be above 0`,
  );
}

async function readMatrix(path: string, labels: readonly string[]): Promise<number[][]> {
  const rows: number[][] = [];
  const remedy = `should be ${labels.length} x ${labels.length}, with or without a header`;
  for await (const record of readQuotedRecords(path)) {
    const { line, cells } = record;
    const numbers = cells.map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
    if (line === 1 && numbers.every(Number.isNaN)) {
      requireOrder(path, cells, labels);
      continue;
    }
    if (cells.length !== labels.length) {
      throw new UserError(
        `${path}:${line}: has ${cells.length} numbers for ${labels.length} effects; it ${remedy}`,
      );
    }
    const bad = numbers.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new UserError(
        `${path}:${line}: has '${cells[bad]}' in column ${bad + 1}; it should be a number`,
      );
    }
    rows.push(numbers);
  }
  if (rows.length === labels.length) return rows;
  throw new UserError(
    `${path}: has ${rows.length} rows for ${labels.length} effects; it ${remedy}`,
  );
}

// A header of other names, such as R's V1, V2, says nothing about the order.
function requireOrder(path: string, names: readonly string[], labels: readonly string[]): void {
  const other = names.findIndex((name, at) => name !== labels[at] && labels.includes(name));
  if (other < 0) return;
  throw new UserError(
    `${path}: column ${other + 1} is '${names[other]}' where effect ${other + 1} is '${labels[other]}'; bring both into one order`,
  );
}

/** Treatment contrasts against the first level, or a column a level for the first factor without an intercept. */
function readDesign(path: string, table: Table, formula: string, size: number) {
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
      const cells = cellsOf(path, table, name);
      return { name, cells, levels: levelsOf(path, name, cells) };
    });
  const rows = Array.from({ length: size }, (_, row) =>
    codeRow(moderators, hasIntercept, ({ cells }) => cells[row]),
  );
  return { names: nameColumns(moderators, hasIntercept), rows, moderators, hasIntercept };
}

function levelsOf(path: string, name: string, cells: readonly unknown[]): string[] {
  const words = cells.filter((cell) => !Number.isFinite(Number(cell)));
  if (words.length === 0) return [];
  if (words.length < cells.length / 2) {
    throw new UserError(
      `${path}: row ${cells.indexOf(words[0]) + 1} has '${words[0]}' in '${name}', where most cells are numbers; mend it, or give all of them letters`,
    );
  }
  return [...new Set(cells.map(String))].sort();
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

// Every level of every factor, with numbers at their means and other factors' levels weighing alike; in every group
// that has such an effect. Without a factor, every group at the means.
function listPredicted(
  moderators: readonly Moderator[],
  hasIntercept: boolean,
  groups: readonly string[] | undefined,
  size: number,
): PredictedRow[] {
  const factors = moderators.filter(({ levels }) => levels.length > 0);
  const places = factors.flatMap((factor) => factor.levels.map((level) => ({ factor, level })));
  const groupOf = groups ?? Array.from({ length: size }, () => "all");
  return (places.length > 0 ? places : [undefined]).flatMap((place) => {
    const found = groupOf.filter((_, row) => !place || place.factor.cells[row] === place.level);
    const weights = codeRow(moderators, hasIntercept, (moderator) => {
      if (moderator === place?.factor) return place.level;
      return moderator.levels.length > 0 ? undefined : meanOf(moderator.cells);
    });
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

function meanOf(cells: readonly unknown[]): number {
  return cells.reduce<number>((sum, cell) => sum + Number(cell), 0) / cells.length;
}
