// What the reader of tables has from Node. The site's bundle for browsers puts its own in the place of this file.
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { type Options, parse } from "csv-parse";

export { CsvError } from "csv-parse";

/** Opens a file of the disk; that it is not there shows when it is read. */
export function openBytes(path: string): Readable {
  return createReadStream(path);
}

/**
 * Splits quoted text into rows of cells, as it comes.
 *
 * @throws CsvError where a row is broken, and whatever the chunks throw, while rows are read.
 */
export function splitChunks(
  chunks: AsyncIterable<string>,
  options: Options,
): AsyncIterable<string[]> {
  const parser = parse(options);
  const text = Readable.from(chunks);
  text.on("error", (error) => parser.destroy(error));
  return text.pipe(parser);
}
