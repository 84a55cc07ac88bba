// What a run spends, when it ends and what it says, against answers that are written by hand.
import assert from "node:assert/strict";
import {
  type Answer,
  type AskReport,
  AttemptFailed,
  Budget,
  costOf,
  readJournal,
} from "ask-models";
import { answerOf, failureOf, requestOf, requestsOf, runScript, stillClock } from "./made-requests";

// Ten tokens sent and five received at most are 15 dollars; an answer of two tokens is 12.
const MONEY = {
  price: { input: 1e6, output: 1e6 },
  countTokens: () => 10,
  maxCostUsd: 1000,
};
const lost = failureOf("transient", { maybeCharged: true });

function reportOf(ended: PromiseSettledResult<AskReport> | undefined): AskReport {
  assert.ok(ended);
  if (ended.status === "rejected") throw ended.reason;
  return ended.value;
}

function messageOf(ended: PromiseSettledResult<AskReport> | undefined): string {
  assert.equal(ended?.status, "rejected");
  assert.equal(ended.reason.name, "UserError");
  return ended.reason.message;
}

describe("costOf", () => {
  it("prices what was sent and what came back, each by the million tokens", () => {
    const price = { input: 3, output: 15 };
    assert.equal(costOf(price, { inputTokens: 2e6, outputTokens: 0 }), 6);
    assert.equal(costOf(price, { inputTokens: 0, outputTokens: 4e5 }), 6);
  });
});

describe("Budget", () => {
  it("takes a sum that fills it, and none that is larger", () => {
    const budget = new Budget(1);
    assert.equal(budget.reserve(1.01), false);
    assert.equal(budget.reserve(0.75), true);
    assert.equal(budget.reserve(0.25), true);
    assert.equal(budget.reserve(0.01), false);
    budget.settle(0.75, 0.5);
    assert.equal(budget.reserve(0.25), true);
    assert.equal(budget.reserve(0.01), false);
    assert.equal(budget.spentUsd, 0.5);
  });

  it("learns by how much answers exceed what they could cost, and nothing where that is unknown", () => {
    const budget = new Budget();
    budget.learn(0, 5);
    assert.equal(budget.worstOf(2), 2);
    budget.learn(4, 10);
    assert.equal(budget.worstOf(2), 5);
    budget.learn(4, 6);
    assert.equal(budget.worstOf(2), 5);
  });

  it("has no limit unless one is given", () => {
    assert.equal(new Budget().reserve(1e12), true);
  });
});

