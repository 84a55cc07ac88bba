// What is known of the batches of a journal, in two kinds of files beside it: `<journal>.batches.json`
// says how far each chunk is, `<journal>.batch-<chunk>.jsonl` holds the chunk's requests, one a line.
import { createReadStream, existsSync, readFileSync, rmSync } from "node:fs";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { slotOf } from "./reply-record";
import type { ReplyRequest } from "./request";
import { splitLines } from "./split-lines";

/** One file of requests, and how far it is. */
export interface BatchChunk {
  /** Made from the requests, so that the same chunk has the same name when it is submitted again. */
  readonly chunk: string;
  readonly requests: number;
  /** The provider's name of the uploaded file. */
  readonly inputFile?: string;
  /** The provider's name of the batch; absent until it is created. */
  readonly batch?: string;
  /** Why the provider did not take the batch on: its requests are missing again, and are not in a batch. */
  readonly errors?: string;
}

/** Reads the chunks that are not collected yet. */
export function readChunks(journal: string): BatchChunk[] {
  const path = statePath(journal);
  if (!existsSync(path)) return [];
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { chunks: BatchChunk[] }).chunks;
  } catch {
    throw new UserError(
      `${path}: was changed after it was written; restore it, or delete it to forget its batches`,
    );
  }
}

/** Writes the chunks, all at once: a reader sees the old state or the new one. */
export function writeChunks(journal: string, chunks: readonly BatchChunk[]): void {
  const path = statePath(journal);
  if (chunks.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  keepFile(path, `${JSON.stringify({ chunks }, null, 2)}\n`);
}

/** The file that holds a chunk's requests. */
export function chunkPath(journal: string, chunk: string): string {
  return `${journal}.batch-${chunk}.jsonl`;
}

/** Reads a chunk's requests, one at a time. */
export async function* readChunkRequests(
  journal: string,
  { chunk }: BatchChunk,
): AsyncGenerator<ReplyRequest> {
  const lines = splitLines(createReadStream(chunkPath(journal, chunk)));
  for await (const line of lines) yield JSON.parse(line.toString("utf8")) as ReplyRequest;
}

/** The slots that are in a batch: asked, and not yet answered. */
export async function readPendingSlots(journal: string): Promise<Set<string>> {
  const slots = new Set<string>();
  for (const chunk of readChunks(journal).filter(({ errors }) => errors === undefined)) {
    for await (const request of readChunkRequests(journal, chunk)) slots.add(slotOf(request));
  }
  return slots;
}

function statePath(journal: string): string {
  return `${journal}.batches.json`;
}
