// Files and folders that are ours for a while. What removes them never throws: where that fails, something went wrong before,
// and that is what the user has to hear.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../user-error";

/** What a file is called until it is whole; beside the file itself, so that renaming it moves no bytes. */
export function partialOf(path: string): string {
  return `${path}.partial-${process.pid}`;
}

/** Removes a temporary file, or a folder with all that is in it; what cannot be removed stays. */
export function removeTemporary(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}

/**
 * Makes a temporary folder that only this user can enter.
 *
 * @param name how the folder's name begins.
 * @throws UserError if the system's folder for temporary files is missing, full, or cannot be written.
 */
export function makeTemporaryFolder(name: string): string {
  try {
    return mkdtempSync(join(tmpdir(), name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${tmpdir()}: cannot be written (${code}); set TMPDIR to a folder that can`,
    );
  }
}

/** What to do about an error of the file system; nothing is known of any other error. */
export function diskRemedy(error: unknown): string | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full; free some space";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "the folder cannot be written; change its permissions";
    case "EEXIST":
    case "ENOTDIR":
      return "a file stands where a folder is needed; move it away";
    case "ENAMETOOLONG":
      return "the name is too long; choose a shorter one";
    default:
      return undefined;
  }
}

/** The one line for a file that could not be written, and is as it was before. */
export function cannotWrite(path: string, error: unknown): UserError {
  const { code, message } = error as NodeJS.ErrnoException;
  const remedy = diskRemedy(error);
  return new UserError(
    `${path}: cannot be written (${code ?? message})${remedy ? `: ${remedy}` : ""}; nothing was changed`,
  );
}
