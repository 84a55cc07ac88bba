import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  fdatasyncSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { UserError } from "kit";
import { removeTemporary } from "kit/files";
import type OpenAI from "openai";
import {
  type BatchChunk,
  chunkPath,
  readChunkRequests,
  readChunks,
  writeChunks,
} from "./batch-state";
import { toChat } from "./openai-provider";
import { slotOf } from "./reply-record";
import type { ReplyRequest } from "./request";

/** How batches are submitted; every field has a default. */
interface SubmitOptions {
  readonly limits?: BatchLimits;
  readonly retryFailed?: boolean;
}

/** OpenAI's limits on one batch: 50,000 requests and 200 MB, with some room left. */
interface BatchLimits {
  readonly requests: number;
  readonly bytes: number;
}

const BATCH_LIMITS: BatchLimits = { requests: 50_000, bytes: 190e6 };

const ENDPOINT = "/v1/chat/completions";

/**
 * Submits requests as batches: chunks them, uploads each chunk, creates its batch.
 *
 * Every step is noted before the next, so a run that was interrupted goes on where it was. A batch that
 * was created while the note of it was lost is found again by the chunk's name in its metadata.
 *
 * @param retryFailed whether a batch that failed as a whole is submitted once more.
 * @returns the chunks with their batches.
 * @throws UserError if the same requests failed as a batch before, with its errors.
 */
export async function submitBatches(
  client: OpenAI,
  journal: string,
  requests: AsyncIterable<ReplyRequest>,
  { limits = BATCH_LIMITS, retryFailed = false }: SubmitOptions = {},
): Promise<BatchChunk[]> {
  let chunks = readChunks(journal);
  let isNew = false;
  for await (const chunk of writeNewChunks(journal, requests, limits)) {
    const before = chunks.find((one) => one.chunk === chunk.chunk);
    if (before?.errors !== undefined && !retryFailed) throw refuseFailed(journal, before);
    chunks = [...chunks.filter((one) => one !== before), chunk];
    isNew = true;
    writeChunks(journal, chunks);
  }
  for (const chunk of chunks) {
    if (chunk.batch) continue;
    const batch = (await findBatch(client, chunk)) ?? (await createBatch(client, journal, chunk));
    chunks = chunks.map((one) => (one === chunk ? { ...chunk, ...batch } : one));
    writeChunks(journal, chunks);
  }
  const open = chunks.filter(({ errors }) => errors === undefined);
  // What failed before has been submitted in other pieces, or will be.
  if (isNew) writeChunks(journal, open);
  return open;
}

function refuseFailed(journal: string, { chunk, batch, errors }: BatchChunk): UserError {
  rmSync(chunkPath(journal, chunk), { force: true });
  return new UserError(
    `batch ${batch} of the same requests failed: ${errors?.replace(/\.$/, "")}; submit fewer with --limit, fix the cause and add --retry-failed, or ask without --batch`,
  );
}

async function* writeNewChunks(
  journal: string,
  requests: AsyncIterable<ReplyRequest>,
  limits: BatchLimits,
): AsyncGenerator<BatchChunk> {
  let writer: ChunkWriter | undefined;
  for await (const request of requests) {
    const bytes = Buffer.byteLength(toInputLine(request));
    if (writer?.isFull(bytes, limits)) {
      yield writer.finish();
      writer = undefined;
    }
    writer ??= new ChunkWriter(journal);
    writer.add(request, bytes);
  }
  if (writer) yield writer.finish();
}

/** Writes the requests of one chunk to its file, under a name that the requests decide. */
class ChunkWriter {
  private readonly path: string;
  private readonly file: number;
  private readonly hash = createHash("sha256");
  private requests = 0;
  private bytes = 0;

  constructor(private readonly journal: string) {
    this.path = `${journal}.batch.partial`;
    this.file = openSync(this.path, "w");
  }

  isFull(bytes: number, limits: BatchLimits): boolean {
    return this.requests === limits.requests || this.bytes + bytes > limits.bytes;
  }

  add(request: ReplyRequest, bytes: number): void {
    writeSync(this.file, `${JSON.stringify(request)}\n`);
    this.hash.update(slotOf(request));
    this.requests++;
    this.bytes += bytes;
  }

  finish(): BatchChunk {
    fdatasyncSync(this.file);
    closeSync(this.file);
    const chunk = this.hash.digest("hex").slice(0, 16);
    renameSync(this.path, chunkPath(this.journal, chunk));
    return { chunk, requests: this.requests };
  }
}

async function findBatch(
  client: OpenAI,
  { chunk }: BatchChunk,
): Promise<{ batch: string } | undefined> {
  for await (const batch of client.batches.list({ limit: 100 })) {
    const isLost =
      batch.status === "failed" || batch.status === "expired" || batch.status === "cancelled";
    if (batch.metadata?.empathy_chunk === chunk && !isLost) return { batch: batch.id };
  }
  return undefined;
}

async function createBatch(
  client: OpenAI,
  journal: string,
  chunk: BatchChunk,
): Promise<{ batch: string; inputFile: string }> {
  const path = `${chunkPath(journal, chunk.chunk)}.upload.jsonl`;
  try {
    await writeInput(path, journal, chunk);
    const file = await client.files.create({ file: createReadStream(path), purpose: "batch" });
    const batch = await client.batches.create({
      input_file_id: file.id,
      endpoint: ENDPOINT,
      completion_window: "24h",
      metadata: { empathy_chunk: chunk.chunk },
    });
    return { batch: batch.id, inputFile: file.id };
  } finally {
    removeTemporary(path);
  }
}

async function writeInput(path: string, journal: string, chunk: BatchChunk): Promise<void> {
  const file = openSync(path, "w");
  try {
    for await (const request of readChunkRequests(journal, chunk)) {
      writeSync(file, toInputLine(request));
    }
  } finally {
    closeSync(file);
  }
}

function toInputLine(request: ReplyRequest): string {
  const { body } = request;
  const line = { custom_id: slotOf(request), method: "POST", url: ENDPOINT, body: toChat(body) };
  return `${JSON.stringify(line)}\n`;
}