describe("what askAll spends", () => {
  it("is what answers cost", async () => {
    const { ended, records } = await runScript(requestsOf(2), () => answerOf(), MONEY);
    const report = reportOf(ended);
    assert.deepEqual(
      [report.costUsd, report.costKnown, report.attempts, report.overspent, report.stopped],
      [24, true, 2, undefined, undefined],
    );
    assert.deepEqual(
      records.map(({ costUsd }) => costUsd),
      [12, 12],
    );
  });

  it("counts an attempt that was lost, and may have been charged for, at its worst", async () => {
    const { ended, records } = await runScript(
      requestsOf(1),
      (_dialogue, before) => (before < 2 ? lost : answerOf()),
      MONEY,
    );
    const { costUsd, attempts } = reportOf(ended);
    assert.deepEqual([costUsd, attempts], [15 + 15 + 12, 3]);
    assert.deepEqual([records[0]?.costUsd, records[0]?.attempts], [12, 3]);
  });

  it("counts so without a limit of money, too", async () => {
    const { maxCostUsd: _, ...unlimited } = MONEY;
    const script = (_dialogue: string, before: number) => (before < 2 ? lost : answerOf());
    const { ended } = await runScript(requestsOf(1), script, unlimited);
    assert.equal(reportOf(ended).costUsd, 15 + 15 + 12);
    const silent = () => ({ status: "ok" as const, text: "There." });
    assert.equal(reportOf((await runScript(requestsOf(2), silent, unlimited)).ended).costUsd, 30);
  });

  it("counts nothing for an attempt that cannot have been charged for", async () => {
    const script = (_dialogue: string, before: number) =>
      before < 2 ? failureOf("transient") : answerOf();
    assert.equal(reportOf((await runScript(requestsOf(1), script, MONEY)).ended).costUsd, 12);
  });

  it("is the lost attempts alone where a request fails in the end", async () => {
    const retries = { transientRetries: 1 };
    const { ended, records } = await runScript(requestsOf(1), () => lost, { ...MONEY, retries });
    const { costUsd, statuses } = reportOf(ended);
    assert.deepEqual([costUsd, statuses.failed], [30, 1]);
    assert.deepEqual([records[0]?.status, records[0]?.costUsd], ["failed", undefined]);
  });

  it("counts an answer that does not say its tokens at its worst", async () => {
    const script = () => ({ status: "ok" as const, text: "There." });
    assert.equal(reportOf((await runScript(requestsOf(2), script, MONEY)).ended).costUsd, 30);
  });

  it("counts what was lost before a request was set aside, and before a run ended", async () => {
    for (const kind of ["rejected", "stop"] as const) {
      let told: AskReport | undefined;
      const { ended } = await runScript(
        requestsOf(1),
        (_dialogue, before) => (before === 0 ? lost : failureOf(kind)),
        {
          ...MONEY,
          onProgress: (report) => {
            told = report;
          },
        },
      );
      assert.equal(messageOf(ended), `tiny${kind === "stop" ? "" : ", dialogue 'd0'"}: ${kind}.`);
      assert.deepEqual([told?.costUsd, told?.attempts], [15, 2]);
    }
  });

  it("ends before the limit could be passed, with what is under way at its worst", async () => {
    for (const [maxCostUsd, count] of [
      [38, 2],
      [39, 3],
      [14, 0],
      [15, 1],
    ] as const) {
      const { ended, asked } = await runScript(requestsOf(9), () => answerOf(), {
        ...MONEY,
        maxCostUsd,
      });
      const { stopped, costUsd, overspent } = reportOf(ended);
      assert.deepEqual([stopped, costUsd, overspent], ["max-cost", 12 * count, undefined]);
      assert.equal(asked.length, count, `${maxCostUsd}`);
    }
  });

  it("lets a request wait for money that others may give back", async () => {
    // Two at once would be 30 at worst; one after the other they are 12 and 12.
    const { ended, records } = await runScript(requestsOf(2), () => answerOf(), {
      ...MONEY,
      maxCostUsd: 27,
      concurrency: 2,
    });
    const { stopped, costUsd } = reportOf(ended);
    assert.deepEqual([stopped, costUsd, records.length], [undefined, 24, 2]);
  });

  it("sets aside more for later requests where an answer cost more than it could", async () => {
    // The first costs 10 + 20 = 30 of at most 15, so the next may cost 30: 60 in all is beyond 59.
    for (const [maxCostUsd, count] of [
      [59, 1],
      [60, 2],
    ] as const) {
      const { ended } = await runScript(requestsOf(2), () => answerOf(20), {
        ...MONEY,
        maxCostUsd,
      });
      const { costUsd, stopped } = reportOf(ended);
      assert.deepEqual([costUsd, stopped], [30 * count, count === 1 ? "max-cost" : undefined]);
    }
  });

  it("says that it overspent where an answer alone cost more than the limit", async () => {
    const { ended } = await runScript(requestsOf(1), () => answerOf(20), {
      ...MONEY,
      maxCostUsd: 29,
    });
    assert.equal(reportOf(ended).overspent, true);
    const full = await runScript(requestsOf(1), () => answerOf(5), { ...MONEY, maxCostUsd: 15 });
    assert.deepEqual(
      [reportOf(full.ended).costUsd, "overspent" in reportOf(full.ended)],
      [15, false],
    );
  });

  it("takes each model's own price, and knows no cost where one has none", async () => {
    const requests = [requestOf("d0", "cheap"), requestOf("d1", "dear")];
    const run = async (dear: number | undefined) => {
      const priceOf = ({ model }: { model: string }) =>
        model === "cheap" ? { input: 1e5, output: 1e5 } : dear && { input: dear, output: dear };
      const { ended, records } = await runScript(requests, () => answerOf(), {
        priceOf: priceOf as () => { input: number; output: number } | undefined,
      });
      return { ...reportOf(ended), costs: records.map(({ costUsd }) => costUsd) };
    };
    const both = await run(1e6);
    assert.deepEqual([both.costKnown, both.costs], [true, [1.2, 12]]);
    assert.ok(Math.abs(both.costUsd - 13.2) < 1e-12);
    const one = await run(undefined);
    assert.deepEqual([one.costKnown, one.costs], [false, [1.2, undefined]]);
    const { ended } = await runScript(requests, () => answerOf());
    assert.deepEqual([reportOf(ended).costKnown, reportOf(ended).costUsd], [false, 0]);
  });

  it("knows no cost where no price is given, though nothing is asked", async () => {
    for (const [options, known] of [
      [{}, false],
      [{ price: MONEY.price }, true],
      [{ priceOf: () => MONEY.price }, true],
    ] as const) {
      const { ended } = await runScript([], () => answerOf(), options);
      assert.equal(reportOf(ended).costKnown, known);
    }
  });

  it("asks a model without a price all the same where there is a limit, and knows no cost", async () => {
    const requests = [requestOf("d0", "free"), requestOf("d1", "dear")];
    const { ended, records } = await runScript(requests, () => answerOf(), {
      ...MONEY,
      priceOf: ({ model }) => (model === "dear" ? MONEY.price : undefined),
    });
    assert.deepEqual([reportOf(ended).costKnown, reportOf(ended).costUsd], [false, 12]);
    assert.deepEqual(
      records.map(({ costUsd }) => costUsd),
      [undefined, 12],
    );
  });

  it("takes no further request from the list once the money is used up", async () => {
    let taken = 0;
    function* endless() {
      for (; taken < 1000; taken++) yield requestOf(`d${taken}`);
    }
    const { ended } = await runScript(endless(), () => answerOf(), { ...MONEY, maxCostUsd: 30 });
    assert.equal(reportOf(ended).stopped, "max-cost");
    assert.equal(taken, 2);
  });

  it("is limited by the most that a model may write, where tokens are not counted", async () => {
    const { price } = MONEY;
    const { ended, asked } = await runScript(requestsOf(9), () => answerOf(5), {
      price,
      maxCostUsd: 4,
    });
    assert.deepEqual([reportOf(ended).stopped, asked], ["max-cost", []]);
  });
});

