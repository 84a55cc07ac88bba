import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Outcome, runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";

interface About {
  readonly replies: number;
  readonly systems: readonly { readonly id: string; readonly count: number }[];
  readonly scorers: readonly string[];
}

/** Runs `empathy view`, asks it for what it shows, and ends it by Ctrl-C. */
async function view(args: readonly string[]): Promise<Outcome & { about?: About; host?: string }> {
  let asked: Promise<{ about: About; host: string }> | undefined;
  const outcome = await runEmpathy(["view", ...args], {
    onStart: (child) => {
      child.stdout?.once("data", (chunk: Buffer) => {
        const address = new URL(String(chunk).trim());
        const headers = { authorization: `token ${address.searchParams.get("token")}` };
        asked = fetch(new URL("/api/about", address), { headers })
          .then(async (response) => ({
            about: (await response.json()) as About,
            host: address.hostname,
          }))
          .finally(() => child.kill("SIGINT"));
      });
    },
  });
  return { ...outcome, ...(await asked) };
}

describe("empathy view", function () {
  this.timeout(60_000);

  it("shows the sample corpus on a bare machine, prints its address and ends on Ctrl-C", async () => {
    const { about, host, status, stderr } = await view(["--sample"]);
    assert.equal(host, "127.0.0.1");
    assert.ok((about?.replies ?? 0) >= 152, stderr);
    assert.deepEqual(about?.scorers, ["embedded-readings", "embedded-roberta", "embedded-epitome"]);
    assert.equal(status, 130);
    assert.match(stderr, /replies of \d+ systems? to \d+ stimuli, in [\d.]+ s/);
  });

  it("shows what `empathy ask` recorded and what `empathy score` scored", async () => {
    const folder = temporaryFolder();
    const run = join(folder, "my-run.jsonl");
    const ask = ["ask", "--system", "retrieval", "--stimuli", "sample", "--journal", run];
    assert.equal((await runEmpathy(ask)).status, 0);
    const { about, stderr } = await view(["--sample", run]);
    const mine = about?.systems.find(({ id }) => id === "my-run");
    assert.equal(mine?.count, 64, stderr);
  });

  it("survives more connections than it may open files", async function () {
    if (process.platform === "win32") this.skip();
    const limited = `ulimit -n 100; exec "$0" "$@"`;
    const program = [
      process.execPath,
      projectPath("environment", "empathy.mjs"),
      "view",
      "--sample",
    ];
    const child = spawn("sh", ["-c", limited, ...program], { stdio: ["ignore", "pipe", "pipe"] });
    const complaints: string[] = [];
    child.stderr.on("data", (chunk) => complaints.push(String(chunk)));
    const idle: Socket[] = [];
    try {
      const [chunk] = await once(child.stdout, "data");
      const address = new URL(String(chunk).trim());
      const open = () => connect(Number(address.port), address.hostname).on("error", () => {});
      const early = open();
      await once(early, "connect");
      for (let at = 0; at < 200; at++) idle.push(open());
      await setTimeout(500);
      early.write(`GET / HTTP/1.1\r\nHost: ${address.host}\r\n\r\n`);
      const [answer] = await once(early, "data");
      assert.match(String(answer), /^HTTP\/1\.1 200 OK/);
      for (const socket of [early, ...idle]) socket.destroy();
      // What it closed for want of files, it has to notice first.
      let again: Response | undefined;
      for (let tries = 0; tries < 100 && !again && child.exitCode === null; tries++) {
        again = await fetch(address).catch(() => setTimeout(100, undefined));
      }
      assert.equal(again?.status, 200);
      assert.equal(child.exitCode, null, complaints.join(""));
    } finally {
      for (const socket of idle) socket.destroy();
      child.kill("SIGKILL");
    }
  });

  const REFUSED: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
    "a file that is not there": [["nothing.csv"], /^empathy: nothing\.csv: /],
    "a plan without raters": [["--plan", "plan.json"], /^empathy: --plan and --rater go together;/],
    "a port that is none": [["--port", "70000"], /It should be a number from 0 to 65535/],
  };
  for (const [what, [args, message]] of Object.entries(REFUSED)) {
    it(`refuses ${what} in one line`, async () => {
      const { status, stderr, stdout } = await runEmpathy(["view", "--sample", ...args]);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.equal(stdout, "");
    });
  }
});
