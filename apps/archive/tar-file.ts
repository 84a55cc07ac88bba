// An archive is a gzipped tar file of plain files. Written, the same files give the same bytes; read, nothing reaches the disk.
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip, gzipSync } from "node:zlib";
import { UserError } from "kit";
import tar from "tar-stream";
import { requirePlace } from "./places";

/** Files by path: `/` between folders, whatever the system. */
export type Files = ReadonlyMap<string, Buffer>;

// Unpacked; the scores of all public systems, which an archive does not repeat, would be 33 MB.
const MOST_BYTES = 1 << 28;
const EPOCH = new Date(0);
// Where a gzip header names the system that wrote it: unknown, so that all write the same.
const [SYSTEM_AT, UNKNOWN_SYSTEM] = [9, 255];

/** Packs files, sorted by path, without times and owners. */
export async function packFiles(files: Files): Promise<Buffer> {
  const pack = tar.pack();
  const sorted = [...files].sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [name, content] of sorted) pack.entry({ name, mode: 0o644, mtime: EPOCH }, content);
  pack.finalize();
  const zipped = gzipSync(await buffer(pack as unknown as Readable), { level: 9 });
  zipped[SYSTEM_AT] = UNKNOWN_SYSTEM;
  return zipped;
}

/**
 * Reads an archive into memory.
 *
 * @param mostBytes of all that is in it.
 * @throws UserError if it is none, is cut off or too large, or holds anything but plain files in the places of a study.
 */
export async function readFiles(path: string, mostBytes = MOST_BYTES): Promise<Files> {
  const extract = tar.extract();
  const feeding = pipeline(
    createReadStream(path),
    createGunzip(),
    limited(path, mostBytes),
    extract,
  );
  feeding.catch(() => {}); // The same error reaches the loop below.
  const files = new Map<string, Buffer>();
  const seen = new Set<string>();
  try {
    for await (const entry of extract) {
      const { type } = entry.header;
      const name = entry.header.name.replace(/^\.\//, "");
      if (type === "directory") {
        entry.resume();
        continue;
      }
      if (type !== "file") {
        throw new UserError(`${path}: '${name}' is a ${type}, and a study has plain files only`);
      }
      requirePlace(name, path);
      // One file on a system that takes capitals and small letters for the same.
      if (seen.has(name.toLowerCase())) throw new UserError(`${path}: holds '${name}' twice`);
      seen.add(name.toLowerCase());
      files.set(name, await buffer(entry as unknown as Readable));
    }
    return files;
  } catch (error) {
    throw explain(error, path);
  }
}

function limited(path: string, mostBytes: number) {
  return async function* (chunks: AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostBytes) {
        throw new UserError(
          `${path}: holds more than ${mostBytes >> 20} MB unpacked, which no study does; nothing was unpacked`,
        );
      }
      yield chunk;
    }
  };
}

function explain(error: unknown, path: string): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof UserError) return error;
  if (syscall !== undefined) {
    return new UserError(`${path}: cannot be read (${code}); name another file`);
  }
  return new UserError(
    `${path}: cannot be read as a gzipped tar archive (${message}); copy it again, or have the study exported again`,
  );
}
