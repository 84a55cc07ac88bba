/**
 * Keeps a run below a sum of money: what a request may cost at most is set aside before it is sent.
 *
 * What an answer really cost replaces what was set aside. An attempt that was lost on the way (a timeout,
 * a broken connection) may have been charged for and stays counted at its worst.
 */
export class Budget {
  private spent = 0;
  private reserved = 0;

  /** @param limitUsd US dollars; infinite for no limit. */
  constructor(private readonly limitUsd = Number.POSITIVE_INFINITY) {}

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

  /** US dollars that were spent, lost attempts at their worst. */
  get spentUsd(): number {
    return this.spent;
  }
}
