import type { Clock } from "./clock";
import { Pacer } from "./pacer";

/** Limits that all attempts of a run share; none where nothing is said. */
export interface GateLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** What every attempt passes before it is sent: limits a minute, and the server's own wish to wait. */
export class Gate {
  private readonly requests: Pacer;
  private readonly tokens: Pacer;
  private closedUntil = 0;

  constructor(
    limits: GateLimits,
    private readonly clock: Clock,
  ) {
    this.requests = new Pacer(limits.requestsPerMinute ?? Number.POSITIVE_INFINITY);
    this.tokens = new Pacer(limits.tokensPerMinute ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Waits for this attempt's turn.
   *
   * @param tokens what the attempt may take at most; corrected with `correct`.
   * @throws the signal's reason where it is aborted meanwhile.
   */
  async enter(tokens: number, signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const paced = Math.max(this.requests.take(1, now), this.tokens.take(tokens, now));
    if (paced > 0) await this.clock.sleep(paced, signal);
    for (let left = this.left(); left > 0; left = this.left()) await this.clock.sleep(left, signal);
    signal.throwIfAborted();
  }

  /** Keeps everyone waiting: a rate limit is the account's, not the request's. */
  close(milliseconds: number): void {
    this.closedUntil = Math.max(this.closedUntil, this.clock.now() + milliseconds);
  }

  /** Corrects the tokens of an attempt, once they are known. */
  correct(taken: number, used: number): void {
    this.tokens.correct(taken, used);
  }

  private left(): number {
    return this.closedUntil - this.clock.now();
  }
}
