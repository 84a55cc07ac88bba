// `empathy ask --grid` as a user runs it, against a server on loopback.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal } from "ask-models";
import { readRows } from "kit/tables";
import { chatSaying, FaultServer } from "test-support/fault-server";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";
import { killRepeatedly } from "./kill-run";

const GERMAN = projectPath("data", "example", "german-dialogues.jsonl");

describe("empathy ask --grid", function () {
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
    journal = join(folder, "g.grid.jsonl");
    server.behaviour = {};
    server.seen.length = 0;
    server.forget();
  });

  function ask(change: object, ...more: string[]): string[] {
    const path = join(folder, "g.json");
    const model = { baseUrl: server.url, maxTokens: 10, price: { input: 1000, output: 1000 } };
    const models = ["a", "b"].map((id) => ({ id, model: id, ...model }));
    const grid = { id: "g", models, prompts: ["paper", "short"], temperatures: [0, 1], ...change };
    writeFileSync(path, JSON.stringify(grid));
    return ["ask", "--grid", path, "--journal", journal, ...more];
  }

  const SIXTEEN = { sample: 16, balanced: "emotion" };

  it("refuses a cell that another grid of the folder had asked in another way, before anything is sent", async () => {
    const grid = (id: string, model: string, name: string) =>
      ask(
        {
          id,
          models: [{ id: model, model: name, baseUrl: server.url }],
          prompts: ["short"],
          temperatures: [0.7],
          limit: 1,
        },
        "--journal",
        join(folder, `${id}.grid.jsonl`),
      );
    assert.equal((await runEmpathy(grid("w", "x-y", "one"))).status, 0);
    for (const more of [[], ["--dry-run"]]) {
      const { status, stderr } = await runEmpathy([...grid("w-x", "y", "other"), ...more]);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^empathy: .*\/w\.grid\.jsonl: 'w-x-y-short-t0\.7' was asked before with model one, .*with model other, .*another 'id'\n$/,
      );
    }
    const alone = [
      "ask",
      "--base-url",
      server.url,
      "--model",
      "other",
      "--as",
      "w-x-y-short-t0.7",
      "--limit",
      "1",
      "--journal",
      join(folder, "w-x-y-short-t0.7.jsonl"),
    ];
    assert.match((await runEmpathy(alone)).stderr, /w\.grid\.jsonl: .*name it with --as\n$/);
    assert.equal(server.seen.length, 1);
    assert.equal((await runEmpathy(grid("v", "y", "other"))).status, 0);
  });

  it("lists cells, requests, tokens and dollars, with their sums, and asks nobody", async () => {
    const args = ask({ ...SIXTEEN, samples: 2 }, "--dry-run");
    const { cells, total } = JSON.parse((await runEmpathy([...args, "--json"])).stdout);
    assert.equal(cells.length, 8);
    for (const cell of cells) {
      assert.deepEqual([cell.requests, cell.answered, cell.outputTokensAtMost], [32, 0, 320]);
      assert.equal(cell.costUsdAtMost, (cell.inputTokens + 320) / 1000);
    }
    assert.deepEqual([total.cells, total.requests], [8, 256]);
    const { stdout } = await runEmpathy(args);
    assert.match(stdout, /^cell +model +prompt +temperature +samples +answered +to ask/);
    assert.match(stdout, /\ng-a-paper-t0 +a +paper +0 +2 +0 +32 +~\d+ +320 +\d/);
    assert.match(stdout, /\n8 cells +0 +256 +~\d+ +2560 +\d/);
    assert.equal(server.seen.length, 0);
  });

  it("asks every cell for the same stimuli, in one journal, and nothing twice", async () => {
    const first = await runEmpathy(ask(SIXTEEN, "--json"));
    assert.equal(first.status, 0, first.stderr);
    assert.equal(JSON.parse(first.stdout).recorded.ok, 8 * 16);
    const records = await readJournal(journal);
    const cells = new Map<string, Set<string>>();
    for (const { system, dialogue } of records) {
      cells.set(system, (cells.get(system) ?? new Set()).add(dialogue));
    }
    assert.equal(cells.size, 8);
    const [asked, ...others] = [...cells.values()].map((dialogues) => [...dialogues].sort());
    assert.equal(asked?.length, 16);
    for (const other of others) assert.deepEqual(other, asked);
    for (const { body } of server.seen) assert.ok(body.temperature === 0 || body.temperature === 1);
    const more = await runEmpathy(ask({ ...SIXTEEN, temperatures: [0, 1, 0.5] }));
    assert.match(more.stdout, /^12 cells; g \(a, b\): recorded 64 ok in .* 128 answered before/);
    assert.equal(server.seen.length, 12 * 16);
    const models = [{ id: "a", model: "a", baseUrl: server.url, maxTokens: 10 }];
    const one = { ...SIXTEEN, models, prompts: ["paper"], temperatures: [0] };
    const alone = await runEmpathy(ask(one));
    assert.match(alone.stdout, /^1 cell; g/);
    const dry = await runEmpathy(ask(SIXTEEN, "--dry-run", "--json"));
    assert.equal(JSON.parse(dry.stdout).total.requests, 0);
  });

  it("keeps one budget over all cells, which were asked alike when it ends, and goes on from there", async () => {
    const stopped = await runEmpathy(
      ask(SIXTEEN, "--max-cost", "3", "--concurrency", "4", "--json"),
    );
    const { costUsd, stopped: why, missing, recorded } = JSON.parse(stopped.stdout);
    assert.deepEqual([stopped.status, why], [1, "max-cost"]);
    assert.ok(costUsd <= 3 && costUsd > 2.5, `${costUsd}`);
    assert.equal(recorded.ok + missing, 8 * 16);
    const counts = new Map<string, number>();
    for (const { system } of await readJournal(journal)) {
      counts.set(system, (counts.get(system) ?? 0) + 1);
    }
    assert.equal(counts.size, 8);
    assert.ok(Math.max(...counts.values()) - Math.min(...counts.values()) <= 2);
    const rest = await runEmpathy(ask(SIXTEEN, "--json"));
    assert.deepEqual([rest.status, JSON.parse(rest.stdout).missing], [0, 0]);
    assert.equal((await readJournal(journal)).length, 8 * 16);
  });

  it("says nothing of costs where one model's price is unknown, and keeps those that are known", async () => {
    const model = { model: "a", baseUrl: server.url };
    const price = { input: 1, output: 1 };
    const models = [
      { ...model, id: "a", price },
      { ...model, id: "b", model: "b" },
    ];
    const { stdout } = await runEmpathy(ask({ models, sample: 2 }, "--json"));
    assert.equal(JSON.parse(stdout).costUsd, null);
    for (const { system, costUsd } of await readJournal(journal)) {
      assert.equal(costUsd, system.startsWith("g-a-") ? 50e-6 : undefined);
    }
    const dry = await runEmpathy(ask({ models, sample: 3 }, "--dry-run"));
    assert.match(dry.stdout, /\n8 cells .* unknown\n/);
    assert.match(
      dry.stdout,
      /unknown: neither data\/prices.json nor the grid has the model's price/,
    );
  });

  it("loses nothing and asks at most what was in flight again, however often it is killed", async () => {
    const concurrency = 8;
    const kills = 3;
    const result = await killRepeatedly({
      kills,
      stimuli: 60,
      concurrency,
      temperatures: [0, 0.5, 1],
      delayMs: 40,
      withinRequests: 16,
      seed: 3,
      folder,
    });
    assert.deepEqual([result.answered, result.lines], [180, 180]);
    assert.ok(result.killsWhileAsking >= 1);
    assert.ok(result.requests - 180 <= kills * concurrency, `${result.requests} requests`);
  });

  it("refuses what would mix two ways of asking, or cannot keep to its budget", async () => {
    await runEmpathy(ask({ sample: 1 }));
    const model = { id: "a", model: "a", baseUrl: server.url };
    const asked = server.seen.length;
    for (const [change, more, pattern] of [
      [
        { models: [{ ...model, maxTokens: 99 }] },
        [],
        /'g-a-paper-t0' was asked before .*give the grid or the model another 'id'\n$/,
      ],
      [
        { id: "h", models: [model] },
        ["--max-cost", "1"],
        /no price is known for 'a'.*give the model a 'price' in the grid\n$/,
      ],
      [{}, ["--temperature", "1"], /'--grid <file>' cannot be used with option '--temperature/],
      [{ stimuli: "nowhere.csv" }, [], /nowhere\.csv: cannot be read/],
    ] as [object, string[], RegExp][]) {
      const { status, stderr } = await runEmpathy(ask(change, ...more));
      assert.equal(status, 1);
      assert.match(stderr, pattern);
    }
    assert.equal(server.seen.length, asked);
  });

  it("goes from German dialogues to German replies and a German judge's levels", async () => {
    const table = join(folder, "replies.csv");
    const reply = "Das tut mir wirklich leid für dich. Wie geht es dir jetzt damit?";
    server.behaviour = { body: () => chatSaying(reply) };
    const grid = { models: [{ id: "a", model: "a", baseUrl: server.url }], temperatures: [1] };
    const args = ask(
      { ...grid, stimuli: GERMAN, prompts: ["short-de", "short"] },
      "--table",
      table,
    );
    const asked = await runEmpathy(args);
    assert.equal(asked.status, 0, asked.stderr);
    assert.match(
      asked.stderr,
      /the language of 8 stimuli is 'de', that of the prompt 'short' is 'en'/,
    );
    assert.doesNotMatch(asked.stderr, /of the prompt 'short-de'/);
    assert.match(asked.stderr, /replies\.csv: 16 replies/);
    const rows = [];
    for await (const { cells } of readRows(table, { columns: ["reply"], name: "reply" }))
      rows.push(cells);
    assert.equal(rows.length, 16);
    assert.ok(rows.every((row) => row.language === "de" && row.reply === reply));
    assert.deepEqual(JSON.parse(rows[4]?.context ?? "").length, 3);

    server.behaviour = { body: () => chatSaying('{"er": 2, "ip": 0, "ex": 1}') };
    server.seen.length = 0;
    const out = join(folder, "scored.csv");
    const judge = ["--scorer", "judge", "--judge", "own", "--base-url", server.url, "--model", "j"];
    const score = ["score", "--in", table, "--out", out, ...judge, "--journal", join(folder, "j")];
    const german = await runEmpathy([...score, "--judge-prompt", "epitome-de"]);
    assert.equal(german.status, 0, german.stderr);
    assert.match(german.stderr, /judge-own-epitome-de \(j\): 8 of 8 answers recorded/);
    const sent = JSON.stringify(server.seen[0]?.body);
    assert.match(sent, /Emotionale Reaktion/);
    assert.match(sent, /Erzählende Person: Meine Mutter/);
    assert.equal(readFileSync(out, "utf8").match(/,2,0,1,/g)?.length, 16);
    const english = await runEmpathy(score);
    assert.equal(english.status, 1);
    assert.match(
      readFileSync(out, "utf8"),
      /the reply is not in English; the scorer knows English only/,
    );
  });
});
