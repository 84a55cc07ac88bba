import { didYouMean, listNames } from "./nearest-name";
import { UserError } from "./user-error";

/**
 * Checks an option that has a few choices; one that is not given passes.
 *
 * @throws UserError naming the choices.
 */
export function checkChoice(
  option: string,
  value: string | undefined,
  choices: readonly string[],
): void {
  if (value === undefined || choices.includes(value)) return;
  throw new UserError(`unknown ${option} '${value}'; choose one of ${choices.join(", ")}`);
}

/**
 * Checks that options have names that are known: a misspelt one would be passed over.
 *
 * @throws UserError naming the nearest known name, or all.
 */
export function checkOptionNames(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known) || `; known are ${listNames(known)}`;
  throw new UserError(`unknown option '${unknown}'${hint}`);
}
