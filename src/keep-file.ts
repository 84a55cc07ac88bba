import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "./user-error";

/**
 * Writes a file all at once: a reader sees the old file or the new one.
 *
 * @throws UserError where the disk is full or the folder cannot be written; the old file stays.
 */
export function keepFile(path: string, content: Buffer | string): void {
  const partial = `${path}.partial-${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, content, { flush: true });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") throw new UserError(`${path}: the disk is full; free some space`);
    throw new UserError(`${path}: cannot be written (${code}); the file is as it was`);
  }
}
