import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";

describe("empathy study power", () => {
  it("says, writes and draws what the published study's claims could show", async () => {
    const folder = temporaryFolder();
    const [csv, figure] = [join(folder, "power.csv"), join(folder, "power.svg")];
    const asked =
      "--claims er-above-human,ip-above-ecs --effect 10 --models 4 20 --readings 200 800";
    const args = ["study", "power", "published"].concat(asked.split(" "), "--csv", csv);
    const { status, stdout, stderr } = await runEmpathy(args.concat("--figure", figure));
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(
      stdout,
      /^er-above-human: .* Margin: 5 points\.\nNow: holds, 21\.6 points on its side\.\n/,
    );
    assert.match(
      stdout,
      /\n! a design of fewer than 5 models or 3 collections on a side says nothing of models like these\n/,
    );
    assert.match(stdout, /\n now: 7 +4 +1,895 +266 +10\.0 +\d+ % +0 % +100 % +16\.\d +3\.7\n/);
    assert.match(stdout, /\n 4 +2 +1,895 +200 +10\.0 +– +– +\d+ % +– +\d\.\d\n/);
    assert.match(stdout, /\nip-above-ecs: .*\n! cannot be measured: /);
    const [header, ...rows] = readFileSync(csv, "utf8").trimEnd().split("\n");
    assert.match(header ?? "", /^claim,variances_from,design,models,others,/);
    assert.deepEqual(
      rows.map((row) => row.split(",").slice(0, 9).join()),
      [
        "er-above-human,published,present,7,,4,,1895,266",
        "er-above-human,published,planned,4,,2,,1895,200",
        "er-above-human,published,planned,20,,11,,1895,200",
        "er-above-human,published,planned,4,,2,,1895,800",
        "er-above-human,published,planned,20,,11,,1895,800",
        "ip-above-ecs,published,,,,,,,",
      ],
    );
    const svg = readFileSync(figure, "utf8");
    for (const words of ["er-above-human, at 10 points", "800 readings", "80%"]) {
      assert.ok(svg.includes(words), words);
    }
  }).timeout(30_000);

  it("names what is wrong with its numbers, and the nearest claim", async () => {
    for (const [args, message] of [
      [
        ["published", "--models", "0"],
        /--models <n\.\.\.>' argument '0' is invalid. It should be a whole number from 1\./,
      ],
      [["published", "--effect", "ten"], /It should be a number of points from -100 to 100\./],
      [["published", "--claims", "er-above"], /no claim is called 'er-above'/],
      [["nowhere"], /no study is called 'nowhere'/],
    ] as const) {
      const { status, stdout, stderr } = await runEmpathy(["study", "power", ...args]);
      assert.equal(status === 0, false);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  }).timeout(30_000);
});
