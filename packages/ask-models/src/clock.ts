import { setTimeout as wait } from "node:timers/promises";

/** Time, as a parameter: tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits; rejects with the signal's reason where that is aborted first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

// Node's timers count in 31 bits, and end at once above that.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    try {
      for (let left = milliseconds; left >= 0; left -= LONGEST_TIMER_MS) {
        await wait(Math.min(left, LONGEST_TIMER_MS), undefined, { signal });
      }
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
