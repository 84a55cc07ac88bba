// Every fault that a provider can show, through the real clients, against a server on loopback.
import assert from "node:assert/strict";
import type { ReplyStatus } from "../../src/replies/reply-record";
import type { AskPlan } from "../../src/replies/request";
import { type Fault, FaultServer, replyTo } from "../support/fault-server";
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
  this.timeout(30_000);
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

      for (const fault of ["401", "404", "400", "429 no money"] as Fault[]) {
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
