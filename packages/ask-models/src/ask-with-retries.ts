import type { RandomGenerator } from "kit";
import { classifyError } from "./classify-failure";
import type { Clock } from "./clock";
import type { Gate } from "./gate";
import { type Answer, AttemptFailed, type Provider } from "./provider";
import type { RequestBody } from "./request";

/** How attempts are repeated. */
export interface RetryPolicy {
  /** How long one attempt may take, its body included; 120,000 ms by default. */
  readonly timeoutMs: number;
  /** Further attempts after a failure that may pass; 5 by default. */
  readonly transientRetries: number;
  /** Further attempts after an answer that lacks the form that was asked for; 2 by default. */
  readonly malformedRetries: number;
  /** Further attempts after the server said that it is too much; 20 by default. */
  readonly rateLimitRetries: number;
  /** The first wait, doubled each time, drawn between half of it and all of it; 1,000 ms by default. */
  readonly backoffMs: number;
  /** The longest wait of our own; 60,000 ms by default. */
  readonly longestBackoffMs: number;
  /** The longest wait that a server may ask for before the run ends instead; 900,000 ms by default. */
  readonly longestRetryAfterMs: number;
}

export const DEFAULT_RETRIES: RetryPolicy = {
  timeoutMs: 120_000,
  transientRetries: 5,
  malformedRetries: 2,
  rateLimitRetries: 20,
  backoffMs: 1000,
  longestBackoffMs: 60_000,
  longestRetryAfterMs: 900_000,
};

/** What attempts need beside the request. */
interface AttemptContext {
  readonly provider: Provider;
  readonly gate: Gate;
  readonly retries: RetryPolicy;
  readonly clock: Clock;
  readonly random: RandomGenerator;
  /** Ends the waiting between attempts, never an attempt that is under way. */
  readonly stop: AbortSignal;
  /** Told how long a rate limit makes a request wait, before it waits. */
  readonly onWait?: (milliseconds: number) => void;
}

/** How a request ended, after all its attempts. */
export interface Outcome {
  /** The answer, or what the last attempt failed with. */
  readonly result: Answer | AttemptFailed;
  readonly attempts: number;
  /** Attempts that brought nothing and may have been charged for. */
  readonly lost: number;
}

/**
 * Asks until there is an answer or no hope of one.
 *
 * @param tokens what one attempt may take at most.
 * @throws the stop signal's reason where it is aborted while no attempt is under way.
 */
export async function askWithRetries(
  body: RequestBody,
  tokens: number,
  context: AttemptContext,
): Promise<Outcome> {
  const { gate, retries, stop } = context;
  const left = {
    "rate-limit": retries.rateLimitRetries,
    transient: retries.transientRetries,
    malformed: retries.malformedRetries,
  };
  for (let attempts = 1, lost = 0; ; attempts++) {
    await gate.enter(tokens, stop);
    const result = await attemptOnce(body, context);
    if (!(result instanceof AttemptFailed)) {
      gate.correct(tokens, countUsed(result, tokens));
      return { result, attempts, lost };
    }
    const { kind, details } = result;
    if (details.maybeCharged) lost++;
    if (kind === "request" || kind === "stop" || kind === "rejected")
      return { result, attempts, lost };
    if (left[kind]-- === 0) return { result, attempts, lost };
    if (kind === "malformed") continue;
    if ((details.retryAfterMs ?? 0) > retries.longestRetryAfterMs) {
      return { result: new AttemptFailed("stop", tooLong(result)), attempts, lost };
    }
    await backOff(result, retries.transientRetries - left.transient, attempts, context);
  }
}

async function attemptOnce(
  body: RequestBody,
  { provider, retries }: AttemptContext,
): Promise<Answer | AttemptFailed> {
  const controller = new AbortController();
  const { timeoutMs } = retries;
  const timer = setTimeout(
    () => controller.abort(new Error(`no answer within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  try {
    return await provider.ask(body, controller.signal);
  } catch (error) {
    return classifyError(error, controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function backOff(
  failure: AttemptFailed,
  transients: number,
  attempts: number,
  { gate, retries, clock, random, stop, onWait }: AttemptContext,
): Promise<void> {
  const { backoffMs, longestBackoffMs } = retries;
  const isLimit = failure.kind === "rate-limit";
  const doublings = (isLimit ? attempts - transients : transients) - 1;
  const longest = Math.min(backoffMs * 2 ** doublings, longestBackoffMs);
  const drawn = longest * (0.5 + 0.5 * random.uniform());
  const { retryAfterMs = drawn } = failure.details;
  // A wish to wait for nothing is granted once; after that nobody waits less than without it.
  const asked = doublings === 0 ? retryAfterMs : Math.max(retryAfterMs, drawn);
  // Jitter on top of the server's wish: a hundred waiting requests should not return as one.
  const wait = asked === drawn ? drawn : asked + Math.min(drawn, 250);
  if (isLimit) {
    gate.close(asked);
    onWait?.(wait);
  }
  await clock.sleep(wait, stop);
}

function countUsed({ usage }: Answer, tokens: number): number {
  return usage ? usage.inputTokens + usage.outputTokens : tokens;
}

function tooLong({ message, details: { retryAfterMs = 0 } }: AttemptFailed): string {
  return `${message} (and asks to wait ${Math.ceil(retryAfterMs / 1000)} s)`;
}
