// The whole command, in processes of its own, against a server on loopback.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "ask-models";
import { openTable } from "kit/tables";
import { chatSaying, type Fault, FaultServer, replyTo } from "test-support/fault-server";
import { itNeeds, patience } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { readScoreRequests } from "../../src/scoring/score-table";
import { killRepeatedly } from "./kill-run";

const KEY = "sk-planted-0123456789abcdef";

function writeStimuli(folder: string, count: number): string {
  const path = join(folder, "stimuli.csv");
  const rows = Array.from({ length: count }, (_, n) => `d${n},"Our bus broke down, number ${n}."`);
  writeFileSync(path, `dialogue,context\n${rows.join("\n")}\n`);
  return path;
}

describe("empathy ask", function () {
  this.timeout(60_000);
  let server: FaultServer;
  let folder: string;
  let journal: string;

  before(async () => {
    server = await FaultServer.start();
  });

  after(() => server.stop());

  beforeEach(() => {
    folder = temporaryFolder();
    journal = join(folder, "j.jsonl");
    server.behaviour = {};
    server.seen.length = 0;
    server.forget();
  });

  function askOwn(count: number, ...more: string[]): string[] {
    return [
      "ask",
      "--base-url",
      server.url,
      "--model",
      "tiny",
      "--as",
      "mine",
      "--stimuli",
      writeStimuli(folder, count),
      "--journal",
      journal,
      ...more,
    ];
  }

  it("asks a server of one's own, records every reply once, and asks nothing twice", async () => {
    const first = await runEmpathy(askOwn(40, "--concurrency", "32", "--json"));
    assert.equal(first.status, 0);
    assert.match(first.stderr, /^empathy: note: 'mine' is in no registry of systems yet; .*\n$/);
    const summary = JSON.parse(first.stdout);
    assert.equal(summary.recorded.ok, 40);
    const lines = readFileSync(journal, "utf8").trimEnd().split("\n");
    assert.equal(lines.length, 40);
    for (const line of lines) {
      const { dialogue, turn, system, key, status, reply } = JSON.parse(line);
      assert.deepEqual([turn, system, status], [2, "mine", "ok"]);
      assert.match(key, /^[0-9a-f]{64}$/);
      assert.equal(reply, replyTo(`Our bus broke down, number ${dialogue.slice(1)}.`));
    }
    const again = await runEmpathy(askOwn(45, "--json"));
    assert.equal(JSON.parse(again.stdout).recorded.ok, 5);
    assert.equal(server.seen.length, 45);
    const [{ body }] = server.seen as [(typeof server.seen)[number]];
    assert.equal(body.model, "tiny");
    assert.equal(body.max_tokens, 256);
  });

  it("says of how many replies the whole text is kept beside them", async () => {
    server.behaviour = { body: ({ asked }) => chatSaying(/ 1\./.test(asked) ? "Oh.</s>" : "Oh.") };
    const { stdout } = await runEmpathy(askOwn(3));
    assert.match(stdout, /, 0 failed, 1 shortened \('said' keeps the whole text\); /);
  });

  it("prints what all runs on a journal cost together", async () => {
    const price = ["--price", "1000000,0"];
    const first = await runEmpathy(askOwn(2, ...price));
    assert.match(first.stdout, /, \$80\.0000; /);
    const second = await runEmpathy(askOwn(5, ...price));
    assert.match(second.stdout, /, \$120\.0000 \(\$200\.0000 over all runs\); /);
  });

  it("tells a model without a system role what to do in the first turn", async () => {
    server.behaviour = {
      error: ({ body }) =>
        (body.messages as { role: string }[])[0]?.role === "system"
          ? { status: 400, body: { message: "System role not supported" } }
          : undefined,
    };
    const refused = await runEmpathy(askOwn(2));
    assert.equal(refused.status, 1);
    const [, option = ""] = /(--instruction-in user)/.exec(refused.stderr) ?? [];
    const { status, stdout } = await runEmpathy(askOwn(2, ...option.split(" ")));
    assert.equal(status, 0);
    assert.match(stdout, /recorded 2 ok/);
  });

  it("writes replies as a table, of stimuli in JSONL, and says where their language is another", async () => {
    const stimuli = join(folder, "mine.jsonl");
    const line = { dialogue: "d1", context: ["Salut.", "Bonjour.", "Mon chat est parti."] };
    writeFileSync(stimuli, `${JSON.stringify(line)}\n`);
    const table = join(folder, "replies.csv");
    const args = [...askOwn(0), "--stimuli", stimuli, "--language", "fr", "--table", table];
    const { status, stderr } = await runEmpathy(args);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /note: the language of 1 stimulus is 'fr', that of the prompt 'paper' is 'en'; add a prompt in 'fr'/,
    );
    assert.equal(
      readFileSync(table, "utf8"),
      "system,model,prompt,temperature,dialogue,turn,sample,language,emotion,sentiment,context,reply\n" +
        'mine,tiny,paper@1,,d1,4,1,fr,,,"[""Salut."",""Bonjour."",""Mon chat est parti.""]",I hear you: Mon chat est parti.\n',
    );
    const written = readFileSync(table, "utf8");
    await runEmpathy(args);
    assert.equal(server.seen.length, 1);
    assert.equal(readFileSync(table, "utf8"), written);
  });

  it("writes a table that no spreadsheet runs, and that is read back as it was", async () => {
    const replies = [
      '=HYPERLINK("http://x.invalid")',
      "+1 to that",
      "-0.5",
      "@you",
      "- I am sorry.",
      "＝1＋1",
      "＋you",
    ];
    server.behaviour = {
      body: ({ asked }) => chatSaying(replies[Number(/number (\d)/.exec(asked)?.[1])] as string),
    };
    const stimuli = writeStimuli(folder, replies.length);
    const text = readFileSync(stimuli, "utf8").replace("context\n", "context,emotion\n");
    writeFileSync(stimuli, text.replace(/"\n/g, '",lonely\n'));
    const table = join(folder, "replies.csv");
    await runEmpathy([
      "ask",
      "--base-url",
      server.url,
      "--model",
      "tiny",
      "--as",
      "mine",
      "--stimuli",
      stimuli,
      "--journal",
      journal,
      "--table",
      table,
      "--temperature",
      "0.5",
    ]);
    const { rows } = await openTable(table, "csv");
    const [cells, read]: [string[], string[]] = [[], []];
    for await (const { values } of rows) {
      assert.equal(values.temperature, "0.5");
      assert.equal(values.sentiment, "negative");
      cells.push(values.reply as string);
    }
    for (const cell of cells) assert.doesNotMatch(cell, /^[=+@＝＋]|^-(?!0\.5$)/);
    const columns = { context: "context", reply: "reply" };
    for await (const { reply } of readScoreRequests(
      table,
      await openTable(table, "csv"),
      columns,
    )) {
      read.push(reply);
    }
    assert.deepEqual(read, replies);
  });

  it("says what a number of stimuli needs", async () => {
    const drawn = await runEmpathy([...askOwn(0), "--stimuli", "200", "--sample", "3"]);
    assert.match(drawn.stderr, /--stimuli 200 is a size already; leave --sample out\n$/);
    const unknown = await runEmpathy(askOwn(3, "--balanced", "emotion"));
    assert.match(unknown.stderr, /needs a size; say how many with --sample\n$/);
  });

  it("refuses to ask one system in two ways, before anything is sent", async () => {
    await runEmpathy(askOwn(3));
    const asked = server.seen.length;
    for (const more of [
      ["--prompt", "none"],
      ["--temperature", "0.3"],
    ]) {
      const { status, stderr } = await runEmpathy(askOwn(5, ...more));
      assert.equal(status, 1);
      assert.match(
        stderr,
        /'mine' was asked before with model tiny, prompt .*name it with --as\n$/,
      );
    }
    assert.equal(server.seen.length, asked);
    assert.equal((await runEmpathy(askOwn(5))).status, 0);
  });

  it("answers the sample corpus by retrieval, without a key, the same every time", async () => {
    const contents: string[] = [];
    for (const name of ["one", "two"]) {
      const path = join(folder, name);
      const { status, stderr } = await runEmpathy([
        "ask",
        "--system",
        "retrieval",
        "--journal",
        path,
      ]);
      assert.deepEqual([status, stderr], [0, ""]);
      const records = await readJournal(path);
      assert.equal(records.length, 64);
      contents.push(JSON.stringify(records.map(({ time: _time, ...rest }) => rest)));
    }
    assert.equal(contents[0], contents[1]);
  });

  it("asks again what failed when it is told to, and only that", async () => {
    server.behaviour = { fault: ({ asked }) => (/number [12]\./.test(asked) ? "500" : "none") };
    const first = await runEmpathy(askOwn(5, "--retries", "0"));
    assert.equal(first.status, 1);
    assert.match(first.stdout, /recorded 3 ok, 2 failed .*--retry-failed asks them again/);
    server.behaviour = {};
    const kept = await runEmpathy(askOwn(5));
    assert.equal(kept.status, 1);
    assert.match(kept.stdout, /recorded nothing .* 2 failed/);
    const retried = await runEmpathy(askOwn(5, "--retry-failed"));
    assert.equal(retried.status, 0);
    assert.equal(server.seen.length, 7);
    const records = await readJournal(journal);
    assert.deepEqual(
      records.map(({ status }) => status),
      Array(5).fill("ok"),
    );
  });

  it("finishes what is under way at Ctrl-C, and ends with 130", async () => {
    server.behaviour = { delayMs: 300 };
    let interrupted = false;
    const { status } = await runEmpathy(askOwn(400, "--concurrency", "8"), {
      onStart: (child) => {
        void waitFor(() => server.seen.length >= 20).then(() => {
          interrupted = true;
          child.kill("SIGINT");
        });
      },
    });
    assert.ok(interrupted);
    assert.equal(status, 130);
    const records = await readJournal(journal);
    assert.equal(records.length, server.seen.length);
    assert.ok(records.length < 400);
    server.behaviour = {};
    const rest = await runEmpathy(askOwn(400));
    assert.equal(rest.status, 0);
    assert.equal(server.seen.length, 400);
  });

  it("ends at once at a second Ctrl-C, and keeps all that was answered", async () => {
    server.behaviour = { fault: ({ asked }) => (/number [0-4]\./.test(asked) ? "none" : "stall") };
    const { status } = await runEmpathy(askOwn(20, "--concurrency", "8"), {
      onStart: (child) => {
        void waitFor(() => server.seen.length >= 13).then(async () => {
          await waitFor(() => existsSync(journal) && linesOf(journal) === 5);
          child.kill("SIGINT");
          await new Promise((next) => setTimeout(next, 200));
          child.kill("SIGINT");
        });
      },
    });
    assert.equal(status, 130);
    assert.equal((await readJournal(journal)).length, 5);
  });

  it("lets one of two runs on one journal work, and tells the other", async () => {
    // Nothing is answered until both have had their say.
    let release = () => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.behaviour = { hold };
    const run = () => runEmpathy(askOwn(200), { alone: true });
    const started = [run(), run()];
    const refused = await Promise.race(started);
    release();
    const runs = await Promise.all(started);
    assert.deepEqual(runs.map(({ status }) => status).sort(), [0, 1]);
    assert.match(
      refused.stderr,
      /^empathy: .*j\.jsonl: another process is writing this journal; .*\n$/,
    );
    assert.equal(server.seen.length, 200);
    assert.equal(linesOf(journal), 200);
  });

  itNeeds(
    patience,
    "answers every stimulus exactly once however often it is killed",
    async () => {
      const kills = 10;
      const concurrency = 4;
      const plan = {
        kills,
        stimuli: 200,
        concurrency,
        delayMs: 60,
        withinRequests: 16,
        seed: 2,
        folder,
      };
      const result = await killRepeatedly(plan);
      assert.deepEqual([result.answered, result.lines], [200, 200]);
      assert.ok(result.killsWhileAsking >= 5, `${result.killsWhileAsking} kills fell on requests`);
      assert.ok(result.requests - 200 <= kills * concurrency, `${result.requests} requests`);
    },
    60_000,
  );

  it("stops before a sum of money is exceeded", async () => {
    server.behaviour = { delayMs: 5 };
    const price = ["--price", "1000,1000", "--max-tokens", "10"];
    const { status, stdout } = await runEmpathy(askOwn(100, ...price, "--max-cost", "1", "--json"));
    const { costUsd, stopped, recorded, missing } = JSON.parse(stdout);
    assert.deepEqual([status, stopped], [1, "max-cost"]);
    assert.ok(costUsd <= 1 && costUsd > 0.7, `${costUsd}`);
    assert.equal(recorded.ok + missing, 100);
    assert.equal(server.seen.length, recorded.ok);
  });

  it("prints what a run would take, for every system, and asks nobody", async () => {
    const { status, stdout } = await runEmpathy(["ask", "--dry-run", "--json"]);
    assert.equal(status, 0);
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    assert.deepEqual(
      rows.map(({ system }) => system),
      ["gpt-3.5", "gpt-4", "vicuna-t5", "palm-2", "falcon-7b", "retrieval"],
    );
    for (const row of rows) assert.equal(row.requests, 64);
    const own = await runEmpathy(askOwn(3, "--dry-run"));
    assert.match(own.stdout, /^mine +tiny +3 +~\d+ +768 +unknown/m);
    assert.equal(server.seen.length, 0);
    assert.ok(!existsSync(journal));
  });

  it("refuses a retired model, names its successor, and records the one that was asked", async () => {
    const refused = await runEmpathy(["ask", "--system", "gpt-4", "--journal", journal]);
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /^empathy: 'gpt-4' can no longer be asked: .* say --model gpt-5\.6-sol, .*\n$/,
    );
    const asked = await runEmpathy([
      "ask",
      "--system",
      "gpt-4",
      "--model",
      "gpt-5.6-sol",
      "--base-url",
      server.url,
      "--limit",
      "2",
      "--journal",
      journal,
    ]);
    assert.equal(asked.status, 0);
    const [record] = await readJournal(journal);
    assert.equal(record?.request.model, "gpt-5.6-sol");
    assert.equal(record?.system, "gpt-4");
  });

  for (const [what, args, env, pattern] of [
    [
      "a missing key of OpenAI",
      ["--system", "gpt-4", "--model", "gpt-5.6-sol"],
      {},
      /OPENAI_API_KEY is not set/,
    ],
    [
      "a missing key of Google",
      ["--system", "palm-2", "--model", "gemini-2.5-flash"],
      {},
      /GEMINI_API_KEY is not set/,
    ],
    [
      "a missing key of Hugging Face",
      ["--as", "x", "--model", "y", "--provider", "huggingface"],
      {},
      /HF_TOKEN is not set/,
    ],
    ["an unknown system", ["--system", "gpt-9"], {}, /unknown system 'gpt-9'/],
    [
      "a published system",
      ["--as", "kemp", "--model", "y"],
      {},
      /the replies of 'kemp' are published, not asked for/,
    ],
    ["no system", [], {}, /name whom to ask with --system/],
    [
      "a name without a server",
      ["--as", "mine"],
      {},
      /say what to ask with --base-url URL --model NAME/,
    ],
    ["a name that is a path", ["--as", "../x"], {}, /should be a name of lower-case letters/],
    [
      "a base URL with a password",
      ["--as", "x", "--model", "y", "--base-url", "http://a:b@c"],
      {},
      /should hold no password/,
    ],
    [
      "a sum without a price",
      ["--as", "x", "--model", "y", "--base-url", "http://127.0.0.1:9", "--max-cost", "1"],
      {},
      /no price is known for 'y'/,
    ],
    [
      "a prompt that is not there",
      ["--system", "vicuna-t5", "--base-url", "http://127.0.0.1:9", "--prompt", "x"],
      {},
      /unknown prompt 'x'/,
    ],
    [
      "sampling for retrieval",
      ["--system", "retrieval", "--temperature", "1"],
      {},
      /searches known dialogues/,
    ],
    ["a temperature that is none", ["--temperature", "hot"], {}, /number from 0 to 10/],
  ] as [string, string[], NodeJS.ProcessEnv, RegExp][]) {
    it(`answers ${what} with one line`, async () => {
      const unset = { OPENAI_API_KEY: "", HF_TOKEN: "", GEMINI_API_KEY: "", ...env };
      const { status, stdout, stderr } = await runEmpathy(["ask", "--journal", journal, ...args], {
        env: unset,
      });
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.ok(!existsSync(journal));
    });
  }

  it("leaves no key in anything it writes or says, whatever the server does", async () => {
    const env = { OPENAI_API_KEY: KEY, OPENAI_LOG: "debug" };
    const said: string[] = [];
    const batch = ["submit", "status", "collect"].map((step) => ["--batch", step]);
    const faults: Fault[] = [
      "none",
      "401",
      "echo key",
      "500",
      "429 no money",
      "invalid json",
      "length",
    ];
    for (const fault of faults) {
      server.behaviour = { fault: () => fault };
      journal = join(folder, `${fault.replaceAll(" ", "-")}.jsonl`);
      for (const more of fault === "401" ? [[], ...batch] : [[]]) {
        const args = askOwn(3, "--retries", "0", ...more);
        const { stdout, stderr } = await runEmpathy(args, { env });
        said.push(stdout, stderr);
      }
    }
    assert.ok(server.seen.some(({ headers }) => headers.authorization === `Bearer ${KEY}`));
    assert.ok(
      said.some((text) => text.includes("[secret]")),
      "the key was sent back and taken out",
    );
    const left = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    for (const text of [...said, ...left]) assert.ok(!text.includes(KEY), text.slice(0, 300));
  });

  it("submits, follows and collects batches into the same journal, asking nothing twice", async () => {
    server.behaviour = {
      fault: ({ asked }) =>
        /number 3\./.test(asked) ? "500" : /number 4\./.test(asked) ? "length" : "none",
    };
    await runEmpathy(askOwn(2));
    const submit = await runEmpathy(askOwn(6, "--batch", "submit", "--json"));
    assert.equal(submit.status, 0, submit.stderr);
    const [chunk] = JSON.parse(submit.stdout);
    assert.equal(chunk.requests, 4);
    const twice = await runEmpathy(askOwn(6, "--batch", "submit", "--json"));
    assert.deepEqual(JSON.parse(twice.stdout), [chunk]);
    const meanwhile = await runEmpathy(askOwn(6));
    assert.match(meanwhile.stderr, /4 requests are in batches/);
    assert.match(meanwhile.stdout, /recorded nothing/);
    const early = await runEmpathy(askOwn(6, "--batch", "collect"));
    assert.match(early.stdout, /recorded 0; 1 batch is still under way/);
    const status = await runEmpathy(askOwn(6, "--batch", "status"));
    assert.match(status.stdout, /4 requests {2}completed, 3 completed, 1 failed/);
    const collect = await runEmpathy(askOwn(6, "--batch", "collect", "--price", "1,2"));
    assert.match(collect.stdout, /recorded 4; 0 batches/);
    const records = await readJournal(journal);
    const ends = new Map(records.map(({ dialogue, status: end }) => [dialogue, end]));
    assert.deepEqual(
      ["d0", "d1", "d2", "d3", "d4", "d5"].map((dialogue) => ends.get(dialogue)),
      ["ok", "ok", "ok", "failed", "cut-off", "ok"],
    );
    const d2 = records.find(({ dialogue }) => dialogue === "d2");
    assert.equal(d2?.reply, replyTo("Our bus broke down, number 2."));
    assert.equal(d2?.costUsd, 30e-6);
    assert.equal(linesOf(journal), 6);
    assert.equal(server.seen.length, 6);
    assert.deepEqual(readdirSync(folder).sort(), ["j.jsonl", "stimuli.csv"]);
  });

  it("writes below data/replies by default, in a folder that it makes", async () => {
    const args = [
      "ask",
      "--system",
      "retrieval",
      "--limit",
      "1",
      "--journal",
      join(folder, "a", "b.jsonl"),
    ];
    mkdirSync(join(folder, "elsewhere"));
    const { status } = await runEmpathy(args, { cwd: join(folder, "elsewhere") });
    assert.equal(status, 0);
    assert.equal(linesOf(join(folder, "a", "b.jsonl")), 1);
  });
});

function linesOf(path: string): number {
  return readFileSync(path, "utf8").trimEnd().split("\n").length;
}

async function waitFor(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((next) => setTimeout(next, 5));
}
