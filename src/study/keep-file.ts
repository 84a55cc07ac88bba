import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a file hold the given bytes, all at once: a reader sees the old file or the new one.
 *
 * @returns whether the file held something else before (or did not exist).
 */
export function keepFile(path: string, content: Buffer | string): boolean {
  const bytes = Buffer.from(content);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return false;
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  writeFileSync(partial, bytes, { flush: true });
  renameSync(partial, path);
  return true;
}
