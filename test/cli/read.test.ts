import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Behaviour,
  chatSaying,
  FaultServer,
  type SeenRequest,
} from "test-support/fault-server";
import { itNeeds, mirror } from "test-support/needs";
import { copyClone, runCopy } from "test-support/run-copy";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";
import { readReadingRows } from "../../src/readings/reading-rows";
import { readCalibrationFile, readReadingsFile } from "../../src/readings/readings";
import { readSystems } from "../../src/systems/system";

// A reader whose levels follow from the text alone.
function sayLevels({ asked }: SeenRequest) {
  const [one = 0, two = 0, three = 0, four = 0] = createHash("sha1").update(asked).digest();
  const levels = { er: one % 3, ip: two % 3, ex: three % 3, fit: four % 2 };
  return chatSaying(JSON.stringify(levels));
}

interface Run {
  readonly args?: readonly string[];
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly replies?: number;
}

/** Reads replies at a server on loopback, people's to the sample corpus by default. */
async function readAt(
  server: FaultServer,
  {
    args = ["--system", "human", "--sample"],
    folder = temporaryFolder(),
    env,
    replies = 12,
  }: Run = {},
) {
  const out = join(folder, "readings.csv");
  const where = ["--base-url", server.url, "--model", "tiny", "--journal", join(folder, "j.jsonl")];
  const common = ["read", ...args, ...where, "--out", out, "--replies", String(replies)];
  const outcome = await runEmpathy(common, env ? { env } : {});
  return { ...outcome, out, folder, command: common };
}

