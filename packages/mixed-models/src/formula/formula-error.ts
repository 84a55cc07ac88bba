import { UserError } from "kit";

/**
 * Builds the error for a mistake at one place of a formula: the advice, the formula, a caret under it.
 *
 * @param at position in `text` (UTF-16 units, from 0).
 */
export function formulaError(text: string, at: number, advice: string): UserError {
  const line = text.replace(/\s/g, " ");
  const column = [...line.slice(0, at)].length;
  return new UserError(`${advice}\n  ${line}\n  ${" ".repeat(column)}^`);
}