describe("when askAll ends", () => {
  const retries = { transientRetries: 0 };

  it("gives up after eight failures in a row, or as many as are asked at once where that is more", async () => {
    for (const [concurrency, inRow] of [
      [1, 8],
      [8, 8],
      [9, 9],
      [20, 20],
      [undefined, 8],
    ] as const) {
      const { ended, records } = await runScript(requestsOf(99), () => failureOf("transient"), {
        retries,
        concurrency,
      });
      assert.equal(
        messageOf(ended),
        `the last ${inRow} requests all failed, the last one with: transient; check the server, then run again with --retry-failed`,
      );
      const most = inRow + (concurrency ?? 8) - 1;
      assert.ok(records.length >= inRow && records.length <= most, `${records.length}`);
    }
  });

  it("begins to count anew where a request is answered", async () => {
    const script = (dialogue: string) => (dialogue === "d7" ? answerOf() : failureOf("transient"));
    const { ended, asked } = await runScript(requestsOf(99), script, { retries });
    assert.match(messageOf(ended), /^the last 8 requests/);
    assert.equal(asked.length, 16);
  });

  it("goes on however many requests fail for their own content", async () => {
    const script = (dialogue: string) => (dialogue === "d0" ? answerOf() : failureOf("request"));
    const { ended, records } = await runScript(requestsOf(20), script);
    assert.deepEqual(reportOf(ended).statuses, {
      ok: 1,
      refused: 0,
      filtered: 0,
      empty: 0,
      "cut-off": 0,
      failed: 19,
    });
    assert.equal(records[19]?.reason, "request.");
  });

  it("asks what is rejected again once another request is answered, and records it the second time", async () => {
    const script = (dialogue: string) => (dialogue === "d0" ? failureOf("rejected") : answerOf());
    const { ended, asked, records } = await runScript(requestsOf(3), script);
    assert.deepEqual(asked, ["d0", "d1", "d0", "d2"]);
    assert.deepEqual(
      records.map(({ dialogue, status }) => [dialogue, status]),
      [
        ["d1", "ok"],
        ["d0", "failed"],
        ["d2", "ok"],
      ],
    );
    assert.equal(reportOf(ended).attempts, 4);
  });

  it("gives up where eight requests are rejected and none is answered", async () => {
    const { ended, asked, records } = await runScript(requestsOf(99), () => failureOf("rejected"));
    assert.equal(messageOf(ended), "tiny, dialogue 'd7': rejected.");
    assert.deepEqual([asked.length, records.length], [8, 0]);
  });

  it("takes no failure of another kind as a sign that requests are taken in", async () => {
    const script = (dialogue: string) => failureOf(dialogue === "d0" ? "transient" : "rejected");
    const { ended, records } = await runScript(requestsOf(99), script, { retries });
    assert.equal(messageOf(ended), "tiny, dialogue 'd8': rejected.");
    assert.equal(records.length, 1);
  });

  it("quotes the last failure up to its full stop, and no further", async () => {
    const script = () => new AttemptFailed("transient", "HTTP 502: api.example is down.");
    const { ended } = await runScript(requestsOf(8), script, { retries });
    assert.match(
      messageOf(ended),
      /, the last one with: HTTP 502: api\.example is down; check the/,
    );
  });

  it("gives up on a model of which all is rejected, though another one answers", async () => {
    const requests = Array.from({ length: 40 }, (_, n) =>
      requestOf(`d${n}`, n % 2 === 0 ? "kind" : "strict"),
    );
    const script = (dialogue: string) =>
      Number(dialogue.slice(1)) % 2 === 0 ? answerOf() : failureOf("rejected");
    const { ended, records } = await runScript(requests, script);
    assert.equal(messageOf(ended), "strict, dialogue 'd15': rejected.");
    assert.ok(records.every(({ status }) => status === "ok"));
  });

  it("goes on however many requests are rejected for their own content", async () => {
    const script = (dialogue: string) => (dialogue === "d0" ? answerOf() : failureOf("rejected"));
    const { ended } = await runScript(requestsOf(20), script);
    const { statuses } = reportOf(ended);
    assert.deepEqual([statuses.ok, statuses.failed], [1, 19]);
  });

  it("draws its waits from a generator of its own where none is given", async () => {
    const clock = stillClock();
    const script = (_dialogue: string, before: number) =>
      before === 0 ? failureOf("transient") : answerOf();
    await runScript(requestsOf(1), script, { clock, random: undefined });
    const [wait = 0, ...others] = clock.waits;
    assert.ok(wait >= 500 && wait <= 1000, `${wait}`);
    assert.deepEqual(others, []);
  });

  it("ends with an error of its own parts, whether it is interrupted or not", async () => {
    for (const interrupted of [false, true]) {
      const controller = new AbortController();
      const clock = {
        ...stillClock(),
        sleep: () => Promise.reject(new Error("the clock broke")),
      };
      const script = () => {
        if (interrupted) controller.abort();
        return failureOf("transient");
      };
      const { ended } = await runScript(requestsOf(1), script, {
        clock,
        signal: controller.signal,
      });
      assert.equal(ended?.status, "rejected");
      assert.equal(ended.reason.message, "the clock broke");
    }
  });

  it("names no dialogue where the request is for scores", async () => {
    const requests = [requestOf("d0", "tiny", 0)];
    const { ended } = await runScript(requests, () => failureOf("rejected"));
    assert.equal(messageOf(ended), "tiny: rejected.");
  });

  it("takes an answer in the wrong form as a sign that requests are taken in", async () => {
    const script = (dialogue: string) =>
      dialogue === "d0" ? failureOf("malformed") : failureOf("rejected");
    const { records } = await runScript(requestsOf(4), script);
    assert.equal(records.length, 4);
    assert.ok(records.every(({ status }) => status === "failed"));
  });

  it("asks nothing that a journal holds, and what failed only where it is told to", async () => {
    const script = (dialogue: string) => (dialogue === "d1" ? failureOf("request") : answerOf());
    const { path } = await runScript(requestsOf(2), script);
    const again = await runScript(requestsOf(3), () => answerOf(), {}, path);
    assert.deepEqual(again.asked, ["d2"]);
    const failed = await runScript(requestsOf(3), () => answerOf(), { retryFailed: true }, path);
    assert.deepEqual(failed.asked, ["d1"]);
    assert.equal((await readJournal(path)).length, 3);
  });

  it("finishes what is under way where it is interrupted, and asks nothing more", async () => {
    const controller = new AbortController();
    const script = (dialogue: string) => {
      if (dialogue === "d2") controller.abort();
      return answerOf();
    };
    const { ended, asked, records } = await runScript(requestsOf(9), script, {
      signal: controller.signal,
    });
    assert.deepEqual([reportOf(ended).stopped, asked.length], ["interrupted", 3]);
    assert.equal(records.length, 3);
  });

  it("leaves a request unrecorded that waits for its next attempt when the run is interrupted", async () => {
    const controller = new AbortController();
    const script = () => {
      controller.abort();
      return failureOf("transient");
    };
    const { ended, records } = await runScript(requestsOf(9), script, {
      signal: controller.signal,
    });
    assert.deepEqual([reportOf(ended).stopped, records.length], ["interrupted", 0]);
  });

  it("asks nothing more where it is interrupted while a request waits for money", async () => {
    const controller = new AbortController();
    const script = () => {
      controller.abort();
      return answerOf();
    };
    const { ended, asked } = await runScript(requestsOf(9), script, {
      ...MONEY,
      maxCostUsd: 27,
      concurrency: 2,
      signal: controller.signal,
    });
    assert.deepEqual([reportOf(ended).stopped, asked], ["interrupted", ["d0"]]);
  });

  it("ends with the error of the list of requests where that breaks off, and keeps what was answered", async () => {
    function* broken() {
      yield requestOf("d0");
      yield requestOf("d1");
      throw new Error("the list broke off");
    }
    for (const concurrency of [1, 3]) {
      const { ended, records } = await runScript(broken(), () => answerOf(), { concurrency });
      assert.equal(ended?.status, "rejected");
      assert.equal(ended.reason.message, "the list broke off");
      assert.equal(records.length, 2);
    }
  });

  it("counts replies that hold more than the reply and the reasoning", async () => {
    const said = "There.</s>";
    const answers = [
      { ...answerOf(), said },
      failureOf("malformed", { said }),
      { ...answerOf(), said },
      answerOf(),
    ] as const;
    const script = (dialogue: string) => answers[Number(dialogue.slice(1))] as Answer;
    const { ended, records } = await runScript(requestsOf(4), script);
    assert.equal(reportOf(ended).shortened, 2);
    assert.deepEqual(
      records.map((record) => record.said),
      [said, said, said, undefined],
    );
    const plain = await runScript(requestsOf(1), () => answerOf());
    assert.equal("shortened" in reportOf(plain.ended), false);
  });

  it("tells how far it is at most ten times a second", async () => {
    const clock = stillClock();
    const told: number[] = [];
    let passed = 0;
    const now = () => 1e12 + passed;
    const script = () => {
      passed += 50;
      return answerOf();
    };
    await runScript(requestsOf(10), script, {
      clock: { ...clock, now },
      onProgress: ({ statuses }) => told.push(statuses.ok),
    });
    assert.deepEqual(told, [1, 3, 5, 7, 9]);
  });

  it("grants the longest wait that a server may ask for, and ends where it asks for more", async () => {
    for (const [retryAfterMs, message] of [
      [5000, undefined],
      [5001, "tiny: rate-limit. (and asks to wait 6 s)"],
    ] as const) {
      const clock = stillClock();
      const script = (_dialogue: string, before: number) =>
        before === 0 ? failureOf("rate-limit", { retryAfterMs }) : answerOf();
      const { ended } = await runScript(requestsOf(1), script, {
        clock,
        retries: { longestRetryAfterMs: 5000 },
      });
      if (message) assert.equal(messageOf(ended), message);
      else assert.equal(reportOf(ended).statuses.ok, 1);
      assert.equal(
        clock.waits.some((wait) => wait >= 5000),
        message === undefined,
      );
    }
  });

  it("asks again at once, twice, where an answer lacks the form that was asked for", async () => {
    const clock = stillClock();
    const { records, asked } = await runScript(requestsOf(1), () => failureOf("malformed"), {
      clock,
    });
    assert.deepEqual([records[0]?.status, records[0]?.attempts, asked.length], ["failed", 3, 3]);
    assert.deepEqual(clock.waits, []);
  });

  it("counts the tokens of a minute as the answers say them, and at their most where they do not", async () => {
    // 15 tokens at most and 12 in fact, of 600 a minute, which are 10 a second: one second's worth may go at once.
    for (const [usage, tokens] of [
      [{ inputTokens: 10, outputTokens: 2 }, 12],
      [undefined, 15],
    ] as const) {
      const clock = stillClock();
      const script = () => ({ status: "ok" as const, text: "There.", ...(usage && { usage }) });
      await runScript(requestsOf(101), script, {
        clock,
        tokensPerMinute: 600,
        countTokens: () => 10,
      });
      const waited = clock.waits.reduce((sum, wait) => sum + wait, 0);
      assert.ok(Math.abs(waited / 1000 - (100 * tokens) / 10) < 2, `${waited}`);
    }
  });

  it("tells how long a rate limit makes it wait", async () => {
    const waits: (number | undefined)[] = [];
    const script = (_dialogue: string, before: number) =>
      before === 0 ? failureOf("rate-limit", { retryAfterMs: 30_000 }) : answerOf();
    const random = { uniform: () => 1, normal: () => 0 };
    await runScript(requestsOf(1), script, {
      random: random as never,
      onProgress: ({ waitMs }) => waits.push(waitMs),
    });
    assert.deepEqual(waits, [30_250, undefined]);
  });
});
