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
