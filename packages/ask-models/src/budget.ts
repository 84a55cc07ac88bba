/**
 * Keeps a run below a sum of money: what a request may cost at most is set aside before it is sent.
 *
 * What an answer really cost replaces what was set aside. An attempt that was lost on the way (a timeout,
 * a broken connection) may have been charged for and stays counted at its worst. Where an answer cost more than
 * it could at most (the server passes over the length limit), so may every later one.
 */
export class Budget {
  private spent = 0;
  private reserved = 0;
  private excess = 1;

  /** @param limitUsd US dollars; infinite for no limit. */
  constructor(private readonly limitUsd = Number.POSITIVE_INFINITY) {}

  /** What a request may cost at most, after what earlier ones did cost. */
  worstOf(expectedUsd: number): number {
    return expectedUsd * this.excess;
  }

  /** Sets a sum aside; false where that could exceed the limit. */
  reserve(worstUsd: number): boolean {
    if (this.spent + this.reserved + worstUsd > this.limitUsd) return false;
    this.reserved += worstUsd;
    return true;
  }

  /** Gives a reservation back, and counts what was spent of it. */
  settle(worstUsd: number, spentUsd: number): void {
    this.reserved = Math.max(0, this.reserved - worstUsd);
    this.spent += spentUsd;
  }

  /** Compares what an answer cost with what it could have at most. */
  learn(expectedUsd: number, costUsd: number): void {
    if (expectedUsd > 0) this.excess = Math.max(this.excess, costUsd / expectedUsd);
  }

  /** US dollars that were spent, lost attempts at their worst. */
  get spentUsd(): number {
    return this.spent;
  }
}
