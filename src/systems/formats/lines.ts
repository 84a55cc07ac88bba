// One reply a line and nothing else, as CARE's authors published theirs. Nothing in such a file proves its order, so it has to
// have a line for every context; docs/systems.md says how the order of each published one was shown.
import { UserError } from "kit";
import { openTextFile } from "../../corpus/read-lines";
import type { PublishedRecord } from "../published-record";
import { readContexts } from "./kemp-order";

/**
 * Reads replies, one a line.
 *
 * @param order a file in KEMP's format.
 * @param arrange puts KEMP's records into the order of the lines.
 * @throws UserError if the file has another number of lines than KEMP's has contexts.
 */
export async function* readReplyLines(
  path: string,
  order: string | undefined,
  arrange: (of: readonly PublishedRecord[]) => readonly PublishedRecord[],
): AsyncGenerator<PublishedRecord> {
  const contexts: PublishedRecord[] = [];
  for await (const record of readContexts(path, order)) contexts.push(record);
  const lines = await countLines(path);
  if (lines !== contexts.length) {
    throw new UserError(
      `${path}: has ${lines} lines for the ${contexts.length} contexts of KEMP's file, so that no line can be told its ` +
        "place and nothing is joined; write one reply a line, an empty line where there is none",
    );
  }
  const arranged = arrange(contexts);
  let line = 0;
  for await (const batch of openTextFile(path).batches) {
    for (const text of batch) {
      const context = arranged[line++] as PublishedRecord;
      yield { ...context, line, replies: [{ column: "", text: text.trim() }] };
    }
  }
}

async function countLines(path: string): Promise<number> {
  let count = 0;
  for await (const batch of openTextFile(path).batches) count += batch.length;
  return count;
}
