import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type OpenAI from "openai";
import {
  type BatchChunk,
  chunkPath,
  readChunkRequests,
  readChunks,
  writeChunks,
} from "./batch-state";
import { classifyResponse, shorten } from "./classify-failure";
import type { Journal } from "./journal";
import type { Price } from "./price";
import { type Answer, AttemptFailed } from "./provider";
import { readChatAnswer } from "./read-answer";
import { slotOf } from "./reply-record";
import type { ReplyRequest } from "./request";
import { type Redact, redactDeep } from "./secrets";
import { toReplyRecord } from "./to-reply-record";

/** How far a batch is. */
export interface BatchProgress extends BatchChunk {
  /** As the provider says it, such as `in_progress`; `not submitted` before it is. */
  readonly status: string;
  readonly completed: number;
  readonly failed: number;
}

/** Asks how far the batches of a journal are. */
export async function followBatches(client: OpenAI, journal: string): Promise<BatchProgress[]> {
  const progress: BatchProgress[] = [];
  for (const chunk of readChunks(journal)) {
    const batch = chunk.batch ? await client.batches.retrieve(chunk.batch) : undefined;
    const { completed = 0, failed = 0 } = batch?.request_counts ?? {};
    progress.push({ ...chunk, status: batch?.status ?? "not submitted", completed, failed });
  }
  return progress;
}

/** What was collected. */
export interface Collected {
  readonly recorded: number;
  /** Batches that are still under way. */
  readonly underWay: number;
}

const ENDED = new Set(["completed", "expired", "cancelled", "failed"]);

/**
 * Records the answers of every batch that has ended, and forgets the batch.
 *
 * What a batch did not get to (it expired, or was cancelled) is missing again, to be asked again. A run
 * that is interrupted collects the same batch again; what is recorded already is passed over.
 */
export async function collectBatches(
  client: OpenAI,
  journal: Journal,
  options: { readonly price?: Pick<Price, "input" | "output">; readonly redact: Redact },
): Promise<Collected> {
  let left = readChunks(journal.path);
  let recorded = 0;
  for (const chunk of left) {
    const batch = chunk.batch ? await client.batches.retrieve(chunk.batch) : undefined;
    if (!batch || !ENDED.has(batch.status)) continue;
    const requests = new Map<string, ReplyRequest>();
    for await (const request of readChunkRequests(journal.path, chunk)) {
      requests.set(slotOf(request), request);
    }
    for (const file of [batch.output_file_id, batch.error_file_id]) {
      if (file) recorded += await collectFile(client, file, requests, journal, options);
    }
    await journal.flush();
    left = left.filter((one) => one !== chunk);
    writeChunks(journal.path, left);
    rmSync(chunkPath(journal.path, chunk.chunk), { force: true });
  }
  return { recorded, underWay: left.length };
}

async function collectFile(
  client: OpenAI,
  file: string,
  requests: ReadonlyMap<string, ReplyRequest>,
  journal: Journal,
  { price, redact }: { readonly price?: Pick<Price, "input" | "output">; readonly redact: Redact },
): Promise<number> {
  const { body } = await client.files.content(file);
  if (!body) return 0;
  const input = Readable.fromWeb(body as import("node:stream/web").ReadableStream);
  let recorded = 0;
  for await (const line of createInterface({ input })) {
    const { slot, result } = readResult(line, redact);
    const request = requests.get(slot);
    if (!request || journal.stateOf(slot) === "answered") continue;
    // Half the price: https://developers.openai.com/api/docs/guides/batch
    const half = price && { input: price.input / 2, output: price.output / 2 };
    await journal.append(toReplyRecord(request, { result, attempts: 1 }, Date.now(), half));
    recorded++;
  }
  return recorded;
}

interface SaidError {
  readonly message?: string;
  readonly code?: unknown;
  readonly type?: unknown;
}

interface ResultLine {
  readonly custom_id?: string;
  readonly response?: { readonly status_code?: number; readonly body?: unknown } | null;
  readonly error?: { readonly message?: string } | null;
}

function readResult(
  line: string,
  redact: Redact,
): { slot: string; result: Answer | AttemptFailed } {
  const {
    custom_id: slot = "",
    response,
    error,
  } = redactDeep(JSON.parse(line) as ResultLine, redact);
  try {
    if (response?.status_code === 200) return { slot, result: readChatAnswer(response.body) };
    const { error: said } = (response?.body ?? {}) as { error?: SaidError | null };
    const message = shorten(said?.message ?? error?.message ?? "no reason is given");
    const status = response?.status_code ?? 0;
    return { slot, result: classifyResponse({ status, codes: [said?.code, said?.type], message }) };
  } catch (failure) {
    if (failure instanceof AttemptFailed) return { slot, result: failure };
    throw failure;
  }
}
