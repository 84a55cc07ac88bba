import type { ReplyStatus, Usage } from "./reply-record";
import type { RequestBody } from "./request";

/** What one attempt brought back: a reply, or the model's reason for none. */
export interface Answer {
  readonly status: Exclude<ReplyStatus, "failed">;
  /** The reply, or what there is of it. */
  readonly text?: string;
  /** What the model thought before its reply, where the provider or the text says it. */
  readonly thinking?: string;
  /** The whole text, where it holds more than reply and reasoning, such as template tokens. */
  readonly said?: string;
  readonly reason?: string;
  /** The model as the provider names it. */
  readonly model?: string;
  readonly finish?: string;
  readonly usage?: Usage;
  /** Log-probabilities of the most probable first tokens, where they were asked for and given. */
  readonly logprobs?: Readonly<Record<string, number>>;
}

/** Something that answers requests, one attempt a call. */
export interface Provider {
  /**
   * @param signal aborts the attempt, a stalled body included.
   * @throws AttemptFailed if no answer came.
   */
  ask(body: RequestBody, signal: AbortSignal): Promise<Answer>;
}

/**
 * What a failed attempt calls for. `rate-limit`: wait as long as the server says, then again. `transient`:
 * back off, then again. `malformed`: the answer lacks the form that was asked for; ask again. `rejected`: the server
 * does not take the request, be it for this one's content or for what all have in common; other requests tell which.
 * `request`: this request will never do; go on with the next. `stop`: no request will do; end the run.
 */
export type FailureKind =
  | "rate-limit"
  | "transient"
  | "malformed"
  | "rejected"
  | "request"
  | "stop";

/** What is known of a failed attempt beside its kind. */
interface FailureDetails {
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number;
  /** Whether the server may have answered, and charged for it, all the same. */
  readonly maybeCharged?: boolean;
  /** The text that lacks the form that was asked for. */
  readonly said?: string;
  /** What may help, in our own words. */
  readonly hint?: string;
}

/** Where the server may have answered. */
export const CHARGED: FailureDetails = { maybeCharged: true };

/** An attempt that brought no answer. */
export class AttemptFailed extends Error {
  override name = "AttemptFailed";

  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly details: FailureDetails = {},
  ) {
    super(message);
  }

  /** What went wrong and what may help, in one line. */
  get reason(): string {
    const { hint } = this.details;
    return hint === undefined ? this.message : `${this.message.replace(/\.$/, "")}; ${hint}`;
  }
}
