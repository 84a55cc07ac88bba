// Every fault that a provider can show, through the real clients, against a server on loopback.
import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import type { AskPlan, ReplyStatus } from "ask-models";
import { type Fault, FaultServer, replyTo } from "test-support/fault-server";
import { askServer, planOf, skippingClock, stimuli, stimulusOf } from "./ask-support";

const FORMS: Record<string, Partial<AskPlan>> = {
  "OpenAI's chat": { provider: "openai" },
  "a compatible server's chat": {},
  "a compatible server's completions": { interface: "completion" },
  "Hugging Face's chat": { provider: "huggingface" },
  "Hugging Face's text generation": { provider: "huggingface", interface: "completion" },
};

const PASSING: Fault[] = [
  "429",
  "429 retry-after seconds",
  "429 retry-after date",
  "500",
  "503",
  "reset",
  "stall",
  "truncated",
  "invalid json",
  "wrong type",
];

const STAYING: [Fault, ReplyStatus][] = [
  ["content filter", "filtered"],
  ["400 filter", "filtered"],
  ["refusal", "refused"],
  ["length", "cut-off"],
  ["empty choice", "empty"],
  ["no choice", "empty"],
  ["400 too long", "failed"],
];

// What Hugging Face's text generation, and OpenAI's older interface, cannot say.
const UNSAID: Partial<Record<string, Fault[]>> = {
  "a compatible server's completions": ["refusal"],
  "Hugging Face's text generation": ["refusal"],
};

