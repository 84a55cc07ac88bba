import { join, resolve } from "node:path";

// Compiled files lie in test/support/dist/.
const root = resolve(__dirname, "..", "..", "..");

/** Absolute path of a file of this clone, from its path below the clone's root. */
export function projectPath(...parts: string[]): string {
  return join(root, ...parts);
}
