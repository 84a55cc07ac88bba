import { appendFileSync, rmSync } from "node:fs";
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
import { readProblem } from "./read-problem";
import { slotOf } from "./reply-record";
import type { ReplyRequest } from "./request";
import { type Redact, redactDeep } from "./secrets";
import { splitLines } from "./split-lines";
import { toReplyRecord } from "./to-reply-record";

/** How far a batch is. */
export interface BatchProgress extends Omit<BatchChunk, "errors"> {
  /** As the provider says it, such as `in_progress`; `not submitted` before it is. */
  readonly status: string;
  readonly completed: number;
  readonly failed: number;
  /** Why the batch failed as a whole. */
  readonly reason?: string;
}

/** Asks how far the batches of a journal are. */
export async function followBatches(client: OpenAI, journal: string): Promise<BatchProgress[]> {
  const progress: BatchProgress[] = [];
  for (const chunk of readChunks(journal)) {
    const isOpen = chunk.batch !== undefined && chunk.errors === undefined;
    const batch = isOpen ? await client.batches.retrieve(chunk.batch as string) : undefined;
    const { completed = 0, failed = 0 } = batch?.request_counts ?? {};
    const status = batch?.status ?? (chunk.errors === undefined ? "not submitted" : "failed");
    const reason = batch ? reasonOf(batch) : chunk.errors;
    const known = { chunk: chunk.chunk, requests: chunk.requests, batch: chunk.batch };
    progress.push({ ...known, status, completed, failed, ...(reason ? { reason } : {}) });
  }
  return progress;
}

/** What was collected. */
export interface Collected {
  readonly recorded: number;
  /** Batches that are still under way. */
  readonly underWay: number;
  /** Why batches failed as a whole; their requests are missing again. */
  readonly failed: readonly string[];
  /** Requests of the batches that have ended, those that failed as a whole aside, and how many have no answer. */
  readonly ended: number;
  readonly unanswered: number;
  /** Lines that cannot be read or answer no request, and the file that keeps them. */
  readonly unreadable: number;
  readonly aside?: string;
}

const ENDED = new Set(["completed", "expired", "cancelled", "failed"]);

/**
 * Records the answers of every batch that has ended, and forgets the batch.
 *
 * What a batch did not get to (it expired, or was cancelled) is missing again, to be asked again. A batch that failed as a
 * whole is kept in mind with its errors, so that the same requests are not submitted again unasked. A line that
 * cannot be read is kept in a file beside the journal. A run that is interrupted collects the same batch again; what is
 * recorded already is passed over. Lines that answer no request of the batch are kept like those that cannot be read.
 */
export async function collectBatches(
  client: OpenAI,
  journal: Journal,
  options: CollectOptions,
): Promise<Collected> {
  let left = readChunks(journal.path);
  let [recorded, unreadable, ended, unanswered] = [0, 0, 0, 0];
  const failed: string[] = [];
  for (const chunk of left.filter((one) => one.errors === undefined)) {
    const batch = chunk.batch ? await client.batches.retrieve(chunk.batch) : undefined;
    if (!batch || !ENDED.has(batch.status)) continue;
    const requests = new Map<string, ReplyRequest>();
    for await (const request of readChunkRequests(journal.path, chunk)) {
      requests.set(slotOf(request), request);
    }
    for (const file of [batch.output_file_id, batch.error_file_id]) {
      const found = file ? await collectFile(client, file, requests, journal, options) : undefined;
      recorded += found?.recorded ?? 0;
      unreadable += found?.unreadable ?? 0;
      for (const slot of found?.answered ?? []) requests.delete(slot);
    }
    await journal.flush();
    const reason = reasonOf(batch, options.redact);
    if (reason !== undefined) failed.push(`${chunk.batch}: ${reason}`);
    else {
      ended += chunk.requests;
      unanswered += requests.size;
    }
    left = left.flatMap((one) => {
      if (one !== chunk) return [one];
      return reason === undefined ? [] : [{ ...chunk, errors: reason }];
    });
    writeChunks(journal.path, left);
    rmSync(chunkPath(journal.path, chunk.chunk), { force: true });
  }
  const underWay = left.filter((one) => one.errors === undefined).length;
  const aside = unreadable > 0 ? { aside: asidePath(journal.path) } : {};
  return { recorded, underWay, failed, ended, unanswered, unreadable, ...aside };
}

