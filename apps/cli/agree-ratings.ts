import { UserError } from "kit";
import { type CsvTable, labelsOf } from "kit/tables";
import type { Rating, UnitRating } from "mixed-models/agreement";

/** How ratings lie in a table: a row a rating, or a row a unit and a column a rater. */
export interface LayoutFlags {
  readonly data: string;
  readonly unit?: string;
  readonly rater?: string;
  readonly value?: readonly string[];
  readonly raters?: readonly string[];
  readonly wide?: readonly string[];
  readonly replicates?: string;
}

/** One kind of ratings. */
export interface RatedValue {
  /** The column, or `ratings` of a wide table. */
  readonly value: string;
  /** One row a unit, one column a rater; none where raters rated units several times. */
  readonly ratings: readonly (readonly Rating[])[];
  /** A row a rating that was given. */
  readonly rows: readonly (Omit<UnitRating, "rating"> & { readonly rating: Rating })[];
}

/** A table's ratings. */
interface TableRatings {
  readonly raters: readonly string[];
  readonly values: readonly RatedValue[];
}

/**
 * Refuses columns that do not say how ratings lie in a table, before it is read.
 *
 * @throws UserError naming what is missing.
 */
export function checkLayout({ wide, unit, rater, value }: LayoutFlags): void {
  if (wide && wide.length < 2) {
    throw new UserError("--wide names one column only; agreement needs the columns of two raters");
  }
  if (wide || (unit !== undefined && rater !== undefined && value)) return;
  throw new UserError(
    "say where the ratings are: --unit, --rater and --value where each row is a rating, or --wide with the raters' columns where each row is a unit",
  );
}

/**
 * Reads a table's ratings.
 *
 * @throws UserError for a column that is not there, a name that is missing, a second rating, or a rating that is infinite.
 */
export function readRatings(table: CsvTable, flags: LayoutFlags): TableRatings {
  const { data, wide, unit, rater, value = [], replicates } = flags;
  const asked = [unit, ...(wide ?? [rater, replicates, ...value])];
  for (const column of asked) {
    if (column === undefined || Object.hasOwn(table, column)) continue;
    const known = Object.keys(table).join(", ");
    throw new UserError(`${data}: has no column '${column}'; it has ${known}`);
  }
  if (wide) return readWide(table, wide, flags);
  const raters = chooseRaters(table, flags);
  return { raters, values: value.map((one) => readLong(table, one, raters, flags)) };
}

function readWide(
  table: CsvTable,
  raters: readonly string[],
  { data, unit }: LayoutFlags,
): TableRatings {
  const twice = raters.find((name, at) => raters.indexOf(name) !== at);
  if (twice !== undefined) throw new UserError(`--wide names '${twice}' twice; name each once`);
  const columns = raters.map((name) => table[name] as Rating[]);
  for (const [at, name] of raters.entries()) refuseInfinite(columns[at] as Rating[], name, data);
  refuseMixture(columns, raters, data);
  const units = unit === undefined ? undefined : unitsOf(table, unit, data);
  const ratings = (columns[0] as Rating[]).map((_, row) =>
    columns.map((column) => column[row] ?? null),
  );
  const rows = ratings.flatMap((row, at) => rowsOf(units?.[at] ?? `row ${at + 1}`, raters, row));
  return { raters, values: [{ value: "ratings", ratings, rows }] };
}

function unitsOf(table: CsvTable, unit: string, data: string): readonly string[] {
  const seen = new Map<string, number>();
  return labelsOf(table, unit).map((id, at) => {
    if (id === null) throw new UserError(`${data}: row ${at + 1} has no '${unit}'; fill it in`);
    const first = seen.get(id);
    if (first !== undefined) {
      throw new UserError(
        `${data}: rows ${first} and ${at + 1} are both '${id}'; keep one row of each '${unit}'`,
      );
    }
    seen.set(id, at + 1);
    return id;
  });
}

