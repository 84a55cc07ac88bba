/**
 * Spreads a quantity (requests, tokens) evenly under a limit a minute, with one second's worth of slack.
 *
 * The generic cell rate algorithm: one number, the moment from which the limit has room again.
 */
export class Pacer {
  private freeAt = Number.NEGATIVE_INFINITY;
  private readonly perMs: number;

  /** @param perMinute the limit; infinite for none. */
  constructor(
    perMinute: number,
    private readonly slackMs = 1000,
  ) {
    this.perMs = perMinute / 60_000;
  }

  /** Takes an amount; returns how many milliseconds to wait before it is used. */
  take(amount: number, now: number): number {
    if (this.perMs === Number.POSITIVE_INFINITY) return 0;
    const start = Math.max(this.freeAt, now - this.slackMs);
    this.freeAt = start + amount / this.perMs;
    return Math.max(0, start - now);
  }

  /** Corrects an earlier amount, once the real one is known. */
  correct(taken: number, used: number): void {
    if (this.perMs !== Number.POSITIVE_INFINITY) this.freeAt += (used - taken) / this.perMs;
  }
}
