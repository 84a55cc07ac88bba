// In the place of packages/kit/src/tables/platform.ts: a browser has a file's content at hand as a whole, and no disk.
import { parse } from "csv-parse/browser/esm/sync";

export { CsvError } from "csv-parse/browser/esm/sync";

/** Refuses: every file is handed to a page. */
export function openBytes(path) {
  throw new Error(`${path}: a page cannot open a file by its name`);
}

/** Splits quoted text into rows of cells; those before a broken one come first, as they do in Node. */
export async function* splitChunks(chunks, options) {
  const parts = [];
  for await (const chunk of chunks) parts.push(chunk);
  const rows = [];
  const keep = (row) => {
    rows.push(row);
    return null;
  };
  let fault;
  try {
    parse(parts.join(""), { ...options, on_record: keep });
  } catch (error) {
    fault = error;
  }
  yield* rows;
  if (fault) throw fault;
}
