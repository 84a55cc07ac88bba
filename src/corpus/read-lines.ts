import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { UserError } from "kit";
import { decodeText } from "kit/tables";
import tar from "tar-stream";

/** A text file, read as batches of lines; a batch is what one chunk of bytes completed. */
export interface TextFile {
  /** How messages name the file: its path, and for an archive's entry the path inside. */
  readonly name: string;
  readonly batches: AsyncIterable<string[]>;
}

const LONGEST_LINE = 1 << 20;

/** Opens a plain text file as batches of lines. */
export function openTextFile(path: string): TextFile {
  const batches = readBatches(createReadStream(path), path, (error) => error);
  return { name: path, batches };
}

/**
 * Opens the `.csv` entries of a gzipped tar archive one after the other, without unpacking to disk.
 *
 * @throws UserError if the archive is cut off or is not a gzipped tar file.
 */
export async function* openArchive(path: string): AsyncGenerator<TextFile> {
  const extract = tar.extract();
  const feeding = pipeline(createReadStream(path), createGunzip(), extract);
  feeding.catch(() => {}); // The same error reaches the loop below.
  const explain = (error: unknown) => unreadable(path, error);
  let files = 0;
  try {
    for await (const entry of extract) {
      if (entry.header.type === "file" && entry.header.name.endsWith(".csv")) {
        const name = `${path}:${entry.header.name}`;
        files++;
        yield { name, batches: readBatches(entry as unknown as Readable, name, explain) };
      }
      entry.resume();
    }
  } catch (error) {
    throw explain(error);
  }
  if (files === 0) throw new UserError(`${path}: holds no CSV file; is it the right archive?`);
}

function unreadable(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof UserError || code === "ENOENT") return error;
  return new UserError(
    `${path}: cannot be read as a gzipped tar archive (${message}); ` +
      "fetch it again with `npx empathy data fetch`",
  );
}

async function* readBatches(
  chunks: Readable,
  name: string,
  explain: (error: unknown) => unknown,
): AsyncGenerator<string[]> {
  let rest = "";
  try {
    for await (const text of decodeText(chunks, name)) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() as string;
      if (rest.length > LONGEST_LINE) {
        throw new UserError(
          `${name}: has a line of over a million characters; is it the right file?`,
        );
      }
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    throw explain(error);
  }
  if (rest !== "") yield [rest];
}
