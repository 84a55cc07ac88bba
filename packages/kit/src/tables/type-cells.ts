// What the cells of a column are: numbers, however people and their programs write them, or texts. Nothing is guessed in
// silence: what was read in another way than it was written is noted, and what may be either is refused.
import { largest } from "../largest";
import { UserError } from "../user-error";
import type { Delimiter } from "./find-delimiter";

/** A cell that is missing is null. */
export type Cell = string | null;

/** A column as it was typed. */
interface TypedCells {
  readonly values: readonly (number | Cell)[];
  /** What was read in another way than it is written, for people. */
  readonly notes: readonly string[];
}

/** A column of a file, its cells trimmed. */
export interface CellColumn {
  readonly path: string;
  readonly name: string;
  readonly cells: readonly string[];
  /** The line of the file on which each row starts. */
  readonly lines: readonly number[];
  /** What stands between the file's cells: where cells are parted by semicolons, numbers have decimal commas. */
  readonly delimiter: Delimiter;
}

const MISSING = new Set([
  "",
  "NA",
  "N/A",
  "n/a",
  "#N/A",
  "<NA>",
  "NaN",
  "nan",
  "NULL",
  "null",
  "NaT",
]);
// Words that may be an answer among answers in words, but stand for no number.
const NO_NUMBER = new Set([
  "None",
  "none",
  "NONE",
  "na",
  "NAN",
  "Null",
  "-nan",
  "n.a.",
  "N.A.",
  ".",
  "-",
  "--",
  "–",
  "—",
  "?",
]);

const SIGN = "[+\\-\u2212]?";
const EXPONENT = "(?:[eE][+\\-\u2212]?\\d+)?";
const PLAIN = new RegExp(`^${SIGN}(?:(?:\\d+\\.?\\d*|\\.\\d+)${EXPONENT}|inf(?:inity)?)$`, "i");
const WHOLE = new RegExp(`^${SIGN}\\d+$`);
const DECIMAL_COMMA = new RegExp(
  `^${SIGN}(?:\\d{1,3}(?:[.' \u00a0\u202f]\\d{3})+|\\d*),\\d+${EXPONENT}$`,
);
const GROUPED = new RegExp(
  `^${SIGN}[1-9]\\d{0,2}([,' \u00a0\u202f])\\d{3}(?:\\1\\d{3})*(?:\\.\\d+)?$`,
);
const POINTED = new RegExp(`^${SIGN}[1-9]\\d{0,2}(?:\\.\\d{3})+$`);
const WITH_UNIT = new RegExp(
  `^(?:[$€£] ?${SIGN}\\d+(?:[.,]\\d+)*|${SIGN}\\d+(?:[.,]\\d+)* ?[%$€£])$`,
);

/** Whether a cell is empty or holds a usual word for missing. */
export function isMissingCell(cell: string): boolean {
  return MISSING.has(cell.trim());
}

/** A column as labels, as they are written: identifiers are never taken for numbers, so `007` and `7` differ. */
export function labelCells(column: CellColumn): readonly Cell[] {
  const missing = missingWords(column.cells);
  return column.cells.map((cell) => (missing.has(cell) ? null : cell));
}

/**
 * Types a column: numbers where every cell that is not missing is one, texts otherwise.
 *
 * Read as numbers are digits with a decimal point or an exponent, `Inf`, a Unicode minus; and, where the whole column is
 * written so, decimal commas or thousands separators.
 *
 * @throws UserError naming the row, where most cells are numbers and some are not, or if a comma may be either.
 */
export function typeCells(column: CellColumn): TypedCells {
  const { cells } = column;
  const missing = missingWords(cells);
  const given = cells.filter((cell) => !missing.has(cell));
  const reading = given.length === 0 ? toNumber : findReading(column, given);
  const values = reading
    ? cells.map((cell) => (missing.has(cell) ? null : reading(cell)))
    : cells.map((cell) => (missing.has(cell) ? null : cell));
  return {
    values,
    notes: [...noteMissing(column, missing), ...noteReading(column, given, reading)],
  };
}

// `None` and a full stop are missing among numbers, and may be a level among words.
function missingWords(cells: readonly string[]): ReadonlySet<string> {
  const isNumbers =
    cells.some(isNumeric) &&
    cells.every((cell) => {
      return MISSING.has(cell) || NO_NUMBER.has(cell) || isNumeric(cell);
    });
  return isNumbers ? new Set([...MISSING, ...NO_NUMBER]) : MISSING;
}

function isNumeric(cell: string): boolean {
  return PLAIN.test(cell) || DECIMAL_COMMA.test(cell) || GROUPED.test(cell);
}

type Reading = (cell: string) => number;

