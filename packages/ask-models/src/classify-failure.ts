// What a failed HTTP attempt calls for, from its status and the provider's error code.
import { withoutCall } from "./check-address";
import { type Answer, AttemptFailed, CHARGED } from "./provider";
import { readProblem } from "./read-problem";
import { readRetryAfter } from "./retry-after";

/** What is known of a response that is not a success. */
interface ErrorResponse {
  readonly status: number;
  readonly headers?: Headers;
  /** As text or read. */
  readonly body: unknown;
  /** The address that answered. */
  readonly url?: string;
}

// Codes only: words such as "safety" or "billing" stand in messages of every kind.
const FILTERED = new Set([
  "content_filter",
  "content_policy_violation",
  "invalid_prompt",
  "moderation_blocked",
  "ResponsibleAIPolicyViolation",
]);
const OUT_OF_MONEY: ReadonlySet<unknown> = new Set([
  "insufficient_quota",
  "billing_not_active",
  "billing_hard_limit_reached",
]);
const TOO_LONG = new Set([
  "context_length_exceeded",
  "exceed_context_size_error",
  "string_above_max_length",
]);
const TOO_MANY: ReadonlySet<unknown> = new Set([
  429,
  "rate_limit_exceeded",
  "rate_limit_error",
  "RESOURCE_EXHAUSTED",
]);
// Words decide nothing here; they only choose what a person is told beside them.
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /system.{0,20}\brole|\brole.{0,20}system|roles must alternate/i,
    "if the model has no system role, add --instruction-in user",
  ],
  [/max_completion_tokens/, "--provider openai sends the limit as max_completion_tokens"],
];

/**
 * Turns an error response into an answer (a content filter refuses with an error) or a failure.
 *
 * HTTP 429 waits, unless the account is out of money; 408, 409, 425 and 5xx are tried again; an input
 * that is too long fails alone; what is rejected with 400 or 422 may fail for itself or for every request; whatever
 * else the server rejects would fail for every request. All is judged by the status and the provider's code, never by
 * words.
 */
export function classifyResponse(response: ErrorResponse, now = Date.now()): Answer {
  const { status, headers, body, url } = response;
  const { message, codes, retryAfterMs } = readProblem(body);
  const moved = status >= 300 && status < 400 ? headers?.get("location") : undefined;
  const words = moved
    ? `the server redirects to ${addressOf(moved, url)}; give that address`
    : oneLine(message);
  const said = `HTTP ${status}: ${words}`;
  const isOneOf = (known: ReadonlySet<unknown>) => codes.some((code) => known.has(code));
  const wait = readRetryAfter(headers, now) ?? retryAfterMs;
  const details = { ...(wait === undefined ? {} : { retryAfterMs: wait }), ...hintOf(message) };
  if (status === 429)
    throw new AttemptFailed(isOneOf(OUT_OF_MONEY) ? "stop" : "rate-limit", said, details);
  if ([408, 409, 425].includes(status) || status >= 500) {
    throw new AttemptFailed("transient", said, details);
  }
  if (isOneOf(FILTERED)) return { status: "filtered", reason: said, finish: "content_filter" };
  if (status === 413 || isOneOf(TOO_LONG)) throw new AttemptFailed("request", said, details);
  throw new AttemptFailed([400, 422].includes(status) ? "rejected" : "stop", said, details);
}

/**
 * Turns an error in the body of a success, as gateways send it, into what the same error would be as a status.
 *
 * @returns undefined if the body holds no error.
 */
export function classifyHiddenError(body: unknown): Answer | undefined {
  const { error } = body as { readonly error?: unknown };
  if (error === undefined || error === null || error === "" || error === false) return undefined;
  const { codes } = readProblem(body);
  const isMany = codes.some((code) => TOO_MANY.has(code) || OUT_OF_MONEY.has(code));
  const numbers = codes.map(Number).filter((code) => code >= 400 && code <= 599);
  return classifyResponse({ status: isMany ? 429 : (numbers[0] ?? 500), body });
}

/** Makes a `fetch` that fails at an error response with what it calls for; `answerOf` takes that up. */
export function failAtErrors(inner: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await inner(input, init);
    const { ok, status, headers } = response;
    if (ok) return response;
    const url = input instanceof Request ? input.url : String(input);
    const body = await response.text();
    throw new AnsweredByError(classifyResponse({ status, headers, body, url }));
  };
}

/** An error response that is an answer all the same. */
class AnsweredByError extends Error {
  constructor(readonly answer: Answer) {
    super(answer.reason);
  }
}

/** Takes up what a call failed with: the answer of a content filter, or else the failure, which is thrown. */
export function answerOf(error: unknown, signal: AbortSignal): Answer {
  const cause = rootCause(error);
  if (cause instanceof AnsweredByError) return cause.answer;
  throw classifyError(error, signal);
}

// What a user may give as a server's address: whole, and without what every request adds.
function addressOf(location: string, url: string | undefined): string {
  return withoutCall(URL.canParse(location, url) ? new URL(location, url).href : location);
}

function hintOf(message: string): { readonly hint?: string } {
  const hint = HINTS.find(([words]) => words.test(message))?.[1];
  return hint === undefined ? {} : { hint };
}

/** Turns a broken connection, a timeout or an unreadable body into a failure to be tried again. */
export function classifyError(error: unknown, signal?: AbortSignal): AttemptFailed {
  const cause = rootCause(error);
  if (cause instanceof AttemptFailed) return cause;
  if (signal?.aborted) return new AttemptFailed("transient", abortReason(signal), CHARGED);
  const code = (cause as NodeJS.ErrnoException).code;
  const sent = !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code ?? "");
  const message = oneLine(`${code ? `${code}: ` : ""}${cause.message}`);
  return new AttemptFailed("transient", message, { maybeCharged: sent });
}

/** A body that is not what the protocol says: cut off, not JSON, of another type. */
export function unreadable(what: string): AttemptFailed {
  return new AttemptFailed("transient", what, CHARGED);
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
