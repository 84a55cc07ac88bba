// Batches that fail, expire, or bring back lines that nobody can read, through the command.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "ask-models";
import { FaultServer } from "test-support/fault-server";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";

describe("empathy ask --batch", function () {
  this.timeout(60_000);
  let server: FaultServer;
  let journal: string;
  let base: string[];

  beforeEach(async () => {
    server = await FaultServer.start();
    const folder = temporaryFolder();
    journal = join(folder, "j.jsonl");
    const stimuli = join(folder, "stimuli.jsonl");
    const rows = [1, 2, 3].map((n) => ({ dialogue: `d${n}`, context: [`Late\u2028again, ${n}.`] }));
    writeFileSync(stimuli, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    base = [
      "ask",
      "--base-url",
      server.url,
      "--model",
      "tiny",
      "--as",
      "mine",
      "--provider",
      "openai",
      "--stimuli",
      stimuli,
      "--journal",
      journal,
    ];
  });

  afterEach(() => server.stop());

  const batch = (step: string, ...more: string[]) =>
    runEmpathy([...base, "--batch", step, ...more], {
      env: { OPENAI_API_KEY: "sk-test-12345678" },
    });

  /** Submits, looks once at what is then in progress, and collects. */
  async function runOnce(behaviour: FaultServer["behaviour"]) {
    server.behaviour = behaviour;
    await batch("submit");
    await batch("status");
    return batch("collect");
  }

  it("records texts with U+2028 in them whole, and passes over blank lines and a byte order mark", async () => {
    const spaced = (text: string) => `\uFEFF${text.replaceAll("\n", "\r\n\r\n")}\r\n\r\n`;
    const { status, stdout } = await runOnce({ batchFile: spaced });
    assert.equal(status, 0);
    assert.match(stdout, /^recorded 3; 0 batches are still under way\n$/);
    for (const { reply, dialogue } of await readJournal(journal)) {
      assert.equal(reply, `I hear you: Late\u2028again, ${dialogue.slice(1)}.`);
    }
  });

  it("keeps a line aside that cannot be read, names the file, and records the others", async () => {
    const { status, stdout } = await runOnce({ batchFile: (text) => text.slice(0, -30) });
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^recorded 2; .*\n1 of 3 requests has no answer and is missing again\nunreadable lines: 1, kept in .*batch-unread\n$/,
    );
    assert.match(readFileSync(`${journal}.batch-unread`, "utf8"), /^\{"id":"x"[^\n]*\n$/);
    server.behaviour = {};
    assert.equal((await runEmpathy(base)).status, 0);
    assert.equal((await readJournal(journal)).filter(({ status }) => status === "ok").length, 3);
  });

  it("keeps an answer to no request of the batch aside, and tells of a request without one", async () => {
    const { status, stdout } = await runOnce({
      batchFile: (text) => text.replace(/"custom_id":"[^"]*"/, '"custom_id":"other"'),
    });
    assert.equal(status, 1);
    assert.match(stdout, /^recorded 2; .*\n1 of 3 requests has no answer.*\nunreadable lines: 1,/);
    assert.match(readFileSync(`${journal}.batch-unread`, "utf8"), /"custom_id":"other"/);
  });

  it("has the requests of a batch that expired missing again, and never failed", async () => {
    const expire = (text: string) => {
      const [first, ...rest] = text.split("\n");
      const late = rest.map((line) => {
        const { custom_id } = JSON.parse(line);
        return JSON.stringify({ custom_id, response: null, error: { code: "batch_expired" } });
      });
      return [first, ...late].join("\n");
    };
    const ended = (one: Record<string, unknown>) => ({ ...one, status: "expired" });
    const batches = (one: Record<string, unknown>) => (one.output_file_id ? ended(one) : one);
    const { status, stdout } = await runOnce({ batch: batches, batchFile: expire });
    assert.equal(status, 1);
    assert.match(stdout, /\n2 of 3 requests have no answer and are missing again\n$/);
    assert.deepEqual(
      (await readJournal(journal)).map(({ status }) => status),
      ["ok"],
    );
    const before = server.seen.length;
    server.behaviour = {};
    assert.match((await batch("submit")).stdout, /2 requests {2}submitted/);
    assert.equal(server.seen.length, before);
  });

  it("remembers why a batch failed, and submits the same requests again only where it is told to", async () => {
    const errors = {
      data: [{ code: "token_limit_exceeded", message: "Enqueued token limit reached." }],
    };
    const { status, stdout } = await runOnce({
      batch: (one) => ({ ...one, status: "failed", output_file_id: null, errors }),
    });
    assert.equal(status, 1);
    assert.match(stdout, /failed, so its requests are missing again: batch-1: Enqueued token/);
    assert.match((await batch("status")).stdout, /batch-1 {2}3 requests {2}failed.*Enqueued token/);
    for (const _ of [1, 2]) {
      const again = await batch("submit");
      assert.equal(again.status, 1);
      assert.match(
        again.stderr,
        /^empathy: batch batch-1 of the same requests failed: Enqueued token limit reached; .*--retry-failed.*\n$/,
      );
    }
    assert.match((await batch("submit", "--limit", "2")).stdout, /^batch-2 {2}2 requests/m);
    assert.doesNotMatch((await batch("status")).stdout, /batch-1/);
    server.behaviour = {};
    await batch("status");
    assert.match((await batch("collect")).stdout, /^recorded 2/);
  });

  it("never takes a batch that failed for the one that is to be submitted", async () => {
    await runOnce({ batch: (one) => ({ ...one, status: "failed", output_file_id: null }) });
    server.behaviour = {
      batch: (one) => (one.id === "batch-1" ? { ...one, status: "failed" } : one),
    };
    assert.match((await batch("submit", "--retry-failed")).stdout, /^batch-2 {2}3 requests/);
  });
});
