import assert from "node:assert/strict";
import {
  AttemptFailed,
  askWithRetries,
  Budget,
  buildRequest,
  DEFAULT_RETRIES,
  Gate,
  Pacer,
  readRetryAfter,
  systemClock,
} from "ask-models";
import { createGenerator } from "kit";
import { formatProgress } from "../../apps/cli/ask-report";
import { planOf, skippingClock, stimulusOf } from "./ask-support";

const { body } = buildRequest(planOf(), stimulusOf("d", "Hello."), 1);

function contextOf(failures: AttemptFailed[], seed = 1) {
  const clock = skippingClock();
  return {
    clock,
    provider: {
      ask: async () => {
        const failure = failures.shift();
        if (failure) throw failure;
        return { status: "ok" as const, text: "There." };
      },
    },
    gate: new Gate({}, clock),
    retries: DEFAULT_RETRIES,
    random: createGenerator(seed),
    stop: new AbortController().signal,
  };
}

describe("askWithRetries", () => {
  it("doubles its wait from failure to failure, within half of it, up to the cap", async () => {
    const failures = Array.from({ length: 12 }, () => new AttemptFailed("transient", "HTTP 500"));
    const context = contextOf(failures);
    const retries = { ...DEFAULT_RETRIES, transientRetries: 12 };
    const { attempts } = await askWithRetries(body, 0, { ...context, retries });
    assert.equal(attempts, 13);
    for (const [place, wait] of context.clock.waits.entries()) {
      const longest = Math.min(1000 * 2 ** place, 60_000);
      assert.ok(wait >= longest / 2 && wait <= longest, `${wait} at ${place}`);
    }
  });

  it("counts the two classes of failure apart", async () => {
    const limits = Array.from({ length: 8 }, () => new AttemptFailed("rate-limit", "HTTP 429"));
    const faults = Array.from({ length: 5 }, () => new AttemptFailed("transient", "HTTP 503"));
    const context = contextOf([...limits, ...faults]);
    const outcome = await askWithRetries(body, 0, context);
    assert.equal(outcome.attempts, 14);
    assert.deepEqual(outcome.result, { status: "ok", text: "There." });
  });

  it("draws the same waits from the same seed", async () => {
    const waits: number[][] = [];
    for (const seed of [3, 3, 4]) {
      const context = contextOf(
        [1, 2, 3].map(() => new AttemptFailed("transient", "x")),
        seed,
      );
      await askWithRetries(body, 0, context);
      waits.push(context.clock.waits);
    }
    assert.deepEqual(waits[0], waits[1]);
    assert.notDeepEqual(waits[0], waits[2]);
  });

  it("holds every other request back as long as a rate limit lasts", async () => {
    const context = contextOf([
      new AttemptFailed("rate-limit", "HTTP 429", { retryAfterMs: 30_000 }),
    ]);
    await askWithRetries(body, 0, context);
    const waited = context.clock.waits.reduce((sum, wait) => sum + wait, 0);
    assert.ok(waited >= 30_000 && waited <= 31_000, `${waited}`);
  });
});

describe("readRetryAfter", () => {
  const read = (value: string) => readRetryAfter(new Headers({ "retry-after": value }), 1e12);

  it("reads seconds, dates, dates that have passed, and nothing from nonsense", () => {
    assert.equal(read("3"), 3000);
    assert.equal(read("0.5"), 500);
    assert.equal(read(new Date(1e12 + 5000).toUTCString()), 5000);
    assert.equal(read(new Date(1e12 - 5000).toUTCString()), 0);
    assert.equal(read("soon"), undefined);
    assert.equal(readRetryAfter(undefined, 0), undefined);
  });
});

describe("formatProgress", () => {
  it("says that a rate limit makes the run wait, and how long", () => {
    const statuses = { ok: 2, refused: 0, filtered: 0, empty: 0, "cut-off": 0, failed: 0 };
    const report = { statuses, attempts: 3, costUsd: 0, costKnown: false };
    const survey = { requests: 5, answered: 0, failed: 0, missing: 5, spentUsd: 0 };
    const line = formatProgress("mine", survey, { ...report, waitMs: 11_700 }, 1, {});
    assert.equal(line, "mine  2 done  3 missing  0 failed  rate-limited, waits 12 s");
    assert.match(formatProgress("mine", survey, report, 1, {}), /2\.0\/s {2}2 s left$/);
  });
});

describe("Pacer", () => {
  it("lets through what the limit allows in any minute, and one second's worth more", () => {
    const pacer = new Pacer(600);
    let now = 0;
    const times: number[] = [];
    for (let n = 0; n < 100; n++) {
      now += pacer.take(1, now);
      times.push(now);
    }
    assert.equal(times[10], 0);
    assert.equal(times[20], 1000);
    assert.equal(times[99], 8900);
  });

  it("gives back what was taken and not used", () => {
    const pacer = new Pacer(60_000, 0);
    pacer.take(1000, 0);
    pacer.correct(1000, 100);
    assert.equal(pacer.take(1, 0), 100);
  });
});

describe("Budget", () => {
  it("takes every answer for as dear as the dearest so far, beside what it could cost at most", () => {
    const budget = new Budget(10);
    budget.learn(1, 0.5);
    assert.equal(budget.worstOf(1), 1);
    budget.learn(1, 20);
    budget.learn(1, 20);
    assert.equal(budget.worstOf(0.1), 2);
  });

  it("never promises more than it has", () => {
    const budget = new Budget(1);
    assert.ok(budget.reserve(0.6));
    assert.ok(!budget.reserve(0.6));
    budget.settle(0.6, 0.1);
    assert.ok(budget.reserve(0.6));
    assert.ok(!budget.reserve(0.31));
    assert.equal(budget.spentUsd, 0.1);
  });
});

describe("systemClock", () => {
  it("waits longer than a timer can count, until it is stopped", async () => {
    const stop = new AbortController();
    let ended = false;
    const sleeping = systemClock.sleep(6e9, stop.signal).finally(() => {
      ended = true;
    });
    await systemClock.sleep(20);
    assert.equal(ended, false);
    stop.abort(new Error("stopped"));
    await assert.rejects(sleeping, /stopped/);
  });
});
