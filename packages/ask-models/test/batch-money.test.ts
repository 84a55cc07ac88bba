// What is recorded of a batch, and what it cost, with a provider that is written by hand.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Journal, readJournal, readPendingSlots, slotOf } from "ask-models";
import { collectBatches, followBatches, submitBatches } from "ask-models/batches";
import { temporaryFolder } from "test-support/temporary";
import { requestsOf } from "./made-requests";

type Client = Parameters<typeof submitBatches>[0];
type Line = Readonly<Record<string, unknown>> | string;

interface MadeBatch {
  readonly id: string;
  readonly status: string;
  readonly metadata?: unknown;
  readonly output_file_id?: string | null;
  readonly error_file_id?: string | null;
  readonly request_counts?: { readonly completed: number; readonly failed: number };
  readonly errors?: unknown;
}

const requests = requestsOf(3);
const slots = requests.map(slotOf);
const price = { input: 1e6, output: 3e6 };
const redact = (text: string) => text.replaceAll("sk-secret", "…");

/** A service with one batch, whose files hold what is given. */
function clientWith(
  batch: Partial<MadeBatch>,
  files: Readonly<Record<string, Line[]>> = {},
  uploaded: string[] = [],
) {
  let made: MadeBatch[] = [];
  const client = {
    files: {
      create: async ({ file }: { file: AsyncIterable<Buffer> }) => {
        for await (const bytes of file) uploaded.push(bytes.toString("utf8"));
        return { id: "input-1" };
      },
      content: async (id: string) => {
        const lines = files[id]?.map((one) =>
          typeof one === "string" ? one : JSON.stringify(one),
        );
        return new Response(lines && `${lines.join("\n")}\n`);
      },
    },
    batches: {
      list: async function* () {
        yield* made;
      },
      create: async ({ metadata }: { metadata: unknown }) => {
        const one = { id: `batch-${made.length + 1}`, status: "completed", metadata, ...batch };
        made = [...made, one];
        return one;
      },
      retrieve: async (id: string) => made.find((one) => one.id === id),
    },
  };
  return client as unknown as Client;
}

function answer(slot: string | undefined, outputTokens = 2): Line {
  const choices = [{ message: { content: "There." }, finish_reason: "stop" }];
  const usage = { prompt_tokens: 10, completion_tokens: outputTokens };
  return { custom_id: slot, response: { status_code: 200, body: { choices, usage } } };
}

async function submit(client: Client, options = {}) {
  const path = join(temporaryFolder(), "journal.jsonl");
  async function* stream() {
    yield* requests;
  }
  await submitBatches(client, path, stream(), options);
  return path;
}

async function collect(client: Client, path: string, options = {}) {
  const journal = await Journal.open(path);
  try {
    const collected = await collectBatches(client, journal, { redact, ...options });
    return { ...collected, records: await readJournal(path) };
  } finally {
    await journal.close();
  }
}

