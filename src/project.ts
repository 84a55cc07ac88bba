import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

// Compiled files live in dist/src/, so the project is two folders up, wherever the clone lies.
const projectRoot = resolve(__dirname, "..", "..");

/** Variable that names the folder of another study than the published one, below the project's root. */
export const STUDY_VARIABLE = "EMPATHY_STUDY";

/** Absolute path of a file of this project, from its path below the project's root. */
export function projectPath(...parts: string[]): string {
  return join(projectRoot, ...parts);
}

/** The folder that holds the data of the study at hand: the project's root, or what EMPATHY_STUDY names. */
export function studyRoot(): string {
  return resolve(projectRoot, process.env[STUDY_VARIABLE] ?? studyOfFolder(process.cwd()));
}

/** Absolute path of a file of the study at hand: the study's own where it has one, else the project's. */
export function studyPath(...parts: string[]): string {
  const own = join(studyRoot(), ...parts);
  return existsSync(own) ? own : projectPath(...parts);
}

/**
 * The study in whose folder a notebook lies, below the project's root; empty for the published one.
 *
 * @param folder an absolute path, such as that of `studies/local/notebooks`.
 */
export function studyOfFolder(folder: string): string {
  const below = folder.startsWith(projectRoot) ? folder.slice(projectRoot.length + 1) : "";
  return /^studies[/\\][^/\\]+/.exec(below)?.[0] ?? "";
}