const toNumber: Reading = (cell) => {
  const text = cell.replaceAll("\u2212", "-").replace(/inf(inity)?$/i, "Infinity");
  return Number(text);
};
const fromDecimalComma: Reading = (cell) => {
  return toNumber(cell.replace(/[.' \u00a0\u202f]/g, "").replace(",", "."));
};
const fromGroups: Reading = (cell) => toNumber(cell.replace(/[,' \u00a0\u202f]/g, ""));
const fromPoints: Reading = (cell) => toNumber(cell.replaceAll(".", ""));

function findReading(column: CellColumn, given: readonly string[]): Reading | undefined {
  if (given.every((cell) => PLAIN.test(cell))) return choosePoints(column, given);
  const hasCommas = given.every((cell) => DECIMAL_COMMA.test(cell) || WHOLE.test(cell));
  const withComma = given.filter((cell) => !PLAIN.test(cell));
  if (hasCommas && withComma.every((cell) => GROUPED.test(cell) && cell.includes(","))) {
    return chooseCommas(column, given, withComma[0] as string);
  }
  if (hasCommas) return fromDecimalComma;
  if (given.every((cell) => GROUPED.test(cell) || isShort(cell))) return fromGroups;
  refuseMixture(column, given);
  return undefined;
}

// Of a column with thousands separators the numbers below a thousand have none.
function isShort(cell: string): boolean {
  return PLAIN.test(cell) && Math.abs(toNumber(cell)) < 1000;
}

// Every comma stands before three digits: thousands, or three decimals. Semicolons between cells tell decimals; where a
// comma parts cells, it parts thousands, unless a number of four digits has none.
function chooseCommas(column: CellColumn, given: readonly string[], cell: string): Reading {
  if (column.delimiter === ";") return fromDecimalComma;
  const isGrouped = given.every((one) => GROUPED.test(one) || isShort(one));
  if (column.delimiter === "," && isGrouped) return fromGroups;
  throw mayBeEither(column, cell, fromDecimalComma(cell), fromGroups(cell), "commas");
}

// Where cells are parted by semicolons, points before three digits may part thousands.
function choosePoints(column: CellColumn, given: readonly string[]): Reading {
  const cell = given.find((one) => one.includes("."));
  if (column.delimiter !== ";" || cell === undefined) return toNumber;
  if (!given.every((one) => POINTED.test(one) || WHOLE.test(one))) return toNumber;
  throw mayBeEither(column, cell, toNumber(cell), fromPoints(cell), "points");
}

function mayBeEither(
  { path, name }: CellColumn,
  cell: string,
  one: number,
  other: number,
  marks: string,
): UserError {
  return new UserError(
    `${path}: '${cell}' in column '${name}' may be ${one} or ${other}; write the column without ${marks}`,
  );
}

function refuseMixture(column: CellColumn, given: readonly string[]): void {
  const { path, name, cells, lines } = column;
  const withUnit = given.filter((cell) => !isNumeric(cell) && WITH_UNIT.test(cell));
  const numbers = given.filter(isNumeric).length + withUnit.length;
  // One word again and again among numbers is a word for missing that is not known here.
  const words = new Set(given.filter((cell) => !isNumeric(cell)));
  const isOneWord = words.size === 1 && numbers > 1 && withUnit.length === 0;
  if (numbers * 2 <= given.length && !isOneWord) return;
  const remedy = `leave it empty, or ask for labels (in a formula factor(${name}))`;
  if (withUnit.length === given.length) {
    const row = cells.indexOf(given[0] as string);
    throw new UserError(
      `${path}:${lines[row]}: row ${row + 1} of column '${name}' is '${given[0]}', a number with a unit as the others are; write the numbers alone, or ask for labels (in a formula factor(${name}))`,
    );
  }
  const forms = [PLAIN, DECIMAL_COMMA, GROUPED];
  const counts = forms.map((form) => given.filter((cell) => form.test(cell)).length);
  const usual = forms[counts.indexOf(largest(counts))] as RegExp;
  const isOdd = (cell: string) => !usual.test(cell) && !isShort(cell);
  const odd = given.find((cell) => isOdd(cell) && !NO_NUMBER.has(cell)) ?? given.find(isOdd);
  const row = cells.indexOf(odd ?? (given.find((cell) => !PLAIN.test(cell)) as string));
  throw new UserError(
    `${path}:${lines[row]}: row ${row + 1} of column '${name}' is '${cells[row]}', where ` +
      `${largest(counts)} of ${given.length} cells are numbers; write it as a number, ${remedy}`,
  );
}

function* noteMissing({ path, name, cells }: CellColumn, missing: ReadonlySet<string>) {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    if (!missing.has(cell) || cell === "" || cell === "NA") continue;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  if (counts.size === 0) return;
  const words = [...counts].map(([word, count]) => `'${word}' (${count})`).join(", ");
  yield `${path}: in column '${name}' ${words} read as missing`;
}

function* noteReading({ path, name }: CellColumn, given: readonly string[], reading?: Reading) {
  if (reading === undefined || reading === toNumber) return;
  const cell = given.find((one) => !PLAIN.test(one)) as string;
  const kind = reading === fromGroups ? "thousands separators" : "decimal commas";
  yield `${path}: column '${name}' is written with ${kind}; '${cell}' is read as ${reading(cell)}`;
}
