import { categoriesOf, type Rating, type Ratings } from "./ratings";
import { measureOn, type Weighting } from "./weighting";

/**
 * How often each kind of unit occurs: units that have the same ratings in the same order are of one kind. However many units
 * there are, a scale of few steps leaves few kinds.
 */
export interface UnitCounts {
  /** Every rating that was given, once each; numbers in their order. */
  readonly categories: readonly Exclude<Rating, null>[];
  /** The ratings of each kind, as positions among the categories; missing ones are left out. */
  readonly kinds: readonly Int32Array[];
  /** Number of units of each kind. */
  readonly counts: Float64Array;
  /** The kind of each unit. */
  readonly kindOf: Int32Array;
}

/** Ratings as positions among the categories: one list a rater, -1 where a rating is missing. */
interface CodedRatings {
  readonly categories: UnitCounts["categories"];
  readonly columns: readonly Int32Array[];
}

/** Counts units by their ratings. */
export function countUnits(ratings: Ratings): UnitCounts {
  return countCoded(codeRatings(ratings));
}

/** Lays ratings out by rater, as positions among the categories. */
export function codeRatings(ratings: Ratings): CodedRatings {
  const categories = categoriesOf(ratings);
  const codes = new Map<Rating, number>(categories.map((category, at) => [category, at]));
  const raters = ratings.reduce((most, { length }) => Math.max(most, length), 0);
  const columns = Array.from({ length: raters }, (_, rater) =>
    Int32Array.from(ratings, (unit) => codes.get(unit[rater] ?? null) ?? -1),
  );
  return { categories, columns };
}

/** Counts the units that two raters both rated. */
export function countPairs(coded: CodedRatings, one: number, other: number): UnitCounts {
  const chosen = [coded.columns[one], coded.columns[other]] as [Int32Array, Int32Array];
  const [first, second] = chosen;
  const rated = first.map((code, unit) => (code < 0 || (second[unit] as number) < 0 ? 0 : 1));
  const columns = chosen.map((codes) => codes.filter((_, unit) => rated[unit] === 1));
  const { categories, kinds, ...counts } = countCoded({ ...coded, columns });
  const used = new Set(kinds.flatMap((kind) => [...kind]));
  const kept = categories.filter((_, code) => used.has(code));
  const position = new Map([...used].sort((a, b) => a - b).map((code, at) => [code, at]));
  const recode = (code: number) => position.get(code) as number;
  return { categories: kept, kinds: kinds.map((kind) => kind.map(recode)), ...counts };
}

/** The ratings of each kind of unit. */
export function ratingsOfKinds({ categories, kinds }: UnitCounts): Exclude<Rating, null>[][] {
  return kinds.map((kind) => Array.from(kind, (code) => categories[code] as Exclude<Rating, null>));
}

function countCoded({ categories, columns }: CodedRatings): UnitCounts {
  const kinds: Int32Array[] = [];
  const counts: number[] = [];
  const known = new Map<string | number, number>();
  const keyOf = keyMaker(columns, categories.length + 1);
  const kindOf = new Int32Array(columns[0]?.length ?? 0);
  for (let unit = 0; unit < kindOf.length; unit++) {
    const key = keyOf(unit);
    let kind = known.get(key);
    if (kind === undefined) {
      const codes = columns.map((column) => column[unit] as number);
      kind = kinds.push(Int32Array.from(codes.filter((code) => code >= 0))) - 1;
      known.set(key, kind);
      counts.push(0);
    }
    (counts[kind] as number)++;
    kindOf[unit] = kind;
  }
  return { categories, kinds, counts: Float64Array.from(counts), kindOf };
}

// A number where it can be one, which is looked up faster.
function keyMaker(columns: readonly Int32Array[], base: number): (unit: number) => string | number {
  if (base ** columns.length > Number.MAX_SAFE_INTEGER) {
    return (unit) => columns.map((column) => column[unit]).join(" ");
  }
  return (unit) => {
    let key = 0;
    for (const column of columns) key = key * base + (column[unit] as number) + 1;
    return key;
  };
}

/**
 * Sums the disagreements of every rating of one rater with every rating of another, or of all ratings with each other, both ways.
 *
 * Nominal, linear and quadratic ones take time in proportion to the number of values, the others to its square.
 *
 * @param values in rising order.
 * @param rows how often the one gave each of them, and `columns` the other; the same array for all ratings.
 * @returns exactly 0 where all ratings are the same.
 */
export function sumAcross(
  values: readonly Rating[],
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  weighting: Weighting,
): number {
  let [count, others, equal, used] = [0, 0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    const [row, column] = [rows[at] as number, columns[at] as number];
    count += row;
    others += column;
    equal += row * column;
    if (row + column > 0) used++;
  }
  if (used < 2) return 0;
  if (weighting === "nominal") return count * others - equal;
  const numbers = values as readonly number[];
  if (weighting === "linear") return sumDistances(numbers, rows, columns, count, others);
  if (weighting === "quadratic") return sumSquares(numbers, rows, columns, count, others);
  return sumPairs(values, rows, columns, weighting);
}

function sumPairs(
  values: readonly Rating[],
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  weighting: Weighting,
): number {
  const measure = measureOn(values, weighting);
  let sum = 0;
  for (const [at, value] of values.entries()) {
    const row = rows[at] as number;
    if (row === 0) continue;
    for (const [to, other] of values.entries()) {
      sum += row * (columns[to] as number) * measure(value, other);
    }
  }
  return sum;
}

/** By the gaps between neighbouring values: how many pairs of ratings each of them parts. */
function sumDistances(
  values: readonly number[],
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  count: number,
  others: number,
): number {
  let [sum, row, column] = [0, 0, 0];
  for (let at = 0; at + 1 < values.length; at++) {
    row += rows[at] as number;
    column += columns[at] as number;
    const parted = row * (others - column) + (count - row) * column;
    sum += parted * ((values[at + 1] as number) - (values[at] as number));
  }
  return sum;
}

/** By the sums of squares about both means, and the means' distance. */
function sumSquares(
  values: readonly number[],
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
  count: number,
  others: number,
): number {
  const one = meanAndSquares(values, rows, count);
  const other = rows === columns ? one : meanAndSquares(values, columns, others);
  return (
    others * one.squares + count * other.squares + count * others * (one.mean - other.mean) ** 2
  );
}

function meanAndSquares(values: readonly number[], counts: ArrayLike<number>, count: number) {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < values.length; at++) sum += (counts[at] as number) * (values[at] as number);
  const mean = sum / count;
  for (let at = 0; at < values.length; at++) {
    squares += (counts[at] as number) * ((values[at] as number) - mean) ** 2;
  }
  return { mean, squares };
}
