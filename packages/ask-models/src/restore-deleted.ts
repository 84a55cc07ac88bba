import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { removeTemporary } from "kit/files";

const CHUNK_BYTES = 1 << 20;

/** Whether a path still names an open file. */
export function isSameFile(path: string, file: number): boolean {
  const named = statSync(path, { bigint: true, throwIfNoEntry: false });
  const open = fstatSync(file, { bigint: true });
  return named?.ino === open.ino && named.dev === open.dev;
}

/**
 * Writes what a deleted file holds, which is there until it is closed, to its path again, or, where another
 * file took that, to `<path>.restored-<process>`; closes the deleted one.
 *
 * @returns where it is now, opened for appending; undefined if the file has another name and nothing is lost.
 * @throws the system's error, with nothing left behind, where that cannot be written.
 */
export function restoreDeleted(
  path: string,
  file: number,
): { readonly path: string; readonly file: number } | undefined {
  if (fstatSync(file).nlink > 0) return undefined;
  mkdirSync(dirname(path), { recursive: true });
  const isTaken = statSync(path, { throwIfNoEntry: false }) !== undefined;
  const target = isTaken ? `${path}.restored-${process.pid}` : path;
  const copy = openSync(target, "ax+");
  try {
    copyWhole(file, copy);
  } catch (error) {
    closeSync(copy);
    removeTemporary(target);
    throw error;
  }
  closeSync(file);
  return { path: target, file: copy };
}

function copyWhole(from: number, to: number): void {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  for (let at = 0; ; ) {
    const bytes = readSync(from, buffer, 0, CHUNK_BYTES, at);
    if (bytes === 0) break;
    for (let done = 0; done < bytes; ) done += writeSync(to, buffer, done, bytes - done);
    at += bytes;
  }
  fsyncSync(to);
}
