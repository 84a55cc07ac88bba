import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chatSaying, FaultServer } from "test-support/fault-server";
import { itNeeds, mirror, otherNodes } from "test-support/needs";
import { copyClone, runCopy } from "test-support/run-copy";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";

// Hand-written.
const TABLE =
  'context,reply\n"My bike is gone.","Oh no, I am so sorry! Where was it?"\nWe won!,"Same here, I’ve been there."\n';

describe("empathy score and empathy train", function () {
  this.timeout(60_000);

  it("score a file and say so on stderr", async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, "in.csv"), join(folder, "out.csv")];
    writeFileSync(input, TABLE);
    const { status, stdout, stderr } = await runEmpathy(["score", "--in", input, "--out", output]);
    assert.deepEqual([status, stdout], [0, ""]);
    assert.match(stderr, /2 replies scored in/);
    assert.equal(readFileSync(output, "utf8").split("\n").length, 4);
    const support = await runEmpathy(["score", "--in", input, "--out", "-", "--head", "epitome"]);
    assert.equal(support.stdout.split("\n").length, 4);
    assert.notEqual(support.stdout, readFileSync(output, "utf8"));
  });

  it("count a single reply as one", async () => {
    const [input, output] = ["in.csv", "out.csv"].map((name) => join(temporaryFolder(), name));
    writeFileSync(input as string, "context,reply\nHi.,Okay.\n");
    const args = ["score", "--in", input as string, "--out", output as string];
    assert.match((await runEmpathy(args)).stderr, /1 reply scored in/);
  });

  it("say how many replies hold what is no part of them", async () => {
    const [input, output] = ["in.csv", "out.csv"].map((name) => join(temporaryFolder(), name));
    const rows = ["<think>I am so sorry.</think>Okay.", "Okay.<|im_end|>", "<listener>Okay."];
    writeFileSync(
      input as string,
      `context,reply\n${rows.map((text) => `Hi.,${text}\n`).join("")}`,
    );
    const args = ["score", "--in", input as string, "--out", output as string];
    const { status, stderr } = await runEmpathy(args);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /note: .*in\.csv: 1 reply holds reasoning \('<think>'\), 1 reply holds template tokens .*, 1 reply holds markup/,
    );
  });

  itNeeds(mirror, "have a judge score a sample of people's and of published replies", async () => {
    const server = await FaultServer.start({
      body: () => chatSaying('{"er": 2, "ip": 0, "ex": 0}'),
    });
    const folder = temporaryFolder();
    const output = join(folder, "out.csv");
    const sampleOf = (system: string) =>
      runEmpathy(
        [
          "score",
          "--system",
          system,
          "--limit",
          "6",
          "--balanced",
          "sentiment",
          "--out",
          output,
          "--scorer",
          "judge",
          "--judge",
          "own",
          "--base-url",
          server.url,
          "--model",
          "tiny",
          "--journal",
          join(folder, "j.jsonl"),
        ],
        { env: { EMPATHY_MIRROR: mirror.folder } },
      );
    for (const system of ["human", "kemp"]) {
      const { status, stderr } = await sampleOf(system);
      assert.equal(status, 0, stderr);
      const rows = readFileSync(output, "utf8").trimEnd().split("\n");
      assert.equal(rows.length, 7);
      assert.match(
        rows[1] as string,
        new RegExp(`^${system},hit:\\d+_conv:\\d+,\\d+,1,\\d+,2,0,0,`),
      );
    }
    const asked = server.count;
    await sampleOf("human");
    await server.stop();
    assert.equal(server.count, asked);
    assert.ok(asked <= 12);
  });

  it("refuse a sample without a size, a place or a system", async () => {
    for (const [args, said] of [
      [["--all", "--limit", "5"], /say with --out where it goes/],
      [["--all", "--balanced", "emotion"], /say how many with --limit/],
      [
        ["--in", "a.csv", "--out", "b.csv", "--limit", "5"],
        /belong to --all, --system and --study/,
      ],
      [["--system", "humn", "--limit", "5", "--out", "b.csv"], /did you mean 'human'/],
    ] as const) {
      const { status, stderr } = await runEmpathy(["score", ...args]);
      assert.equal(status, 1);
      assert.match(stderr, said);
    }
  });

  it("have a judge score every system of a study, for it to be one of its scorers", async () => {
    const root = copyClone();
    await runCopy(root, ["ask", "--system", "retrieval"]);
    await runCopy(root, ["study", "new", "trial", "--from", "sample"]);
    const server = await FaultServer.start({
      body: () => chatSaying('{"er": 2, "ip": 0, "ex": 0}'),
    });
    const judge = ["--scorer", "judge", "--judge", "own", "--base-url", server.url];
    const args = ["score", "--study", "trial", "--limit", "8", ...judge, "--model", "tiny"];
    const { status, stderr } = await runCopy(root, args);
    await server.stop();
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /study\.json: 'scorers' now names judge-own, too; the first, embedded-read/,
    );
    const folder = join(root, "studies", "trial");
    const [human, retrieval] = ["human", "retrieval"].map((system) =>
      readFileSync(join(folder, "scores", "judge-own", `${system}.csv`), "utf8")
        .trimEnd()
        .split("\n")
        .map((row) => row.split(",")[0]),
    );
    assert.equal(human?.length, 9);
    assert.deepEqual(human, retrieval);
    const { scorers } = JSON.parse(readFileSync(join(folder, "study.json"), "utf8"));
    assert.deepEqual(scorers.slice(-2), ["embedded-epitome", "judge-own"]);
  });

  it("have a judge on loopback score a file, once", async () => {
    const server = await FaultServer.start({
      body: () => chatSaying('{"er": 2, "ip": 0, "ex": 0}'),
    });
    const folder = temporaryFolder();
    const [input, output] = [join(folder, "in.csv"), join(folder, "out.csv")];
    writeFileSync(input, TABLE);
    const args = [
      "score",
      "--in",
      input,
      "--out",
      output,
      "--scorer",
      "judge",
      "--judge",
      "own",
      "--base-url",
      server.url,
      "--model",
      "tiny",
      "--journal",
      join(folder, "j.jsonl"),
    ];
    const dry = await runEmpathy([...args, "--dry-run"]);
    assert.match(
      dry.stdout,
      /^judge-own \(tiny\): 2 requests, ~\d+ tokens in, at most 512 out, price unknown/,
    );
    const { status, stderr } = await runEmpathy(args);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /judge-own \(tiny\): 2 of 2 answers recorded, 0 before; /);
    const scored = readFileSync(output, "utf8");
    assert.match(scored, /,2,0,0,0\.000000,0\.000000,1\.000000,/);
    await runEmpathy(args);
    await server.stop();
    assert.equal(server.count, 2);
    assert.equal(readFileSync(output, "utf8"), scored);
  });

  it("end with 1 and say why where a classifier cannot be reached", async () => {
    const server = await FaultServer.start({});
    const { origin } = server;
    await server.stop();
    const folder = temporaryFolder();
    const [input, output] = [join(folder, "in.csv"), join(folder, "out.csv")];
    writeFileSync(input, TABLE);
    const args = [
      "score",
      "--in",
      input,
      "--out",
      output,
      "--scorer",
      "endpoint",
      "--endpoint",
      `${origin}/score`,
      "--journal",
      join(folder, "j.jsonl"),
      "--retries",
      "0",
    ];
    for (const _time of [1, 2]) {
      const { status, stderr } = await runEmpathy(args);
      assert.equal(status, 1, stderr);
      assert.match(stderr, /0 replies scored, 2 without a score \(2 .*ECONNREFUSED/);
    }
  });

  const mistakes: [string[], RegExp][] = [
    [["score", "--out", "x.csv"], /^empathy: name a table with --in .*, or say --all/],
    [["score", "--all", "--in", "x.csv"], /--all, --system and --study write the study's tables/],
    [["score", "--study", "x", "--system", "human"], /--study takes all systems of the study/],
    [["score", "--study", "published"], /the published study keeps its scorers/],
    [["score", "--study", "x"], /the embedded heads score a study's replies whenever/],
    [
      ["score", "--study", "x", "--scorer", "endpoint", "--endpoint", "http://127.0.0.1:9/"],
      /no study is called 'x'/,
    ],
    [["score", "--all"], /EmpatheticDialogues is not on this machine/],
    [["score", "--all", "--scorer", "epitome-roberta"], /are others' work and are not written/],
    [
      [
        "score",
        "--in",
        "-",
        "--out",
        "-",
        "--scorer",
        "endpoint",
        "--endpoint",
        "http://127.0.0.1:9/",
      ],
      /reads its table twice/,
    ],
    [["score", "--in", "a.csv", "--out", "b.csv", "--scorer", "judge"], /needs --judge: a system/],
    [
      ["score", "--in", "a.csv", "--out", "b.csv", "--scorer", "judge", "--judge", "retrieval"],
      /gives known replies and cannot judge/,
    ],
    [
      ["score", "--in", "a.csv", "--out", "b.csv", "--scorer", "judge", "--judge", "gpt-4"],
      /can no longer be asked: .* say --model gpt/,
    ],
    [
      ["score", "--in", "a.csv", "--out", "b.csv", "--scorer", "hosted", "--models", "x"],
      /three models/,
    ],
    [
      ["score", "--in", "a.csv", "--out", "b.csv", "--scorer", "endpoint"],
      /needs --endpoint, an address/,
    ],
    [
      ["score", "--in", "a.csv", "--out", "b.csv", "--judge-prompt", "epitome-de"],
      /--judge-prompt belongs to --scorer judge/,
    ],
    [["train", "--only", "judged"], /--only belongs to --evaluate/],
    [["score", "--in", "absent.csv", "--out", "x.csv"], /^empathy: absent\.csv: no such file/],
    [
      ["score", "--in", "a.csv", "--out", "b.csv", "--head", "both"],
      /Allowed choices are readings, roberta, epitome/,
    ],
    [["train", "--out", "/dev/null/x"], /source 'epitome-er' is not on this machine/],
  ];
  for (const [args, pattern] of mistakes) {
    it(`answer \`empathy ${args.join(" ")}\` without a stack trace`, async () => {
      const { status, stderr } = await runEmpathy(args, { cwd: temporaryFolder() });
      assert.equal(status, 1);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  itNeeds(
    otherNodes,
    "give the same scores under other Node versions",
    async () => {
      const input = join(temporaryFolder(), "in.csv");
      writeFileSync(input, TABLE);
      const args = ["score", "--in", input, "--out", "-"];
      const own = await runEmpathy(args);
      for (const node of otherNodes.programs) {
        assert.equal((await runEmpathy(args, { node })).stdout, own.stdout, node);
      }
    },
    60_000,
  );
});
