import { readFile, stat } from "node:fs/promises";
import { UserError } from "kit";

// A document is parsed whole, so its size bounds the memory.
const LARGEST_FILE = 1 << 26;

/**
 * Reads a file that is one JSON document.
 *
 * @throws UserError if it is over 64 MB, no UTF-8 text or no JSON.
 */
export async function readJsonDocument(path: string): Promise<unknown> {
  if ((await stat(path)).size > LARGEST_FILE) {
    throw new UserError(
      `${path}: is over 64 MB, too large for one JSON document; split it, or use --format jsonl`,
    );
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)));
  } catch (error) {
    throw new UserError(
      `${path}: is no JSON document (${(error as Error).message}); fetch it again`,
    );
  }
}
