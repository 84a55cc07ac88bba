// What students type into an exercise, whatever it is: lessons go on to their end, and say what is not yet right. (An answer
// that does not compile, or throws, the kernel turns into undefined and a sentence.)
import { inspect } from "node:util";

/** Labels as far as they can be read. */
export interface GivenLabels {
  /** One for each reply; null where it is missing, or is no level. */
  readonly labels: (0 | 1 | 2 | null)[];
  /** What is not yet right, for the student; null where all is there. */
  readonly fault: string | null;
}

/** An answer that can be checked, or what is not yet right about it. */
export type Given<T> =
  | { readonly value: T; readonly fault: null }
  | { readonly value: null; readonly fault: string };

/** What is left of a reading once it is known to have no fault. */
type Faultless<G> = [Extract<G, { readonly fault: null }>] extends [never]
  ? G
  : Extract<G, { readonly fault: null }>;

/**
 * Prints what an exercise's check finds: `not yet: …` with the fault, or what `judge` says.
 *
 * It never fails: where `judge` throws, its message is what is not yet right.
 *
 * @param given what was read of the answer.
 * @param judge is asked where there is no fault; says `right: …` or `not yet: …`.
 */
export function check<G extends { readonly fault: string | null }>(
  given: G,
  judge: (given: Faultless<G>) => string,
): void {
  const line =
    given.fault === null ? said(() => judge(given as Faultless<G>)) : `not yet: ${given.fault}`;
  process.stdout.write(`${line}\n`);
}

function said(judge: () => string): string {
  try {
    return judge();
  } catch (error) {
    return `not yet: ${error instanceof Error ? error.message : inspect(error)}`;
  }
}

/**
 * Reads a number that was typed into an exercise.
 *
 * @example
 * readNumber("0.5"); // => { value: null, fault: 'this is the text "0.5"; a number stands without quotes' }
 */
export function readNumber(given: unknown): Given<number> {
  if (typeof given === "number" && Number.isFinite(given)) return { value: given, fault: null };
  return { value: null, fault: notA("number", given) };
}

/** Reads a row of numbers that was typed into an exercise. @param count how many there should be. */
export function readNumbers(given: unknown, count: number): Given<number[]> {
  if (!Array.isArray(given)) return { value: null, fault: notA(`row of ${count} numbers`, given) };
  for (const [at, one] of Array.from(given).entries()) {
    const { fault } = readNumber(one);
    if (fault) return { value: null, fault: `number ${at + 1}: ${fault}` };
  }
  if (given.length === count) return { value: [...given], fault: null };
  return { value: null, fault: `there should be ${count} numbers, not ${given.length}` };
}

/** A named part of what was typed into an exercise; undefined where it has none. */
export function partOf(given: unknown, name: string): unknown {
  return typeof given === "object" && given !== null ? Reflect.get(given, name) : undefined;
}

/** Reads a text that was typed into an exercise. */
export function readText(given: unknown): Given<string> {
  if (typeof given === "string" && given.trim() !== "") return { value: given, fault: null };
  return { value: null, fault: given === "" ? "the text is empty" : notA("text in quotes", given) };
}

/**
 * Reads a row of labels that was typed into an exercise.
 *
 * @param given anything; a list of levels is wanted.
 * @param count how many there should be.
 * @example
 * readLabels([2, 0, 3], 3); // => { labels: [2, 0, null], fault: "number 3 is 3; a level is 0, 1 or 2" }
 */
export function readLabels(given: unknown, count: number): GivenLabels {
  const typed: readonly unknown[] = Array.isArray(given) ? given : [];
  const labels = Array.from({ length: count }, (_, at) => {
    const value = typed[at];
    return value === 0 || value === 1 || value === 2 ? value : null;
  });
  return { labels, fault: faultOf(given, typed, count, labels) };
}

function faultOf(
  given: unknown,
  typed: readonly unknown[],
  count: number,
  labels: readonly unknown[],
): string | null {
  if (!Array.isArray(given)) return notA(`row of ${count} levels in square brackets`, given);
  const odd = typed.findIndex((value, at) => value != null && at < count && labels[at] === null);
  if (odd >= 0) return `number ${odd + 1} is ${show(typed[odd])}; a level is 0, 1 or 2`;
  if (typed.length !== count) return `there are ${typed.length} levels for ${count} replies`;
  const missing = labels.filter((label) => label === null).length;
  return missing === 0 ? null : `${missing} of ${count} levels are missing`;
}

/**
 * Reads texts that were typed into an exercise; what is no text counts as an empty one.
 *
 * @param count how many there should be.
 */
export function readTexts(
  given: unknown,
  count: number,
): { readonly texts: string[]; readonly fault: string | null } {
  const typed: readonly unknown[] = Array.isArray(given) ? given : [];
  const texts = Array.from({ length: count }, (_, at) => {
    const value = typed[at];
    return typeof value === "string" ? value : "";
  });
  const left = texts.filter((text) => text.trim() === "").length;
  if (!Array.isArray(given)) return { texts, fault: notA(`row of ${count} texts`, given) };
  if (typed.length > count) return { texts, fault: `there are ${typed.length} texts for ${count}` };
  return { texts, fault: left === 0 ? null : `${left} of ${count} texts are missing` };
}

function notA(wanted: string, given: unknown): string {
  if (given === undefined) return "there is no answer yet; put one in place of undefined";
  if (given instanceof Promise) return "this is still being computed; put await before it";
  if (typeof given === "function") return `this is a function; call it, for a ${wanted}`;
  if (Number.isNaN(given)) return "this is NaN: a part of it is missing, or is not a number";
  const unquoted = wanted === "number" && typeof given === "string";
  return `this is ${show(given)}; ${unquoted ? "a number stands without quotes" : `a ${wanted} is needed`}`;
}

function show(value: unknown): string {
  return typeof value === "string" ? `the text "${value}"` : inspect(value, { breakLength: 200 });
}
