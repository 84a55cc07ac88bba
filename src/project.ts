import { join, resolve } from "node:path";

// Compiled files live in dist/src/, so the project is two folders up, wherever the clone lies.
const projectRoot = resolve(__dirname, "..", "..");

/** Absolute path of a file of this project, from its path below the project's root. */
export function projectPath(...parts: string[]): string {
  return join(projectRoot, ...parts);
}
