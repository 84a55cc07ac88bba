// Files of readings that commands add to: an author's, never the published one.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "kit";
import { projectPath } from "../../src/project";
import { type ReadingRow, readReadingRows } from "../../src/readings/reading-rows";

/** Absolute path of the published readings. */
export function publishedReadings(): string {
  return projectPath("data", "readings", "readings.csv");
}

/**
 * Refuses to add to the published readings.
 *
 * @param remedy what to name instead.
 */
export function refusePublished(path: string, remedy: string): void {
  if (resolve(path) !== publishedReadings()) return;
  throw new UserError(`${path}: holds the published readings; name ${remedy}`);
}

/** The readings that a file holds; none where it is not there yet. */
export function readKnown(path: string): ReadingRow[] {
  return existsSync(path) ? readReadingRows(path) : [];
}
