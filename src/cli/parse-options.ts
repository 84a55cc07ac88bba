import { InvalidArgumentError } from "commander";

/** Reads a positive number of seconds from the command line. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds <= 0) {
    throw new InvalidArgumentError("It should be a positive number of seconds, such as 60.");
  }
  return seconds;
}
