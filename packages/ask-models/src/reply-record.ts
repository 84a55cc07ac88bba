// One line of a journal: JSON that ends in a checksum of the bytes before it, so that a line that was
// cut off or edited by hand is noticed.
import { hash } from "node:crypto";
import type { ReplyRequest, RequestBody } from "./request";

/**
 * How a request ended. `ok`: there is a reply. `refused`: the provider marks the answer as a refusal.
 * `filtered`: a content filter withheld it. `empty`: the answer has no text. `cut-off`: the answer ran
 * into the length limit, or ended otherwise than whole ones do; its text is kept as `partial`. `failed`: no answer after all retries.
 */
export type ReplyStatus = "ok" | "refused" | "filtered" | "empty" | "cut-off" | "failed";

/** Tokens as the provider counts them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a journal holds of one request. */
export interface ReplyRecord {
  readonly dialogue: string;
  /** Number of the utterance that the reply is, as in `Stimulus`. */
  readonly turn: number;
  readonly system: string;
  /** Number of the draw, from 1. */
  readonly sample: number;
  /** The request's key; see `requestKey`. */
  readonly key: string;
  readonly status: ReplyStatus;
  /** Present exactly where the status is `ok`. */
  readonly reply?: string;
  /** The text of an answer that was cut off, and never a whole reply. */
  readonly partial?: string;
  /** What the model thought before it replied, and no part of the reply. */
  readonly thinking?: string;
  /** The whole text, where it holds more than reply and reasoning, such as template tokens, or where it lacks the form that was asked for. */
  readonly said?: string;
  /** Why there is no reply, in words. */
  readonly reason?: string;
  /** The model that answered, as the provider names it. */
  readonly model?: string;
  readonly finish?: string;
  readonly usage?: Usage;
  /** Log-probabilities of the most probable first tokens, where they were asked for and given. */
  readonly logprobs?: Readonly<Record<string, number>>;
  /** US dollars; absent where no price or no usage is known. */
  readonly costUsd?: number;
  /** How often the provider was asked, this answer included. */
  readonly attempts: number;
  /** When the answer was recorded: ISO 8601, UTC. */
  readonly time: string;
  readonly request: RequestBody;
}

/** Finds the system in a record's line, which names it before any text of others. */
export const SYSTEM_OF_LINE = /^\{"dialogue":"(?:[^"\\]|\\.)*","turn":\d+,"system":"([a-z0-9.-]+)"/;

const SUM = /,"sum":"([0-9a-f]{16})"\}$/;

/** Writes a record as one line, with its checksum and a line end. */
export function formatRecord(record: ReplyRecord): string {
  const open = JSON.stringify(record).slice(0, -1);
  return `${open},"sum":"${checksum(open)}"}\n`;
}

/**
 * Reads a line back.
 *
 * @returns the record, or undefined if the line is not exactly as it was written.
 */
export function parseRecord(line: string): ReplyRecord | undefined {
  const found = SUM.exec(line);
  if (!found || checksum(line.slice(0, found.index)) !== found[1]) return undefined;
  const { sum: _sum, ...record } = JSON.parse(line) as ReplyRecord & { sum: string };
  return record;
}

/**
 * Names the slot that a record fills: which system's which draw for which stimulus, asked how.
 *
 * A hash, because a journal's index holds one for every record: 28 characters, and no part of a longer text.
 */
export function slotOf(record: Pick<ReplyRequest, "system" | "dialogue" | "turn" | "key">): string {
  const { key, turn, system, dialogue } = record;
  return hash("sha1", `${key} ${turn} ${system} ${dialogue}`, "base64");
}

function checksum(text: string): string {
  return hash("sha256", text, "hex").slice(0, 16);
}
