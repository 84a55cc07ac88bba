// How long is waited between attempts, to the millisecond, and how long for one.
import assert from "node:assert/strict";
import {
  type Answer,
  type AttemptFailed,
  askWithRetries,
  DEFAULT_RETRIES,
  Gate,
  type Provider,
} from "ask-models";
import type { RandomGenerator } from "kit";
import { answerOf, failureOf, requestOf, stillClock } from "./made-requests";

const { body } = requestOf("d0");

function contextOf(provider: Provider, retries: Partial<typeof DEFAULT_RETRIES> = {}, drawn = 0.5) {
  const clock = stillClock();
  return {
    provider,
    clock,
    gate: new Gate({}, clock),
    retries: { ...DEFAULT_RETRIES, ...retries },
    random: { uniform: () => drawn } as RandomGenerator,
    stop: new AbortController().signal,
  };
}

/** What was waited before an answer came, after failures. */
async function waitsOf(
  failures: readonly AttemptFailed[],
  retries: Partial<typeof DEFAULT_RETRIES> = {},
  drawn?: number,
) {
  const left = [...failures];
  const told: number[] = [];
  const provider = {
    async ask(): Promise<Answer> {
      const failure = left.shift();
      if (failure) throw failure;
      return answerOf();
    },
  };
  const context = contextOf(provider, retries, drawn);
  await askWithRetries(body, 0, { ...context, onWait: (wait) => told.push(wait) });
  return { waits: context.clock.waits, told };
}

const fault = failureOf("transient");
const limit = failureOf("rate-limit");

describe("the wait between attempts", () => {
  it("doubles, is drawn between half of itself and all of it, and has a longest", async () => {
    const four = [fault, fault, fault, fault];
    assert.deepEqual((await waitsOf(four)).waits, [750, 1500, 3000, 6000]);
    assert.deepEqual((await waitsOf(four, {}, 0)).waits, [500, 1000, 2000, 4000]);
    const capped = await waitsOf(four, { backoffMs: 100, longestBackoffMs: 300 });
    assert.deepEqual(capped.waits, [75, 150, 225, 225]);
  });

  it("doubles for faults and for rate limits apart", async () => {
    const { waits } = await waitsOf([fault, limit, fault, limit, limit]);
    assert.deepEqual(waits, [750, 750, 1500, 1500, 3000]);
  });

  it("is as long as the server asks, and up to a quarter of a second more", async () => {
    const asked = (retryAfterMs: number) => failureOf("rate-limit", { retryAfterMs });
    assert.deepEqual((await waitsOf([asked(5000)])).waits, [5250]);
    assert.deepEqual((await waitsOf([asked(5000)], { backoffMs: 100 })).waits, [5075]);
    assert.deepEqual((await waitsOf([asked(100), asked(9000)])).waits, [350, 9250]);
  });

  it("is next to nothing only once where the server asks for nothing", async () => {
    const now = failureOf("rate-limit", { retryAfterMs: 0 });
    assert.deepEqual((await waitsOf([now, now, now])).waits, [250, 1500, 3000]);
  });

  it("is told where a rate limit causes it, and only there", async () => {
    assert.deepEqual((await waitsOf([fault, limit, fault])).told, [750]);
    const failures = [limit];
    const provider = { ask: () => Promise.resolve(answerOf()) };
    const failing = {
      ask: () => {
        const failure = failures.shift();
        return failure ? Promise.reject(failure) : provider.ask();
      },
    };
    const { attempts } = await askWithRetries(body, 0, contextOf(failing));
    assert.equal(attempts, 2);
  });

  it("closes the gate to others after a rate limit, and after nothing else", async () => {
    for (const [failure, waits] of [
      [limit, [750, 750]],
      [fault, [750]],
    ] as const) {
      const failures = [failure];
      const context = contextOf({
        async ask() {
          const next = failures.shift();
          if (next) throw next;
          return answerOf();
        },
      });
      const sleep = context.clock.sleep.bind(context.clock);
      let entered = false;
      context.clock.sleep = async (milliseconds, signal) => {
        // Another request comes while the first waits.
        if (!entered) {
          entered = true;
          await context.gate.enter(0, context.stop);
        }
        await sleep(milliseconds, signal);
      };
      await askWithRetries(body, 0, context);
      assert.deepEqual(context.clock.waits, waits);
    }
  });
});

describe("one attempt", () => {
  it("is given up when its time is over, and may have been charged for", async () => {
    const provider: Provider = {
      ask: (_body, signal) =>
        new Promise((_answer, fail) => {
          const late = setTimeout(() => fail(failureOf("stop")), 2000);
          signal.addEventListener("abort", () => {
            clearTimeout(late);
            fail(new Error("aborted"));
          });
        }),
    };
    const context = contextOf(provider, { timeoutMs: 20, transientRetries: 0 });
    const { result, attempts, lost } = await askWithRetries(body, 0, context);
    assert.equal((result as AttemptFailed).message, "no answer within 0.02 s");
    assert.deepEqual([attempts, lost], [1, 1]);
  });

  it("leaves no timer behind once it is answered", async () => {
    let given: AbortSignal | undefined;
    const provider: Provider = {
      async ask(_body, signal) {
        given = signal;
        return answerOf();
      },
    };
    await askWithRetries(body, 0, contextOf(provider, { timeoutMs: 10 }));
    await new Promise((over) => setTimeout(over, 30));
    assert.equal(given?.aborted, false);
  });
});