function rowsOf(unit: string, raters: readonly string[], ratings: readonly Rating[]) {
  return ratings.flatMap((rating, at) =>
    rating === null ? [] : [{ unit, rater: raters[at] as string, rating }],
  );
}

// Of a column of numbers beside one of words, the numbers would be names.
function refuseMixture(
  columns: readonly Rating[][],
  raters: readonly string[],
  data: string,
): void {
  const holds = (kind: string) =>
    raters.find((_, at) => columns[at]?.some((rating) => typeof rating === kind));
  const [numbers, words] = [holds("number"), holds("string")];
  if (numbers === undefined || words === undefined) return;
  throw new UserError(
    `${data}: column '${numbers}' holds numbers, and '${words}' words; write all raters' columns alike`,
  );
}

// One name in two forms of Unicode is one rater.
function namesOf(table: CsvTable, rater: string): (string | null)[] {
  return labelsOf(table, rater).map((name) => name?.normalize() ?? null);
}

function chooseRaters(table: CsvTable, { data, rater = "", raters }: LayoutFlags): string[] {
  const names = namesOf(table, rater);
  const unnamed = names.indexOf(null);
  if (unnamed >= 0)
    throw new UserError(`${data}: row ${unnamed + 1} has no '${rater}'; fill it in`);
  const twice = raters?.find((name, at) => raters.indexOf(name) !== at);
  if (twice !== undefined) throw new UserError(`--raters names '${twice}' twice; name each once`);
  const found = [...new Set(names.map(String))];
  const unknown = raters?.find((name) => !found.includes(name));
  if (unknown) {
    throw new UserError(
      `${data}: has no rater '${unknown}' in '${rater}'; it has ${found.join(", ")}`,
    );
  }
  const chosen = raters ? [...raters] : found;
  if (chosen.length >= 2) return chosen;
  throw new UserError(`${data}: '${rater}' names one rater only; agreement needs two`);
}

/** Lays one column of ratings out as one row a unit, one column a rater, and as a row a rating. */
function readLong(
  table: CsvTable,
  value: string,
  raters: readonly string[],
  { data, unit = "", rater = "", replicates }: LayoutFlags,
): RatedValue {
  const laid = new Map<string, Rating[]>();
  const rows: RatedValue["rows"][number][] = [];
  const [units, given] = [labelsOf(table, unit), table[value] as Rating[]];
  const replicate = replicates === undefined ? undefined : labelsOf(table, replicates);
  const seen = new Set<string>();
  refuseInfinite(given, value, data);
  for (const [at, name] of namesOf(table, rater).entries()) {
    const column = raters.indexOf(String(name));
    if (column === -1) continue;
    const id = units[at] ?? null;
    if (id === null) throw new UserError(`${data}: row ${at + 1} has no '${unit}'; fill it in`);
    const rating = given[at] as Rating;
    const row = laid.get(id) ?? raters.map(() => null);
    laid.set(id, row);
    if (rating === null) continue;
    const key = JSON.stringify([id, name, replicate?.[at] ?? null]);
    if (seen.has(key)) {
      const which = replicate ? ` with the same '${replicates}'` : "";
      const remedy = replicate ? "" : ", or number them in a column for --replicates";
      throw new UserError(
        `${data}: row ${at + 1}: ${name} rates '${id}' a second time${which}; keep one rating of each rater${remedy}`,
      );
    }
    seen.add(key);
    row[column] = rating;
    rows.push({ unit: id, rater: raters[column] as string, rating });
  }
  return { value, ratings: replicate ? [] : [...laid.values()], rows };
}

function refuseInfinite(ratings: readonly Rating[], value: string, data: string): void {
  const row = ratings.findIndex((rating) => Math.abs(Number(rating)) === Number.POSITIVE_INFINITY);
  if (row < 0) return;
  throw new UserError(
    `${data}: row ${row + 1} of '${value}' is infinite; correct it, or leave it empty`,
  );
}
