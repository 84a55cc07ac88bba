// Spreadsheets run a cell that begins with one of these as a formula, in full width too, whatever a file means by it
// (https://owasp.org/www-community/attacks/CSV_Injection).
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * Writes a text so that no spreadsheet takes it for a formula: with an apostrophe before it, where it begins like one.
 *
 * @example
 * toCell("=1+1"); // => "'=1+1"
 * toCell("-0.5"); // => "-0.5"
 */
export function toCell(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** Gives back what `toCell` was given. */
export function fromCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