describe("collectBatches", () => {
  it("records every answer at half the price", async () => {
    const client = clientWith(
      { output_file_id: "out" },
      { out: slots.map((slot) => answer(slot)) },
    );
    const path = await submit(client);
    const { records, ...found } = await collect(client, path, { price });
    // Ten tokens at 1 dollar and two at 3 are 16 dollars.
    assert.deepEqual(
      records.map(({ dialogue, status, reply, costUsd, attempts }) => [
        dialogue,
        status,
        reply,
        costUsd,
        attempts,
      ]),
      [0, 1, 2].map((n) => [`d${n}`, "ok", "There.", 8, 1]),
    );
    assert.deepEqual(found, {
      recorded: 3,
      underWay: 0,
      failed: [],
      ended: 3,
      unanswered: 0,
      unreadable: 0,
    });
    assert.deepEqual(await followBatches(client, path), []);
  });

  it("names no cost where no price is known", async () => {
    const client = clientWith({ output_file_id: "out" }, { out: [answer(slots[0])] });
    const { records } = await collect(client, await submit(client));
    assert.equal("costUsd" in (records[0] ?? {}), false);
  });

  it("reads the file of errors beside that of answers, and counts what has neither", async () => {
    const failed = {
      custom_id: slots[1],
      response: { status_code: 400, body: { error: { message: "Bad key sk-secret." } } },
    };
    const client = clientWith(
      { output_file_id: "out", error_file_id: "err" },
      { out: [answer(slots[0])], err: [failed] },
    );
    const { records, recorded, ended, unanswered } = await collect(client, await submit(client));
    assert.deepEqual([recorded, ended, unanswered], [2, 3, 1]);
    assert.deepEqual(
      records.map(({ status }) => status),
      ["ok", "failed"],
    );
    assert.equal(records[1]?.reason, "HTTP 400: Bad key ….");
  });

  it("records a content filter's answer, and a line without a response as failed", async () => {
    const filtered = {
      custom_id: slots[0],
      response: { status_code: 400, body: { error: { code: "content_filter", message: "no" } } },
    };
    const empty = { custom_id: slots[1], response: null, error: { message: "It broke." } };
    const odd = { custom_id: slots[2], response: { status_code: 200, body: {} } };
    const client = clientWith({ output_file_id: "out" }, { out: [filtered, empty, odd] });
    const { records } = await collect(client, await submit(client));
    assert.deepEqual(
      records.map(({ status }) => status),
      ["filtered", "failed", "failed"],
    );
    assert.match(records[1]?.reason ?? "", /It broke/);
    assert.ok(records[2]?.reason);
  });

  for (const code of ["batch_expired", "batch_cancelled"]) {
    it(`leaves a request missing that a batch did not get to (${code})`, async () => {
      const late = { custom_id: slots[1], response: null, error: { code } };
      const client = clientWith(
        { status: "expired", output_file_id: "out", error_file_id: "err" },
        { out: [answer(slots[0])], err: [late] },
      );
      const found = await collect(client, await submit(client));
      assert.deepEqual(
        [found.recorded, found.unanswered, found.unreadable, found.records.length],
        [1, 2, 0, 1],
      );
    });
  }

  it("keeps aside what cannot be read or answers no request, without secrets", async () => {
    const lines = ["{not json, sk-secret", answer("other"), "null", { custom_id: 7 }];
    const client = clientWith(
      { output_file_id: "out" },
      { out: [`\uFEFF${JSON.stringify(answer(slots[0]))}`, ...lines] },
    );
    const path = await submit(client);
    const { recorded, unreadable, aside } = await collect(client, path);
    assert.deepEqual([recorded, unreadable, aside], [1, 4, `${path}.batch-unread`]);
    const kept = readFileSync(aside as string, "utf8");
    assert.equal(kept.split("\n").length, 5);
    assert.match(kept, /^\{not json, …\n/);
  });

  it("records no request twice", async () => {
    const client = clientWith(
      { output_file_id: "out" },
      { out: [answer(slots[0], 2), answer(slots[0], 9)] },
    );
    const { records, recorded } = await collect(client, await submit(client), { price });
    assert.deepEqual([recorded, records.length, records[0]?.costUsd], [1, 1, 8]);
  });

  it("leaves a batch alone that has not ended", async () => {
    for (const status of ["validating", "in_progress", "finalizing"]) {
      const client = clientWith({ status, output_file_id: "out" }, { out: [answer(slots[0])] });
      const path = await submit(client);
      const { records, ...found } = await collect(client, path);
      assert.deepEqual([found.recorded, found.underWay, found.ended, records.length], [0, 1, 0, 0]);
      assert.equal((await readPendingSlots(path)).size, 3);
    }
  });

  it("collects every batch that has ended, however it did", async () => {
    for (const status of ["completed", "expired", "cancelled"]) {
      const client = clientWith({ status, output_file_id: "out" }, { out: [answer(slots[0])] });
      const path = await submit(client, { limits: { requests: 2, bytes: 1e6 } });
      const { records, ...found } = await collect(client, path);
      assert.deepEqual([records.length, found.underWay, found.ended], [1, 0, 3]);
      assert.equal((await readPendingSlots(path)).size, 0);
    }
  });

  it("leaves the batches alone that have not ended where another has", async () => {
    let asked = 0;
    const client = clientWith({ output_file_id: "out" }, { out: [answer(slots[0])] });
    const path = await submit(client, { limits: { requests: 2, bytes: 1e6 } });
    const { retrieve } = client.batches;
    client.batches.retrieve = (async (id: string) => {
      const batch = await retrieve.call(client.batches, id);
      return asked++ === 0 ? batch : { ...batch, status: "in_progress" };
    }) as unknown as typeof retrieve;
    const { recorded, underWay, ended, unanswered } = await collect(client, path);
    assert.deepEqual([recorded, underWay, ended, unanswered], [1, 1, 2, 1]);
    assert.deepEqual([...(await readPendingSlots(path))], [slots[2]]);
  });

  it("leaves requests missing where the file of answers has no content", async () => {
    const client = clientWith({ output_file_id: "gone" });
    const { recorded, unanswered, unreadable } = await collect(client, await submit(client));
    assert.deepEqual([recorded, unanswered, unreadable], [0, 3, 0]);
  });

  it("keeps a batch in mind that failed without a word", async () => {
    const client = clientWith({ status: "failed" });
    const path = await submit(client);
    assert.equal((await collect(client, path)).failed.length, 1);
    assert.equal((await followBatches(client, path))[0]?.status, "failed");
  });

  it("keeps a batch in mind that failed as a whole, with its reason and without secrets", async () => {
    const errors = { data: [{ code: "x", message: "Bad key sk-secret." }] };
    const client = clientWith({ status: "failed", errors });
    const path = await submit(client);
    const { records, ...found } = await collect(client, path);
    assert.deepEqual(found, {
      recorded: 0,
      underWay: 0,
      failed: ["batch-1: Bad key …."],
      ended: 0,
      unanswered: 0,
      unreadable: 0,
    });
    assert.equal(records.length, 0);
    const [kept] = await followBatches(client, path);
    assert.deepEqual([kept?.status, kept?.reason], ["failed", "Bad key …."]);
    assert.equal((await readPendingSlots(path)).size, 0);
    // Its requests are no longer kept, and it is not collected again.
    assert.equal(existsSync(`${path}.batch-${kept?.chunk}.jsonl`), false);
    assert.deepEqual((await collect(client, path)).failed, []);
  });
});

describe("submitBatches", () => {
  it("uploads each request once, under the name of its slot", async () => {
    const uploaded: string[] = [];
    await submit(clientWith({}, {}, uploaded));
    const lines = uploaded.join("").trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).custom_id),
      slots,
    );
    assert.equal(JSON.parse(lines[0] ?? "").body.model, "tiny");
  });
});

