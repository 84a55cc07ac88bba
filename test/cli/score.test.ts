import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { itNeeds, otherNodes } from "../support/needs";
import { runEmpathy } from "../support/run-empathy";
import { temporaryFolder } from "../support/temporary";

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
    const support = await runEmpathy(["score", "--in", input, "--out", "-", "--head", "support"]);
    assert.equal(support.stdout.split("\n").length, 4);
    assert.notEqual(support.stdout, readFileSync(output, "utf8"));
  });

  const mistakes: [string[], RegExp][] = [
    [["score", "--out", "x.csv"], /required option '--in <file>' not specified/],
    [["score", "--in", "absent.csv", "--out", "x.csv"], /^empathy: absent\.csv: no such file/],
    [
      ["score", "--in", "a.csv", "--out", "b.csv", "--head", "both"],
      /Allowed choices are dialogue, support/,
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
