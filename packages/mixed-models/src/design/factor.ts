import { didYouMean, listNames, UserError } from "kit";
import { formatNumber } from "../formula/format-number";
import type { Column } from "./columns";

/** A variable with levels; `codes` holds each row's position in `levels`. */
export interface Factor {
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

/** How a factor's levels are ordered. */
export interface LevelOrder {
  /** All levels in order; those that do not occur are left out. */
  readonly levels?: readonly string[] | undefined;
  /** The level that comes first. */
  readonly reference?: string | undefined;
}

/**
 * Makes a factor of the used rows of a column: texts in the order of English (`no` before `Yes`, as R has them), numbers in
 * numeric order and named as R prints them (`100000`, as R's integers, where all are whole; else `1e+05`), `FALSE` before `TRUE`; only levels that occur.
 *
 * @param column without missing values in the used rows.
 */
export function toFactor(column: Column, rows: Int32Array, compareWords = compareTexts): Factor {
  switch (column.kind) {
    case "text": {
      const compare = column.numbers ? compareLabels : compareWords;
      return encode(rows, column.values as readonly string[], compare, (text) => text);
    }
    case "boolean":
      return encode(rows, column.values as readonly boolean[], compareValues, nameOfBoolean);
    default: {
      const { values } = column;
      const whole = rows.every((row) => values[row] === (values[row]! | 0));
      return encode(rows, values, compareValues, whole ? String : formatNumber);
    }
  }
}

/** Makes a factor of truth values that has both levels, as R's model frames do. */
export function toLogicalFactor(values: readonly (boolean | null)[], rows: Int32Array): Factor {
  const codes = Int32Array.from(rows, (row) => (values[row] ? 1 : 0));
  return { levels: ["FALSE", "TRUE"], codes };
}

/**
 * Puts levels in the order that is asked for.
 *
 * @param name the factor's name, for messages.
 * @throws UserError if the order leaves out a level that occurs, or the reference does not occur.
 */
export function orderLevels(factor: Factor, name: string, order: LevelOrder): Factor {
  let levels = factor.levels;
  if (order.levels) {
    const listed = new Set(order.levels);
    const extra = levels.find((level) => !listed.has(level));
    if (extra !== undefined) {
      throw new UserError(`the levels given for '${name}' leave out '${extra}'; add it`);
    }
    const occurring = new Set(levels);
    levels = [...listed].filter((level) => occurring.has(level));
  }
  const { reference } = order;
  if (reference !== undefined) {
    checkLevel(reference, name, levels);
    levels = [reference, ...levels.filter((level) => level !== reference)];
  }
  return recode(factor, levels);
}

/** @throws UserError if a factor has no such level, naming the nearest. */
export function checkLevel(level: string, name: string, levels: readonly string[]): number {
  const position = levels.indexOf(level);
  if (position >= 0) return position;
  const advice = `${didYouMean(level, levels)} The levels are: ${listNames(levels)}`;
  throw new UserError(`'${name}' has no level '${level}'${advice.replace(/^ /, ". ")}`);
}

/**
 * Combines factors: one level for each combination that occurs, the last factor varying fastest.
 *
 * @returns levels such as `c1:s01`, as R's `a:b` with unused levels dropped; in quotes where they hold colons and two
 *   combinations would have one name.
 */
export function crossFactors(factors: readonly Factor[]): Factor {
  return factors.reduce((outer, inner) => {
    const width = inner.levels.length;
    const keys = Float64Array.from(outer.codes, (code, row) => {
      return code * width + inner.codes[row]!;
    });
    const levelsOf = (key: number) => [
      outer.levels[Math.floor(key / width)]!,
      inner.levels[key % width]!,
    ];
    const nameOf = (key: number) => levelsOf(key).join(":");
    const nameInFull = (key: number) => levelsOf(key).map(quoteColon).join(":");
    return encode(undefined, keys, compareValues, nameOf, nameInFull);
  });
}

/**
 * Finds the level that a value stands for: as it is written, or of a number the one level that equals it.
 *
 * @returns its position, or -1.
 */
export function findLevel(levels: readonly string[], value: string | number | boolean): number {
  if (typeof value === "boolean") return levels.indexOf(nameOfBoolean(value));
  const place = levels.indexOf(String(value));
  if (place >= 0 || typeof value === "string") return place;
  const named = levels.indexOf(formatNumber(value));
  if (named >= 0) return named;
  const equal = levels.filter((level) => level !== "" && Number(level) === value);
  return equal.length === 1 ? levels.indexOf(equal[0]!) : -1;
}

// Distinct values are collected in a hash table, sorted and named. Values never share a level; those that R names alike,
// as numbers which differ in the 16th digit only, are named in full.
function encode<Value>(
  rows: Int32Array | undefined,
  values: ArrayLike<Value>,
  compare: (left: Value, right: Value) => number,
  nameOf: (value: Value) => string,
  nameInFull: (value: Value) => string = String,
): Factor {
  const { distinct, codes } = collect(rows, values);
  const order = Uint32Array.from(distinct.keys());
  order.sort((left, right) => compare(distinct[left] as Value, distinct[right] as Value));
  const moved = new Int32Array(distinct.length);
  order.forEach((code, place) => {
    moved[code] = place;
  });
  const sorted = Array.from(order, (code) => distinct[code] as Value);
  const names = sorted.map(nameOf);
  const isDistinct = new Set(names).size === names.length;
  const levels = isDistinct ? names : sorted.map(nameInFull);
  return { levels, codes: codes.map((code) => moved[code]!) };
}

// Numbers the distinct values in order of appearance.
function collect<Value>(rows: Int32Array | undefined, values: ArrayLike<Value>) {
  const codes = new Int32Array(rows ? rows.length : values.length);
  const found = new Map<Value, number>();
  for (let row = 0; row < codes.length; row++) {
    const value = values[rows ? rows[row]! : row] as Value;
    let code = found.get(value);
    if (code === undefined) {
      code = found.size;
      found.set(value, code);
    }
    codes[row] = code;
  }
  return { distinct: [...found.keys()], codes };
}

function recode(factor: Factor, levels: readonly string[]): Factor {
  const positions = new Map(levels.map((level, position) => [level, position]));
  const moved = Int32Array.from(factor.levels, (level) => positions.get(level)!);
  const codes = factor.codes.map((code) => moved[code]!);
  return { levels, codes };
}

function nameOfBoolean(value: boolean): string {
  return value ? "TRUE" : "FALSE";
}

function compareValues(left: number | boolean, right: number | boolean): number {
  return Number(left) - Number(right);
}

function quoteColon(level: string): string {
  return level.includes(":") ? JSON.stringify(level) : level;
}

const ENGLISH = new Intl.Collator("en");

/** Compares texts in the order of English, as R sorts levels; what that order takes for equal, by code points. */
export function compareTexts(left: string, right: string): number {
  return ENGLISH.compare(left, right) || compareCodePoints(left, right);
}

function compareLabels(left: string, right: string): number {
  return Number(left) - Number(right) || compareCodePoints(left, right);
}

/**
 * Compares texts by code points: fast, for groups, whose order decides nothing. UTF-16 order differs from it only where
 * surrogates meet U+E000 and above.
 */
export function compareCodePoints(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const [x, y] = [left.codePointAt(at) ?? -1, right.codePointAt(at) ?? -1];
  return x - y;
}
