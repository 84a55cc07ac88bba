import { InvalidArgumentError } from "commander";

// What a timer can count, in whole days.
const LONGEST_SECONDS = 24 * 86_400;

/** Reads a positive number of seconds from the command line. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds > 0 && seconds <= LONGEST_SECONDS)) {
    throw new InvalidArgumentError(
      `It should be a positive number of seconds, such as 60, and at most ${LONGEST_SECONDS}.`,
    );
  }
  return seconds;
}

/** Makes a reader of whole numbers from the command line. */
export function parseWhole(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
    throw new InvalidArgumentError(`It should be a whole number from ${least}.`);
  };
}

/** Makes a reader of an option that is given several values: each is read like one, and joins those before it. */
export function parseSeveral(
  parse: (text: string) => number,
): (text: string, before: readonly number[] | undefined) => readonly number[] {
  return (text, before = []) => [...before, parse(text)];
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