/** What collecting needs beside the client and the journal. */
export interface CollectOptions {
  readonly price?: Pick<Price, "input" | "output">;
  readonly redact: Redact;
}

function reasonOf(
  { status, errors }: OpenAI.Batch,
  redact: Redact = (text) => text,
): string | undefined {
  if (status !== "failed") return undefined;
  return shorten(redact(readProblem(errors?.data ?? []).message));
}

function asidePath(journal: string): string {
  return `${journal}.batch-unread`;
}

interface CollectedFile {
  readonly recorded: number;
  readonly unreadable: number;
  /** The slots of the requests that have an answer or a failure of their own. */
  readonly answered: readonly string[];
}

async function collectFile(
  client: OpenAI,
  file: string,
  requests: ReadonlyMap<string, ReplyRequest>,
  journal: Journal,
  { price, redact }: CollectOptions,
): Promise<CollectedFile> {
  const { body } = await client.files.content(file);
  let [recorded, unreadable] = [0, 0];
  const answered: string[] = [];
  if (!body) return { recorded, unreadable, answered };
  const input = Readable.fromWeb(body as import("node:stream/web").ReadableStream);
  for await (const bytes of splitLines(input)) {
    const line = readResult(bytes.toString("utf8"), redact);
    const request = line && requests.get(line.slot);
    if (!request) {
      unreadable++;
      appendFileSync(asidePath(journal.path), `${redact(bytes.toString("utf8"))}\n`, {
        flush: true,
      });
      continue;
    }
    const { slot, result } = line;
    if (!result) continue;
    answered.push(slot);
    if (journal.stateOf(slot) === "answered") continue;
    // Half the price: https://developers.openai.com/api/docs/guides/batch
    const half = price && { input: price.input / 2, output: price.output / 2 };
    await journal.append(toReplyRecord(request, { result, attempts: 1 }, Date.now(), half));
    recorded++;
  }
  return { recorded, unreadable, answered };
}

interface ResultLine {
  readonly custom_id: string;
  readonly response?: { readonly status_code?: number; readonly body?: unknown } | null;
  readonly error?: { readonly code?: unknown } | null;
}

// Of requests that a batch did not get to.
const NOT_ASKED = new Set<unknown>(["batch_expired", "batch_cancelled"]);

// Undefined where the line cannot be read; without a result where the request was not asked.
function readResult(
  line: string,
  redact: Redact,
): { readonly slot: string; readonly result?: Answer | AttemptFailed } | undefined {
  const found = parseLine(line);
  if (!found) return undefined;
  const { custom_id: slot, response, error } = redactDeep(found, redact);
  if (NOT_ASKED.has(error?.code)) return { slot };
  try {
    if (response?.status_code === 200) return { slot, result: readChatAnswer(response.body) };
    const status = response?.status_code ?? 0;
    return { slot, result: classifyResponse({ status, body: response?.body ?? { error } }) };
  } catch (failure) {
    if (!(failure instanceof AttemptFailed)) throw failure;
    const { kind, message, details } = failure;
    return { slot, result: new AttemptFailed(kind, shorten(message), details) };
  }
}

function parseLine(line: string): ResultLine | undefined {
  try {
    const found = JSON.parse(line.replace(/^\uFEFF/, "")) as ResultLine | null;
    return typeof found?.custom_id === "string" ? found : undefined;
  } catch {
    return undefined;
  }
}
