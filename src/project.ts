import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

// Compiled files live in dist/src/, so the project is two folders up, wherever the clone lies.
const projectRoot = resolve(__dirname, "..", "..");

/** Absolute path of a file of this project, from its path below the project's root. */
export function projectPath(...parts: string[]): string {
  return join(projectRoot, ...parts);
}

/** Absolute path of a file of a study: its own where it has one, else the project's. */
export function studyPath({ root }: { readonly root: string }, ...parts: string[]): string {
  const own = join(root, ...parts);
  return existsSync(own) ? own : projectPath(...parts);
}