describe("askAll against a server that misbehaves", function () {
  this.timeout(120_000);
  let server: FaultServer;

  before(async () => {
    server = await FaultServer.start();
  });

  after(() => server.stop());

  function script(behaviour: FaultServer["behaviour"]): void {
    server.behaviour = behaviour;
    server.seen.length = 0;
    server.forget();
  }

  for (const [form, overrides] of Object.entries(FORMS)) {
    describe(`asked as ${form}`, () => {
      const plan = planOf(overrides);

      for (const fault of PASSING) {
        it(`recovers from ${fault}, once and then a second time`, async () => {
          script({ fault: (_request, before) => (before < 2 ? fault : "none") });
          const { records, report } = await askServer(server, stimuli(3), { plan });
          assert.equal(records.length, 3);
          for (const [place, record] of records.entries()) {
            assert.equal(record.status, "ok");
            const { messages, text } = record.request;
            const asked = messages?.at(-1)?.content ?? (text as string);
            assert.equal(record.reply, replyTo(asked).trim());
            assert.ok(asked.includes(`for the ${record.dialogue.slice(1)}th time`), `${place}`);
            assert.equal(record.attempts, 3);
          }
          assert.equal(server.seen.length, 9);
          assert.equal(report.attempts, 9);
        });

        it(`records ${fault} as failed where it does not pass`, async () => {
          script({ fault: () => fault });
          const retries = { transientRetries: 1, rateLimitRetries: 1, timeoutMs: 60 };
          const { records } = await askServer(server, stimuli(1), { plan, retries });
          assert.equal(records.length, 1);
          const [record] = records;
          assert.equal(record?.status, "failed");
          assert.equal(record?.attempts, 2);
          assert.equal(record?.reply, undefined);
          assert.ok(record?.reason, "the reason is said");
        });
      }

      for (const [fault, status] of STAYING) {
        if (UNSAID[form]?.includes(fault)) continue;
        it(`records ${fault} as ${status}, asked once`, async () => {
          script({ fault: () => fault });
          const { records } = await askServer(server, stimuli(2), { plan });
          for (const record of records) {
            assert.equal(record.status, status);
            assert.equal(record.reply, undefined);
            assert.ok(record.reason);
            assert.equal(record.partial !== undefined, status === "cut-off");
          }
          assert.equal(records.length, 2);
          assert.equal(server.seen.length, 2);
        });
      }

      for (const fault of ["401", "404", "429 no money"] as Fault[]) {
        it(`ends the run with one line at ${fault}, recording nothing that was not answered`, async () => {
          script({ fault: ({ asked }) => (asked.includes("the 0th") ? "none" : fault) });
          const list = stimuli(20);
          const run = askServer(server, list, { plan, concurrency: 2 });
          await assert.rejects(run, (error: Error) => {
            assert.equal(error.name, "UserError");
            assert.match(error.message, new RegExp(`^tiny: HTTP ${fault.slice(0, 3)}`));
            assert.doesNotMatch(error.message, /\n/);
            return true;
          });
          assert.ok(server.seen.length <= 4, `${server.seen.length} requests were sent`);
        });
      }
    });
  }

  for (const [what, error, status] of [
    ["a filter's code", { code: "content_filter", message: "no" }, "filtered"],
    [
      "Azure's inner code",
      { code: "x", innererror: { code: "ResponsibleAIPolicyViolation" } },
      "filtered",
    ],
    [
      "words of safety in another error",
      { code: "bad_field", message: "safety_identifier: too long?" },
      "stop",
    ],
  ] as const) {
    it(`judges ${what} by the code, not by words`, async () => {
      script({
        error: () => ({ status: 400, body: { error: { message: "it failed", ...error } } }),
      });
      const run = askServer(server, stimuli(1));
      if (status === "stop") await assert.rejects(run, /HTTP 400/);
      else assert.equal((await run).records[0]?.status, status);
    });
  }

  for (const message of [
    "Slow down. See your billing page for limits.",
    "exceeded your current quota",
  ]) {
    it(`waits at a 429 that says '${message}', and goes on`, async () => {
      const body = { error: { message, code: "rate_limit_exceeded" } };
      script({ error: (_request, before) => (before === 0 ? { status: 429, body } : undefined) });
      for (const plan of [planOf(), planOf({ provider: "huggingface" })]) {
        server.forget();
        const { records } = await askServer(server, stimuli(1), { plan });
        assert.deepEqual([records[0]?.status, records[0]?.attempts], ["ok", 2]);
      }
    });
  }

  it("ends the run at a 429 whose type is a lack of money", async () => {
    const body = { error: { message: "no", code: null, type: "insufficient_quota" } };
    script({ error: () => ({ status: 429, body }) });
    await assert.rejects(askServer(server, stimuli(1)), /HTTP 429/);
  });

  for (const [finish, status] of [
    ["MAX_TOKENS", "cut-off"],
    ["LENGTH", "cut-off"],
    ["SAFETY", "filtered"],
    ["STOP", "ok"],
  ] as const) {
    it(`records an answer that ended with ${finish} as ${status}`, async () => {
      const choices = [{ message: { content: "Half a" }, finish_reason: finish }];
      script({ body: () => ({ choices }) });
      const { records } = await askServer(server, stimuli(1));
      assert.equal(records[0]?.status, status);
    });
  }

  it("passes over counts of tokens that are none, and log-probabilities that are none", async () => {
    for (const tokens of [-1, 0.5, 1e300, "7", null]) {
      const usage = { prompt_tokens: tokens, completion_tokens: 10 };
      const logprobs = { content: [{ top_logprobs: [null, 1] }] };
      script({ body: () => ({ choices: [{ message: { content: "Oh." }, logprobs }], usage }) });
      const { records } = await askServer(server, stimuli(1));
      assert.deepEqual([records[0]?.status, records[0]?.usage], ["ok", undefined]);
    }
  });

  it("spends no more than one wave beyond the limit where the server passes over it, and says so", async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 200 };
    script({ body: () => ({ choices: [{ message: { content: "Oh." } }], usage }) });
    const plan = planOf({ parameters: { maxTokens: 10 } });
    const price = { input: 0, output: 1e6 };
    const money = { price, maxCostUsd: 250, countTokens: () => 10, concurrency: 2 };
    const { report } = await askServer(server, stimuli(100), { plan, ...money });
    assert.deepEqual([report.stopped, report.overspent], ["max-cost", true]);
    assert.equal(report.costUsd, 400);
  });

  for (const [what, head] of [
    [
      "a change of protocol (HTTP 101)",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    ],
    ["a connection that ends without a response", ""],
    [
      "a body without end",
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${" ".repeat(70_000)}`,
    ],
  ] as const) {
    it(`records ${what} as failed`, async () => {
      const raw = createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => {
          if (head === "") return void socket.end();
          const more = () => {
            while (head.length > 1000 && !socket.destroyed && socket.write(" ".repeat(1 << 20)));
          };
          socket.write(head);
          socket.on("drain", more);
          more();
        });
      });
      await new Promise<void>((ready) => raw.listen(0, "127.0.0.1", ready));
      const origin = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
      try {
        for (const plan of [planOf(), planOf({ provider: "huggingface" })]) {
          const retries = { transientRetries: 1, timeoutMs: 5000 };
          const { records } = await askServer({ origin, url: origin }, stimuli(1), {
            plan,
            retries,
          });
          assert.equal(records[0]?.status, "failed");
          const reason = head.length > 1000 ? /over 32 MB/ : /the server ended|ECONNRESET/;
          assert.match(records[0]?.reason as string, reason);
        }
      } finally {
        raw.close();
      }
    });
  }

  it("reads JSON that comes under another content type", async () => {
    script({ fault: () => "text type" });
    const { records } = await askServer(server, stimuli(1));
    assert.equal(records[0]?.status, "ok");
    assert.equal(records[0]?.attempts, 1);
  });

  it("waits as long as Retry-After says, in seconds and as a date", async () => {
    for (const fault of ["429 retry-after seconds", "429 retry-after date"] as Fault[]) {
      script({ fault: (_request, before) => (before === 0 ? fault : "none") });
      const clock = skippingClock();
      await askServer(server, stimuli(1), { clock });
      const longest = Math.max(...clock.waits);
      assert.ok(longest >= 700 && longest <= 2300, `${fault}: waited ${clock.waits}`);
    }
  });

  it("ends the run where the server asks for a wait beyond the cap", async () => {
    script({ fault: () => "429 retry-after seconds" });
    const retries = { longestRetryAfterMs: 500 };
    await assert.rejects(askServer(server, stimuli(2), { retries }), /asks to wait 1 s/);
  });

  it("ends the run where one request after the other fails", async () => {
    script({ fault: () => "500" });
    const run = askServer(server, stimuli(50), {
      retries: { transientRetries: 0 },
      concurrency: 4,
    });
    await assert.rejects(run, /the last 8 requests all failed, .*HTTP 500/);
    assert.ok(server.seen.length < 16);
  });

  it("never mixes replies up when faults of all kinds fall on a hundred at once", async () => {
    const kinds = [...PASSING.filter((fault) => !fault.includes("retry-after")), "none", "none"];
    script({
      fault: ({ asked }, before) => {
        const number = Number(/the (\d+)th/.exec(asked)?.[1]);
        return before > 2 ? "none" : (kinds[(number * 7 + before * 3) % kinds.length] as Fault);
      },
    });
    const { records } = await askServer(server, stimuli(100), { concurrency: 32 });
    assert.equal(new Set(records.map(({ dialogue }) => dialogue)).size, 100);
    for (const { status, reply, dialogue } of records) {
      assert.equal(status, "ok");
      assert.ok(reply?.includes(`the ${dialogue.slice(1)}th time`));
    }
  });

  it("names the model as the provider does, with finish, usage and attempts", async () => {
    script({});
    const { records } = await askServer(server, [stimulusOf("d", "I lost my keys.")], {
      price: { input: 1, output: 2 },
    });
    const [record] = records;
    assert.equal(record?.model, "tiny-as-served");
    assert.equal(record?.finish, "stop");
    assert.deepEqual(record?.usage, { inputTokens: 40, outputTokens: 10 });
    assert.equal(record?.costUsd, 60e-6);
    assert.equal(record?.request.messages?.at(-1)?.content, "I lost my keys.");
  });

  it("keeps no more requests under way than it may", async () => {
    script({ delayMs: 10 });
    server.mostInFlight = 0;
    await askServer(server, stimuli(60), { concurrency: 7 });
    assert.equal(server.mostInFlight, 7);
  });
});