async function withServer<Result>(
  behaviour: Behaviour,
  use: (server: FaultServer) => Promise<Result>,
): Promise<Result> {
  const server = await FaultServer.start(behaviour);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

const onMirror = { EMPATHY_MIRROR: mirror.folder };

describe("empathy read", function () {
  this.timeout(60_000);

  it("reads replies without EPITOME, and says in one line that they are not calibrated", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const { status, stdout, stderr, out, folder } = await readAt(server);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /: 12 readings of 12 replies by tiny-r1; 0 of them were there before\n/);
      assert.match(
        stdout,
        /\nThese readings are not calibrated on people's labels: EPITOME is not on this machine \(.*fetch epitome-er epitome-ip epitome-ex.*\)\.\n$/,
      );
      assert.equal(stdout.match(/calibrated/g)?.length, 1);
      assert.equal(existsSync(join(folder, "calibration.csv")), false);
      const replies = readReadingsFile(out);
      assert.equal(replies.length, 12);
      for (const { system, designs, readings } of replies) {
        assert.deepEqual([system, designs, readings.length], ["human", ["own"], 1]);
        assert.equal(typeof readings[0]?.fits, "boolean");
      }
    });
  });

  it("asks nothing on a dry run, and nothing twice", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const args = ["--system", "human", "--sample"];
      const dry = await readAt(server, { args: [...args, "--dry-run"] });
      assert.match(dry.stdout, /^judge-tiny-reading \(tiny\): 12 requests, ~\d+ tokens in/);
      assert.equal(existsSync(dry.out), false);
      const { folder, out } = await readAt(server);
      const first = readFileSync(out, "utf8");
      const again = await readAt(server, { folder });
      assert.equal(server.count, 12);
      assert.match(again.stdout, /12 of them were there before/);
      assert.equal(readFileSync(out, "utf8"), first);
    });
  });

  it("goes on after a kill, and ends with what an unbroken run gives", async () => {
    await withServer({ body: sayLevels, delayMs: 40 }, async (server) => {
      const whole = await readAt(server);
      const before = server.count;
      const folder = temporaryFolder();
      const args = whole.command.map((word) => word.replace(whole.folder, folder));
      const killed = await runEmpathy([...args, "--concurrency", "1"], {
        onStart: async (child) => {
          while (server.count < before + 4) await sleep(5);
          child.kill("SIGKILL");
        },
      });
      assert.equal(killed.status, null);
      assert.equal(existsSync(join(folder, "readings.csv")), false);
      const { status, out } = await readAt(server, { folder });
      assert.equal(status, 0);
      assert.equal(readFileSync(out, "utf8"), readFileSync(whole.out, "utf8"));
      assert.ok(server.count - before <= 13, `${server.count - before} requests`);
    });
  });

  it("leaves out a reply whose answer is no reading, and says so", async () => {
    const broken = new Set<string>();
    const behaviour: Behaviour = {
      body: (request) => {
        if (broken.size === 0) broken.add(request.asked);
        return broken.has(request.asked)
          ? chatSaying('{"er": 2, "ip": 0, "ex": 1}')
          : sayLevels(request);
      },
    };
    await withServer(behaviour, async (server) => {
      const args = ["--system", "human", "--sample", "--retries", "0"];
      const { status, stdout, out } = await readAt(server, { args });
      assert.equal(status, 1);
      assert.match(
        stdout,
        /\n1 reading is missing: 1 .*the answer is not the three levels and the fit asked for/,
      );
      assert.equal(readReadingRows(out).length, 11);
    });
  });

  it("tells a reader neither systems nor labels, in an order that the seed decides", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const order = async (seed: string) => {
        const from = server.seen.length;
        const args = ["--system", "human", "--sample", "--seed", seed, "--concurrency", "1"];
        await readAt(server, { args });
        return server.seen.slice(from).map(({ asked }) => asked);
      };
      const [one, same, other] = [await order("1"), await order("1"), await order("2")];
      assert.deepEqual(one, same);
      assert.notDeepEqual([...one].sort(), one);
      assert.notDeepEqual(one, other);
    });
  });

  it("gives each of several readers a name, and says how far they agree", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const args = ["--system", "human", "--sample", "--samples", "3"];
      const { stdout, out } = await readAt(server, { args });
      assert.match(stdout, /36 readings of 12 replies by tiny-r1, tiny-r2, tiny-r3;/);
      assert.match(stdout, /Krippendorff's alpha, interval:\n.*\n ER +12 +1\.00\n/);
      assert.deepEqual(
        readReadingsFile(out).map(({ readings }) => readings.length),
        new Array(12).fill(3),
      );
    });
  });

  it("adds to a file without losing a row, and refuses other levels by the same reader", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const { out, folder } = await readAt(server);
      const foreign = "human,elsewhere,2,1,mine,,ana,0,1,2,";
      writeFileSync(out, `${readFileSync(out, "utf8")}${foreign}\n`);
      const args = ["--system", "human", "--sample", "--design", "second", "--seed", "2"];
      await readAt(server, { args, folder });
      const rows = readFileSync(out, "utf8").trimEnd().split("\n");
      assert.equal(rows.length, 1 + 12 + 1 + 12);
      assert.equal(rows[13], foreign);
      const cells = (rows[1] as string).split(",");
      cells[7] = cells[7] === "0" ? "1" : "0";
      writeFileSync(out, `${[rows[0], cells.join(","), ...rows.slice(2)].join("\n")}\n`);
      const kept = readFileSync(out, "utf8");
      const { status, stderr } = await readAt(server, { folder });
      assert.equal(status, 1);
      assert.match(stderr, /readings\.csv:2: reader 'tiny-r1' has read this reply .*--design/);
      assert.equal(readFileSync(out, "utf8"), kept);
    });
  });

  itNeeds(mirror, "reads systems beside people and EPITOME's open pairs, blind", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const args = ["--system", "kemp,gpt-4-empathy", "--calibration", "20"];
      const { status, stdout, stderr, out, folder } = await readAt(server, { args, env: onMirror });
      assert.equal(status, 0, stderr);
      const replies = readReadingsFile(out);
      const turnsOf = (id: string) =>
        new Set(
          replies.filter(({ system }) => system === id).map((r) => `${r.dialogue} ${r.turn}`),
        );
      const [kemp, gpt, human] = [turnsOf("kemp"), turnsOf("gpt-4-empathy"), turnsOf("human")];
      assert.deepEqual([kemp.size, gpt.size], [12, 12]);
      assert.deepEqual(human, new Set([...kemp, ...gpt].filter((turn) => human.has(turn))));
      assert.ok(human.size >= 20);
      const counts = readCalibrationFile(join(folder, "calibration.csv"));
      const pairsOf = (metric: string) =>
        counts.filter((one) => one.metric === metric).reduce((sum, one) => sum + one.pairs, 0);
      assert.deepEqual(["er", "ip", "ex"].map(pairsOf), [20, 20, 20]);
      assert.match(
        stdout,
        /Agreement with people's labels of EPITOME's pairs[\s\S]*\n ER +20 +−?0\.\d/,
      );
      const names = readSystems().map(({ id }) => id);
      for (const { body } of server.seen) {
        const text = JSON.stringify(body);
        assert.doesNotMatch(text, /hit:\d|calibrat|epitome|reddit_/i);
        for (const name of names.filter((id) => id.includes("-") || id === "kemp"))
          assert.ok(!text.includes(name), name);
      }
    });
  });

  itNeeds(
    mirror,
    "shows the agreement with the published readings of the same replies",
    async () => {
      await withServer({ body: sayLevels }, async (server) => {
        const args = ["--system", "gpt-4-empathy", "--no-people", "--calibration", "0"];
        const { stdout } = await readAt(server, { args, env: onMirror, replies: 100 });
        assert.match(
          stdout,
          /published readings of the same replies:\n.*\n ER +\d+ +−?0\.\d+ +\d+ %/,
        );
        assert.match(stdout, /not calibrated on people's labels: no calibration pairs were asked/);
      });
    },
  );

  it("writes into a study of one's own, with the published readings where that is asked", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const root = copyClone();
      await runCopy(root, ["study", "new", "trial", "--from", "sample"]);
      const asked = ["--base-url", server.url, "--model", "My/Tiny_1", "--replies", "5"];
      const args = ["read", "--system", "human", "--study", "trial", ...asked, "--design", "mine"];
      const { status, stdout, stderr } = await runCopy(root, args);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /5 readings of 5 replies by my-tiny-1-r1;/);
      const file = join(root, "studies", "trial", "data", "readings", "readings.csv");
      assert.equal(readReadingRows(file).length, 5);
      const journal = join(root, "data", "replies", "scores", "judge-my-tiny-1-reading.jsonl");
      assert.equal(readFileSync(journal, "utf8").trimEnd().split("\n").length, 5);
      await runCopy(root, [...args, "--with-published"]);
      const published = readReadingRows(projectPath("data", "readings", "readings.csv"));
      const rows = readReadingRows(file);
      assert.equal(rows.length, 5 + published.length);
      assert.deepEqual(new Set(rows.slice(0, 5).map(({ design }) => design)), new Set(["mine"]));
      assert.equal(server.count, 5);
    });
  });

  it("stops before it costs more than it may, keeps what was read, and goes on later", async () => {
    await withServer({ body: sayLevels }, async (server) => {
      const args = ["--system", "human", "--sample", "--price", "1000,1000"];
      const limited = await readAt(server, {
        args: [...args, "--max-cost", "1.4", "--concurrency", "1"],
      });
      assert.equal(limited.status, 1, limited.stderr);
      const some = readReadingRows(limited.out).length;
      assert.ok(some > 0 && some < 12, `${some} readings`);
      assert.match(limited.stdout, /readings? (is|are) missing: \d+ not asked yet/);
      const { status, out } = await readAt(server, { args, folder: limited.folder });
      assert.equal(status, 0);
      assert.equal(readReadingRows(out).length, 12);
    });
  });

  const mistakes: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no place for the readings", ["--system", "human"], /--study NAME, .* or --out FILE/],
    ["no reader", ["--system", "human", "--out", "x.csv"], /say who reads: --reader/],
    [
      "the published file",
      ["--system", "human", "--out", projectPath("data", "readings", "readings.csv")],
      /holds the published readings; name a study of yours/,
    ],
    [
      "the published study",
      ["--system", "human", "--study", "published"],
      /holds the published readings/,
    ],
    [
      "an unknown system",
      ["--system", "kmp", "--out", "x.csv", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"],
      /no replies of 'kmp'.*did you mean 'kemp'/,
    ],
  ];
  for (const [what, args, message] of mistakes) {
    it(`answers ${what} with one line`, async () => {
      const { status, stderr } = await runEmpathy(["read", ...args]);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
    });
  }
});
