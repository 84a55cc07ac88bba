// What keeps a run within limits a minute, and what a journal says was spent.
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type Answer,
  type AttemptFailed,
  Gate,
  indexJournal,
  JournalIndex,
  Pacer,
  slotOf,
  toReplyRecord,
} from "ask-models";
import { temporaryFolder } from "test-support/temporary";
import { answerOf, failureOf, requestOf, requestsOf, runScript, stillClock } from "./made-requests";

const price = { input: 1e6, output: 1e6 };

describe("Pacer", () => {
  it("lets through one second's worth at once, and the rest evenly", () => {
    const pacer = new Pacer(600);
    const waits = Array.from({ length: 13 }, () => pacer.take(1, 5000));
    assert.deepEqual(waits.slice(9), [0, 0, 100, 200]);
    assert.equal(pacer.take(1, 6000), 0);
  });

  it("gives back what was taken and not used, and takes what was used beyond that", () => {
    const pacer = new Pacer(60_000, 0);
    assert.equal(pacer.take(1000, 0), 0);
    pacer.correct(1000, 100);
    assert.equal(pacer.take(1, 0), 100);
    pacer.correct(1, 51);
    assert.equal(pacer.take(1, 0), 151);
  });
});

describe("Gate", () => {
  const signal = new AbortController().signal;

  it("lets nobody in while it is closed, and a shorter wish does not open it", async () => {
    const clock = stillClock();
    const gate = new Gate({}, clock);
    gate.close(5000);
    gate.close(100);
    await gate.enter(0, signal);
    assert.deepEqual(clock.waits, [5000]);
    await gate.enter(0, signal);
    assert.deepEqual(clock.waits, [5000]);
  });

  it("waits as long as the tighter of both limits says", async () => {
    for (const [requestsPerMinute, tokensPerMinute] of [
      [60, 6000],
      [600, 600],
    ]) {
      const clock = stillClock();
      const gate = new Gate({ requestsPerMinute, tokensPerMinute }, clock);
      for (let n = 0; n < 3; n++) await gate.enter(10, signal);
      // The first may be early by a second, and the second is in time.
      assert.deepEqual(clock.waits, [1000]);
    }
  });
});

describe("JournalIndex", () => {
  const recordOf = (n: number, result: Answer | AttemptFailed = answerOf()) =>
    toReplyRecord(requestOf(`d${n}`), { result, attempts: 1 }, 0, price);

  it("sums what answers cost, of which some name no cost", () => {
    const index = new JournalIndex();
    index.remember(recordOf(0));
    index.remember(recordOf(1, failureOf("request")));
    index.remember(recordOf(2, answerOf(5)));
    assert.equal(index.spentUsd, 12 + 15);
  });

  it("knows who answered and in which way, where failures do not count", () => {
    const index = new JournalIndex();
    index.remember(recordOf(0, failureOf("request")));
    assert.equal(index.waysOf("mine").size, 0);
    assert.equal(index.hasAnswered("mine", "tiny"), false);
    index.remember(recordOf(1));
    assert.deepEqual(
      [...index.waysOf("mine")],
      ['model tiny, prompt plain@1, shown all, parameters {"maxTokens":5}'],
    );
    assert.equal(index.hasAnswered("mine", "tiny"), true);
    assert.equal(index.hasAnswered("mine", "huge"), false);
    assert.equal(index.hasAnswered("yours", "tiny"), false);
  });

  it("takes an answer after a failure for the answer, and holds to it", () => {
    const index = new JournalIndex();
    const slot = slotOf(requestOf("d0"));
    assert.equal(index.stateOf(slot), "missing");
    index.remember(recordOf(0, failureOf("request")));
    assert.equal(index.stateOf(slot), "failed");
    index.remember(recordOf(0));
    index.remember(recordOf(0, failureOf("request")));
    assert.equal(index.stateOf(slot), "answered");
  });

  it("reads the same from a file, and nothing from one that does not exist", async () => {
    const { path } = await runScript(requestsOf(3), () => answerOf(), { price });
    const index = await indexJournal(path);
    assert.deepEqual([index.spentUsd, index.hasAnswered("mine", "tiny")], [36, true]);
    const none = await indexJournal(join(temporaryFolder(), "none.jsonl"));
    assert.deepEqual([none.spentUsd, none.waysOf("mine").size], [0, 0]);
  });
});
