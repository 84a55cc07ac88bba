import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";

/** What a path held at one moment; two states that are equal mean that nobody wrote it in between. */
export interface FileState {
  /** SHA-256 of the content or of a folder's list of names; `absent`; or `folder`. */
  readonly sum: string;
  /** When it was last written, in milliseconds since 1970; 0 for a list of names, and where nothing is there. */
  readonly modifiedMs: number;
}

/** How the path of a folder ends of which only the names of the entries count. */
export const NAMES_OF = "/*";

/** Looks at a file, or with a path that ends with `/*` at the names in a folder. */
export function stateOf(path: string): FileState {
  if (path.endsWith(NAMES_OF)) return namesIn(path.slice(0, -NAMES_OF.length));
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return ABSENT;
  const sum = found.isDirectory() ? "folder" : sha256(readFileSync(path));
  return { sum, modifiedMs: found.isDirectory() ? 0 : found.mtimeMs };
}

/** Whether two states are the same. */
export function isSameState(one: FileState | undefined, other: FileState | undefined): boolean {
  return one?.sum === other?.sum && one?.modifiedMs === other?.modifiedMs;
}

export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

const ABSENT: FileState = { sum: "absent", modifiedMs: 0 };

function namesIn(folder: string): FileState {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return ABSENT;
  return { sum: sha256(readdirSync(folder).sort().join("\n")), modifiedMs: 0 };
}
