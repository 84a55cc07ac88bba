// What a failed HTTP attempt calls for, from its status and the provider's error code.
import { type Answer, AttemptFailed } from "./provider";
import { readRetryAfter } from "./retry-after";

/** What is known of a response that is not a success. */
export interface ErrorResponse {
  readonly status: number;
  readonly headers?: Headers;
  /** The provider's own codes, such as `insufficient_quota`: of what went wrong, and of its kind. */
  readonly codes?: readonly unknown[];
  readonly message: string;
}

// Codes only: words such as "safety" or "billing" stand in messages of every kind.
const FILTERED = new Set([
  "content_filter",
  "content_policy_violation",
  "invalid_prompt",
  "moderation_blocked",
  "ResponsibleAIPolicyViolation",
]);
const OUT_OF_MONEY = new Set([
  "insufficient_quota",
  "billing_not_active",
  "billing_hard_limit_reached",
]);
const TOO_LONG = new Set([
  "context_length_exceeded",
  "exceed_context_size_error",
  "string_above_max_length",
]);
// For servers of one's own that have no code; at worst one request is passed over, and named as failed.
const SAYS_TOO_LONG =
  /context[ _]length|context window|maximum context|too long|too many tokens|inputs?.{0,20}must have less/i;

/**
 * Turns an error response into an answer (a content filter refuses with an error) or a failure.
 *
 * HTTP 429 waits, unless the account is out of money; 408, 409, 425 and 5xx are tried again; an input
 * that is too long fails alone; whatever else the server rejects would fail for every request. Money and filters
 * are judged by the status and the provider's code, never by words.
 */
export function classifyResponse(response: ErrorResponse, now = Date.now()): Answer {
  const { status, headers, codes = [], message } = response;
  const said = `HTTP ${status}: ${oneLine(message)}`;
  const isOneOf = (known: ReadonlySet<unknown>) => codes.some((code) => known.has(code));
  if (status === 429) {
    if (isOneOf(OUT_OF_MONEY)) throw new AttemptFailed("stop", said);
    throw new AttemptFailed("rate-limit", said, readRetryAfter(headers, now));
  }
  if ([408, 409, 425].includes(status) || status >= 500) {
    throw new AttemptFailed("transient", said, readRetryAfter(headers, now));
  }
  if (isOneOf(FILTERED)) return { status: "filtered", reason: said, finish: "content_filter" };
  const isTooLong = status === 413 || isOneOf(TOO_LONG);
  const hasCode = typeof codes[0] === "string";
  const saysTooLong = [400, 422].includes(status) && !hasCode && SAYS_TOO_LONG.test(message);
  throw new AttemptFailed(isTooLong || saysTooLong ? "request" : "stop", said);
}

/** Turns a broken connection, a timeout or an unreadable body into a failure to be tried again. */
export function classifyError(error: unknown, signal: AbortSignal): AttemptFailed {
  const cause = rootCause(error);
  if (cause instanceof AttemptFailed) return cause;
  if (signal.aborted) return new AttemptFailed("transient", abortReason(signal), undefined, true);
  const code = (cause as NodeJS.ErrnoException).code;
  const sent = !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code ?? "");
  const message = oneLine(`${code ? `${code}: ` : ""}${cause.message}`);
  return new AttemptFailed("transient", message, undefined, sent);
}

/** A body that is not what the protocol says: cut off, not JSON, of another type. */
export function unreadable(what: string): AttemptFailed {
  return new AttemptFailed("transient", what, undefined, true);
}

function abortReason({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : "stopped";
}

function rootCause(error: unknown): Error {
  let cause = error instanceof Error ? error : new Error(String(error));
  while (cause.cause instanceof Error) cause = cause.cause;
  return cause;
}

const LONGEST_MESSAGE = 300;

/** Cuts what a server said to a length for people; only ever after secrets were taken out of the whole. */
export function shorten(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, " ").trim();
}
