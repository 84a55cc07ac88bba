// Answers and refusals as real servers send them, shaped after public bug reports, against a server on loopback.
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import {
  type AskReport,
  askAll,
  buildRequest,
  connect,
  Journal,
  type ReplyRecord,
  readProblem,
} from "ask-models";
import { chatSaying, FaultServer } from "test-support/fault-server";
import { askServer, journalPath, planOf, skippingClock, stimuli } from "./ask-support";

const FORMS = {
  "OpenAI's client": planOf(),
  "Hugging Face's client": planOf({ provider: "huggingface" }),
};

describe("askAll against servers as they are", function () {
  this.timeout(60_000);
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

  async function recordOf(message: object, choice: object = {}): Promise<ReplyRecord> {
    const choices = [{ index: 0, finish_reason: "stop", message, ...choice }];
    script({ body: () => ({ choices }) });
    const { records } = await askServer(server, stimuli(1), { retries: { transientRetries: 0 } });
    return records[0] as ReplyRecord;
  }

  const THOUGHT = "They are sad. I could say: I am so sorry, what happened?";
  for (const [what, message] of [
    ["in a block", { content: `<think>\n${THOUGHT}\n</think>\n\nOkay.` }],
    ["in a block of another name", { content: `[THINK]${THOUGHT}[/THINK]Okay.` }],
    ["before the end of a block that the template began", { content: `${THOUGHT}</think>\nOkay.` }],
    [
      "on a channel of its own",
      {
        content: `<|channel|>analysis<|message|>${THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>Okay.`,
      },
    ],
    [
      "in a part of its own",
      {
        content: [
          { type: "reasoning", text: THOUGHT },
          { type: "text", text: "Okay." },
        ],
      },
    ],
    [
      "in a part of parts",
      {
        content: [
          { type: "thinking", thinking: [{ type: "text", text: THOUGHT }] },
          { type: "text", text: "Okay." },
        ],
      },
    ],
    ["in a field of its own", { content: "Okay.", reasoning_content: THOUGHT }],
  ] as const) {
    it(`keeps reasoning ${what} apart from the reply`, async () => {
      const { status, reply, thinking } = await recordOf(message);
      assert.deepEqual(
        { status, reply, thinking },
        { status: "ok", reply: "Okay.", thinking: THOUGHT },
      );
    });
  }

  for (const content of [`<think>\n${THOUGHT}`, `<|channel|>analysis<|message|>${THOUGHT}`]) {
    it(`takes an answer that ends inside '${content.slice(0, 11)}' as cut off`, async () => {
      const { status, reply, partial, thinking } = await recordOf({ content });
      assert.deepEqual(
        [status, reply, partial, thinking],
        ["cut-off", undefined, undefined, THOUGHT],
      );
    });
  }

  for (const [content, reply] of [
    ["I am sorry.<|im_end|>\n<|im_start|>user\nThanks", "I am sorry."],
    ["I am sorry.</s>", "I am sorry."],
    ["<s> I am sorry.<｜end▁of▁sentence｜>", "I am sorry."],
    ["<|start_header_id|>assistant<|end_header_id|>\n\nI am sorry.<|eot_id|>", "I am sorry."],
  ] as const) {
    it(`cuts template tokens out of '${content}', and keeps the whole`, async () => {
      const { status, reply: found, said } = await recordOf({ content });
      assert.deepEqual([status, found, said], ["ok", reply, content]);
    });
  }

  it("leaves a reply alone in which such signs mean something else", async () => {
    for (const content of ["I <3 that!", "a <b> c", "That is <s>bad</s> sad.", "1 < 2 | 3 > 2"]) {
      const { reply, said } = await recordOf({ content });
      assert.deepEqual([reply, said], [content, undefined]);
    }
  });

  for (const finish of ["abort", "error"]) {
    it(`asks again after an answer that ended with ${finish}`, async () => {
      const record = await recordOf({ content: "I am so" }, { finish_reason: finish });
      assert.deepEqual([record.status, record.reply], ["failed", undefined]);
    });
  }

  it("asks again where a choice holds an error, and says which", async () => {
    const error = { code: 502, message: "Upstream provider failed" };
    const record = await recordOf({ content: "I am so" }, { error });
    assert.equal(record.status, "failed");
    assert.match(record.reason as string, /Upstream provider failed/);
  });

  it("takes an answer with an unknown ending as half a one, and with none or a known one as whole", async () => {
    const half = await recordOf({ content: "I am so" }, { finish_reason: "incomplete" });
    assert.deepEqual([half.status, half.partial], ["cut-off", "I am so"]);
    for (const finish_reason of [null, "stop", "eos_token", "END_TURN"]) {
      assert.equal((await recordOf({ content: "Oh." }, { finish_reason })).status, "ok");
    }
  });

  for (const [name, plan] of Object.entries(FORMS)) {
    for (const [body, reason] of [
      [{ object: "error", message: "Model is asleep", code: 403 }, "Model is asleep"],
      [{ detail: "Call /load first" }, "Call /load first"],
      [
        { detail: [{ loc: ["body", "seed"], msg: "Extra inputs are not permitted" }] },
        "seed: Extra inputs are not permitted",
      ],
      [[{ error: { code: 403, message: "Not in your country" } }], "Not in your country"],
      [{ error: "model not found, pull it first" }, "model not found, pull it first"],
    ] as const) {
      it(`shows the reason '${reason}', through ${name}`, async () => {
        script({ error: () => ({ status: 403, body }) });
        await assert.rejects(askServer(server, stimuli(1), { plan }), {
          name: "UserError",
          message: `tiny: HTTP 403: ${reason}`,
        });
      });
    }

    it(`shows a page's title, and where a server has moved to, through ${name}`, async () => {
      const page = "<html><head><title>502 Bad\nGateway</title></head><body>nginx</body></html>";
      script({
        send: (response) => response.writeHead(403, { "content-type": "text/html" }).end(page),
      });
      const run = () => askServer(server, stimuli(1), { plan });
      await assert.rejects(run, /^UserError: tiny: HTTP 403: 502 Bad Gateway$/);
      script({ send: (response) => response.writeHead(308, { location: "http://h/v2" }).end() });
      await assert.rejects(run, /the server redirects to http:\/\/h\/v2; give that address$/);
      const location = "/api/v1/chat/completions";
      script({ send: (response) => response.writeHead(308, { location }).end() });
      const whole = new RegExp(`redirects to ${server.origin}/api/v1; give that address$`);
      await assert.rejects(run, whole);
    });

    it(`takes an error in a success as the error that it is, through ${name}`, async () => {
      script({ body: () => ({ error: { message: "No endpoints found", code: 404 } }) });
      await assert.rejects(askServer(server, stimuli(1), { plan }), /HTTP 404: No endpoints found/);
      const many = { choices: null, error: { message: "Rate limit exceeded", code: 429 } };
      script({ body: (_request, before) => (before === 0 ? many : undefined) });
      const limited = { transientRetries: 0, rateLimitRetries: 1 };
      const { records } = await askServer(server, stimuli(1), { plan, retries: limited });
      assert.deepEqual([records[0]?.status, records[0]?.attempts], ["ok", 2]);
    });
  }

  const failedWith = async (body: object) => {
    script({ body: () => body });
    const retries = { transientRetries: 0, rateLimitRetries: 0 };
    const { records } = await askServer(server, stimuli(1), { retries });
    return [records[0]?.status, records[0]?.reason];
  };
  const whole = [{ finish_reason: "stop", message: { content: "Oh." } }];

  for (const [body, reason] of [
    [{ choices: [], error: { code: 429 } }, "HTTP 429: no reason is given"],
    [{ choices: whole, error: { code: 502, message: "Lost" } }, "HTTP 502: Lost"],
    [{ choices: [{ ...whole[0], error: { code: 429, message: "Slow" } }] }, "HTTP 429: Slow"],
    [
      { choices: [{ ...whole[0], error: { code: 502, message: "Lost" } }] },
      "the answer broke off: Lost",
    ],
    [
      { object: "error", message: "CUDA OOM", code: 50001 },
      "the body is not a chat completion: CUDA OOM",
    ],
    [{ detail: "model is loading" }, "the body is not a chat completion: model is loading"],
    [{ id: "x" }, "the body is not a chat completion"],
  ] as const) {
    it(`finds what failed in a success: ${JSON.stringify(body)}`, async () => {
      assert.deepEqual(await failedWith(body), ["failed", reason]);
    });
  }

  it("ends the run at an answer that is broken off for want of money, and passes over empty errors", async () => {
    const error = { code: 402, message: "No credits" };
    const choices = [{ ...whole[0], error }];
    await assert.rejects(failedWith({ choices }), /^UserError: tiny: HTTP 402: No credits$/);
    assert.deepEqual(await failedWith({ choices: whole, error: "" }), ["ok", undefined]);
  });

  it("takes an address that names the call as the server's", async () => {
    script({});
    const url = `${server.url}/chat/completions`;
    const { records } = await askServer({ origin: server.origin, url }, stimuli(1));
    assert.equal(records[0]?.status, "ok");
  });

  for (const [body, message] of [
    [{ error: { code: "model_not_found" } }, "model_not_found"],
    [{ errors: { messages: ["too long"] } }, "too long"],
    [
      { error: { message: "Provider returned error", metadata: { raw: '{"error":"Busy"}' } } },
      "Provider returned error: Busy",
    ],
    ["<center><h1>502</h1></center>", "502"],
    ["<center><h1> </h1>Bad <b>day</b></center>", "Bad day"],
  ] as const) {
    it(`reads '${message}' out of ${JSON.stringify(body)}`, () => {
      assert.equal(readProblem(body).message, message);
    });
  }

  // Of ten stimuli the server rejects some by their content.
  const long = (asked: string, which: RegExp) => which.test(asked);
  const rejection = (which: RegExp, status = 400) => ({
    error: ({ asked }: { asked: string }) =>
      long(asked, which)
        ? { status, body: { object: "error", message: "Wouldn't fit.", code: status } }
        : undefined,
  });

  for (const status of [400, 422]) {
    for (const which of [/the 0th/, /the 4th/, /the 9th/]) {
      it(`records the one request that the server rejects with ${status} as failed: ${which}`, async () => {
        for (const concurrency of [1, 8]) {
          script(rejection(which, status));
          const { records } = await askServer(server, stimuli(10), { concurrency });
          const failed = records.filter((record) => record.status === "failed");
          assert.deepEqual([records.length, failed.length], [10, 1]);
          assert.match(failed[0]?.request.messages?.at(-1)?.content as string, which);
          assert.match(failed[0]?.reason as string, /Wouldn't fit/);
          assert.equal(server.seen.length, 11);
        }
      });
    }
  }

  for (const body of [
    { object: "error", message: "Too long.", code: 400 },
    { error: { message: "Too long.", code: "context_length_exceeded" } },
  ]) {
    const tooLong = (which: RegExp) => ({
      error: ({ asked }: { asked: string }) =>
        which.test(asked) ? { status: 400, body } : undefined,
    });

    it(`records as many as are rejected in a row as failed, and goes on: ${body.object ?? "code"}`, async () => {
      script(tooLong(/the ([1-9]|1[0-2])th/));
      for (const concurrency of [1, 8]) {
        const { report } = await askServer(server, stimuli(20), { concurrency });
        assert.deepEqual([report.statuses.ok, report.statuses.failed], [8, 12]);
      }
    });

    it(`records what is rejected alone where the journal holds answers: ${body.object ?? "code"}`, async () => {
      script(tooLong(/the ([3-9]|1\d)th/));
      const journal = journalPath();
      await askServer(server, stimuli(3), { journal });
      for (const [count, retryFailed, failed] of [
        [4, false, 1],
        [20, false, 16],
        [20, true, 17],
      ] as const) {
        const { report } = await askServer(server, stimuli(count), { journal, retryFailed });
        assert.equal(report.statuses.failed, failed);
      }
    });
  }

  it("ends the run where a server rejects every request, having recorded none", async () => {
    for (const count of [1, 3, 50]) {
      script(rejection(/./));
      await assert.rejects(askServer(server, stimuli(count), { concurrency: 4 }), {
        name: "UserError",
        message: /^tiny, dialogue 'd\d+': HTTP 400: Wouldn't fit\.$/,
      });
      assert.ok(server.seen.length <= Math.min(count, 11), `${server.seen.length} for ${count}`);
    }
  });

  it("ends the run where one model of several rejects every request, whatever the others answer", async () => {
    script({
      error: ({ body }) =>
        body.model === "strict" ? { status: 400, body: { message: "No." } } : undefined,
    });
    const journal = await Journal.open(journalPath());
    const cell = (model: string) => planOf({ model, system: model });
    async function* requests() {
      for (const stimulus of stimuli(100)) {
        for (const model of ["tiny", "strict"]) yield buildRequest(cell(model), stimulus, 1);
      }
    }
    const client = connect({ provider: "openai-compatible", baseUrl: server.url, env: {} });
    const run = askAll(requests(), client, journal, { concurrency: 2, clock: skippingClock() });
    await assert.rejects(run, /^UserError: strict, dialogue 'd\d+': HTTP 400: No\.$/);
    await journal.close();
    assert.ok(server.seen.filter(({ body }) => body.model === "strict").length <= 9);
  });

  it("records a request as answered that is rejected once only", async () => {
    script({
      error: ({ asked }, before) =>
        long(asked, /the 2th/) && before === 0 ? { status: 400, body: {} } : undefined,
    });
    const { records } = await askServer(server, stimuli(5));
    assert.ok(records.every(({ status }) => status === "ok"));
  });

  for (const [message, hint] of [
    ["System role not supported", /--instruction-in user/],
    ["Conversation roles must alternate user/assistant/...", /--instruction-in user/],
    [
      "'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
      /instead; --provider openai/,
    ],
  ] as const) {
    it(`names the switch where a server says '${message}'`, async () => {
      script({ error: () => ({ status: 400, body: { message } }) });
      await assert.rejects(askServer(server, stimuli(1)), hint);
    });
  }

  it("never waits less than without Retry-After, after the first try", async () => {
    for (const wish of ["0", "-1", "-1.5", new Date(0).toUTCString()]) {
      const headers = { "retry-after": wish };
      script({ error: () => ({ status: 429, body: { error: { message: "no" } }, headers }) });
      const clock = skippingClock();
      const retries = { rateLimitRetries: 6 };
      await askServer(server, stimuli(1), { clock, retries });
      // The gate may wait for the rest of a millisecond.
      const waits = clock.waits.filter((wait) => wait >= 1);
      for (const [at, wait] of waits.slice(1, 6).entries()) {
        assert.ok(wait >= (1000 * 2 ** (at + 1)) / 2, `'${wish}': waited ${clock.waits}`);
      }
      assert.equal(server.seen.length, 7);
    }
  });

  it("waits until a limit without Retry-After is reset, by header or body", async () => {
    const details = [{ "@type": "RetryInfo", retryDelay: "432s" }];
    for (const error of [
      { status: 429, body: {}, headers: { "x-ratelimit-reset-requests": "7m12s" } },
      { status: 429, body: [{ error: { code: 429, details } }] },
    ]) {
      script({ error: (_request, before) => (before === 0 ? error : undefined) });
      const clock = skippingClock();
      await askServer(server, stimuli(1), { clock });
      assert.equal(Math.floor(Math.max(...clock.waits) / 1000), 432);
    }
  });

  it("tells that it waits, and how long", async () => {
    script({ fault: (_request, before) => (before === 0 ? "429 retry-after seconds" : "none") });
    const told: AskReport[] = [];
    await askServer(server, stimuli(1), { onProgress: (report) => told.push(report) });
    const [wait] = told.flatMap(({ waitMs }) => waitMs ?? []);
    assert.ok(wait !== undefined && wait >= 1000 && wait <= 1250, `${wait}`);
  });

  const json = JSON.stringify(chatSaying("I am sörry."));
  for (const [encoding, bytes] of [
    ["gzip", gzipSync(json)],
    ["deflate", deflateSync(json)],
    ["br", brotliCompressSync(json)],
  ] as const) {
    it(`decodes a body that comes as ${encoding}, and fails at one that is cut off`, async () => {
      const answer = (body: Buffer) => (response: ServerResponse) =>
        response
          .writeHead(200, { "content-type": "application/json", "content-encoding": encoding })
          .end(body);
      script({ send: answer(bytes) });
      const retries = { transientRetries: 0, timeoutMs: 5000 };
      for (const plan of Object.values(FORMS)) {
        const { records } = await askServer(server, stimuli(1), { plan, retries });
        assert.equal(records[0]?.reply, "I am sörry.");
      }
      script({ send: answer(bytes.subarray(0, bytes.length - 12)) });
      const { records } = await askServer(server, stimuli(1), { retries });
      assert.equal(records[0]?.status, "failed");
    });
  }

  it("ends the run at a compression that it does not know, and reads other alphabets as they are named", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "zstd" };
    script({ send: (response) => response.writeHead(200, headers).end("x") });
    await assert.rejects(askServer(server, stimuli(1)), /compresses its answers with 'zstd'/);
    const latin = { "content-type": "application/json; charset=iso-8859-1" };
    script({ send: (response) => response.writeHead(200, latin).end(Buffer.from(json, "latin1")) });
    assert.equal((await askServer(server, stimuli(1))).records[0]?.reply, "I am sörry.");
    const mark = `\uFEFF${json}`;
    script({ send: (response) => response.writeHead(200).end(mark) });
    assert.equal((await askServer(server, stimuli(1))).records[0]?.reply, "I am sörry.");
  });
});
