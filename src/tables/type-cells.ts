// What the cells of a column are: numbers, however people and their programs write them, or texts. Nothing is guessed in
// silence: what was read in another way than it was written is noted, and what may be either is refused.
import { UserError } from "../user-error";
import type { Delimiter } from "./find-delimiter";

/** A cell that is missing is null. */
export type Cell = string | null;

/** A column as it was typed. */
export interface TypedCells {
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

const MISSING = new Set(["", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null"]);
// Words that may be an answer among answers in words, but stand for no number.
const NO_NUMBER = new Set(["None", "none", ".", "-", "–", "—", "?"]);

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
const WITH_UNIT = new RegExp(`^[$€£]? ?${SIGN}[\\d.,]*\\d[\\d.,]* ?[%$€£]?$`);

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
 * @throws UserError naming the row, where most cells are numbers and some are not, or where a comma may be either.
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
  const text = cell.replace("\u2212", "-").replace(/inf(inity)?$/i, "Infinity");
  return Number(text);
};
const fromDecimalComma: Reading = (cell) => {
  return toNumber(cell.replace(/[.' \u00a0\u202f]/g, "").replace(",", "."));
};
const fromGroups: Reading = (cell) => toNumber(cell.replace(/[,' \u00a0\u202f]/g, ""));

function findReading(column: CellColumn, given: readonly string[]): Reading | undefined {
  if (given.every((cell) => PLAIN.test(cell))) return toNumber;
  const hasCommas = given.every((cell) => DECIMAL_COMMA.test(cell) || WHOLE.test(cell));
  const hasGroups = given.every((cell) => GROUPED.test(cell) || isShort(cell));
  if (hasCommas && hasGroups) return chooseReading(column, given);
  if (hasCommas) return fromDecimalComma;
  if (hasGroups) return fromGroups;
  refuseMixture(column, given);
  return undefined;
}

// Of a column with thousands separators the numbers below a thousand have none.
function isShort(cell: string): boolean {
  return PLAIN.test(cell) && Math.abs(toNumber(cell)) < 1000;
}

function chooseReading({ path, name, delimiter }: CellColumn, given: readonly string[]): Reading {
  if (delimiter === ";") return fromDecimalComma;
  if (delimiter === ",") return fromGroups;
  const cell = given.find((one) => one.includes(",")) as string;
  throw new UserError(
    `${path}: '${cell}' in column '${name}' may be ${fromDecimalComma(cell)} or ${fromGroups(cell)}; write the column without commas`,
  );
}

function refuseMixture({ path, name, cells, lines }: CellColumn, given: readonly string[]): void {
  const isNumber = (cell: string) => isNumeric(cell) || WITH_UNIT.test(cell);
  const numbers = given.filter(isNumber).length;
  if (numbers * 2 <= given.length) return;
  const forms = [PLAIN, DECIMAL_COMMA, GROUPED].map((form) =>
    given.filter((one) => form.test(one)),
  );
  const usual = forms.reduce((most, one) => (one.length > most.length ? one : most));
  const odd =
    given.find((cell) => !usual.includes(cell) && !isShort(cell)) ??
    given.find((cell) => !PLAIN.test(cell));
  const row = cells.indexOf(odd as string);
  throw new UserError(
    `${path}:${lines[row]}: row ${row + 1} of column '${name}' is '${odd}', where ` +
      `${usual.length} of ${given.length} cells are numbers; write it as a number, leave it empty, or ask for labels, in a formula by factor(${name})`,
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
