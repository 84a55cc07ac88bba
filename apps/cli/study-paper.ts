// What `study figures` and `study tables` share: whose results, which formats, and where the files go.
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { didYouMean, listNames, UserError } from "kit";
import { hasResults } from "../../src/claims/results-tables";
import { PUBLISHED_STUDY, readStudy, studyFolder } from "../../src/study/study";
import { sayStale } from "../archive/require-current";
import { note } from "./progress";

/** What both commands are told. */
export interface PaperFlags {
  readonly format?: string;
  readonly out?: string;
}

/** Adds what both commands take. */
export function definePaper(command: Command, formats: readonly string[]): Command {
  return command
    .argument("<name>", `a study of yours, or ${PUBLISHED_STUDY.name}`)
    .option("--format <formats>", `some of ${formats.join(", ")}, with commas (default: all)`)
    .option("--out <folder>", "where the files go (default: paper in the study's folder)");
}

/** Where a study's results lie, and where its files for a paper go. */
interface PaperPlace {
  readonly root: string;
  readonly out: string;
}

/**
 * Finds a study and the folder of its files for a paper.
 *
 * @param part of the folder, where none was named.
 * @throws UserError if no study is called so, or the folder cannot be made.
 */
export function paperPlace(name: string, { out }: PaperFlags, part: string): PaperPlace {
  const root = studyFolder(name);
  const folder = out ?? join(root, "paper", part);
  makeFolder(folder);
  const hasRun = name !== PUBLISHED_STUDY.name && hasResults({ root });
  const stale = hasRun ? sayStale(readStudy(root)) : undefined;
  if (stale !== undefined) note(stale);
  return { root, out: folder };
}

/**
 * Reads a list of formats.
 *
 * @throws UserError naming the nearest one and all, if one is not known.
 */
export function parseFormats<Format extends string>(
  given: string | undefined,
  known: readonly Format[],
): readonly Format[] {
  if (given === undefined) return known;
  const names = given.split(",").map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !known.some((one) => one === name));
  if (unknown === undefined) return known.filter((one) => names.includes(one));
  const hint = didYouMean(unknown, known) || `; choose some of ${listNames(known)}`;
  throw new UserError(`--format ${given}: there is no format '${unknown}'${hint}`);
}

/** A path as a user names it: from the working directory. */
export function shownPath(path: string): string {
  return relative(process.cwd(), path) || ".";
}

/** What a study lacks that has not been run. */
export function notRunYet(root: string, name: string, what: string): UserError {
  const run = name === PUBLISHED_STUDY.name ? "" : ` -- --study ${name}`;
  return new UserError(
    `${shownPath(root)}: has no ${what} yet; make them with \`npm run reproduce${run}\``,
  );
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UserError(
      `--out ${path}: cannot be made (${(error as NodeJS.ErrnoException).code}); name a folder that you may write to`,
    );
  }
}

/** Paths of a folder's files with an ending, in the order of their names; none where there is no folder. */
export function filesIn(folder: string, ending: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}
