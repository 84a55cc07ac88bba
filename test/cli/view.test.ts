import assert from "node:assert/strict";
import { join } from "node:path";
import { type Outcome, runEmpathy } from "../support/run-empathy";
import { temporaryFolder } from "../support/temporary";

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
        const address = String(chunk).trim();
        asked = fetch(`${address}api/about`)
          .then(async (response) => ({
            about: await response.json(),
            host: new URL(address).hostname,
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
    assert.deepEqual(about?.scorers, ["embedded-dialogue", "embedded-support"]);
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