describe("followBatches", () => {
  it("says how far each batch is", async () => {
    const client = clientWith({
      status: "in_progress",
      request_counts: { completed: 1, failed: 2 },
    });
    const path = await submit(client);
    const [one, ...others] = await followBatches(client, path);
    assert.equal(others.length, 0);
    assert.match(one?.chunk ?? "", /^[0-9a-f]{16}$/);
    assert.deepEqual(
      { ...one, chunk: "" },
      {
        chunk: "",
        requests: 3,
        batch: "batch-1",
        status: "in_progress",
        completed: 1,
        failed: 2,
      },
    );
  });

  it("says that a batch is not submitted, where its creation was interrupted", async () => {
    const client = clientWith({});
    const broken = {
      ...client,
      batches: {
        list: async function* () {},
        create: () => Promise.reject(new Error("gone")),
      },
    } as unknown as Client;
    const path = join(temporaryFolder(), "journal.jsonl");
    async function* stream() {
      yield* requests;
    }
    await assert.rejects(submitBatches(broken, path, stream()), /gone/);
    const [one] = await followBatches(client, path);
    assert.deepEqual([one?.status, one?.batch, one?.completed], ["not submitted", undefined, 0]);
    const { underWay } = await collect(client, path);
    assert.equal(underWay, 1);
  });

  it("says why a batch failed while that is under way to be collected", async () => {
    const errors = { data: [{ code: "x", message: "Too much." }] };
    const client = clientWith({ status: "failed", errors });
    const [one] = await followBatches(client, await submit(client));
    assert.deepEqual([one?.status, one?.reason], ["failed", "Too much."]);
  });
});
