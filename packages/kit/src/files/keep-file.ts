import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../user-error";
import { cannotWrite, partialOf, removeTemporary } from "./temporary-file";

/**
 * Writes a file all at once: a reader sees the old file or the new one.
 *
 * @param read what the file held when the new content was made from it; without it, whatever is there is replaced.
 * @throws UserError if the disk is full, the folder cannot be written, or the file holds something else than was read;
 *   the file stays as it is.
 */
export function keepFile(path: string, content: Buffer | string, read?: Buffer | string): void {
  const partial = partialOf(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, content, { flush: true });
    if (read !== undefined) refuseChanged(path, read);
    renameSync(partial, path);
  } catch (error) {
    removeTemporary(partial);
    throw error instanceof UserError ? error : cannotWrite(path, error);
  }
}

/**
 * Refuses a file that is no longer what was read: someone saved it meanwhile, and would lose that.
 *
 * @throws UserError naming the file.
 */
export function refuseChanged(path: string, read: Buffer | string): void {
  if (readNow(path)?.equals(Buffer.from(read))) return;
  throw new UserError(
    `${path}: was changed after this run had read it, and is left as it is now; run again`,
  );
}

function readNow(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
