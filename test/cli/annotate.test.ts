import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { itNeeds, mirror } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { readPlan } from "../../apps/annotate/plan-file";
import { readPublishedPopulation } from "../../apps/annotate/published-population";

const ROWS = Array.from({ length: 60 }, (_, at) => {
  const system = at % 2 ? "parrot" : "owl";
  return `"My kite is lost, again.",Oh no ${at},${system},${at % 3},0,${at % 5 === 0 ? 2 : 0},birds`;
});
const HEADER = "context,reply,system,er,ip,ex,family";

/** Plans a study of a made table for two raters, and writes what two raters would send. */
async function makeStudy(header = HEADER, rows: readonly string[] = ROWS) {
  const folder = temporaryFolder();
  const table = join(folder, "scored.csv");
  writeFileSync(table, `${[header, ...rows].join("\n")}\n`);
  const out = join(folder, "study");
  const args = ["annotate", "plan", "--replies", table, "--out", out, "--raters", "2"];
  const outcome = await runEmpathy([...args, "--budget", "40", "--overlap", "10"]);
  return { folder, out, table, outcome };
}

function writeRatings(out: string, page: number, rater: string): string {
  const plan = readPlan(join(out, "plan.json"));
  const predicted = new Map(plan.replies.map((reply) => [reply.id, reply.predicted]));
  const rows = (plan.pages[page]?.replies ?? []).map((id, at) => {
    const er = predicted.get(id)?.er ?? 0;
    return `${plan.id},${rater},${id},${at % 4 === page ? 2 : er},${at % 2},0`;
  });
  const path = join(out, `${rater}.csv`);
  writeFileSync(path, `plan,rater,reply,er,ip,ex\n${rows.join("\n")}\n`);
  return path;
}

describe("empathy annotate", function () {
  this.timeout(30_000);

  it("plans a study of one's own table, and reads back what two raters send", async () => {
    const { out, outcome } = await makeStudy();
    assert.equal(outcome.status, 0, outcome.stderr);
    assert.match(outcome.stdout, /^Plan p[0-9a-f]{15}: 30 of 60 replies, in \d strata of system/);
    assert.match(outcome.stdout, /\n family birds +30 +0\.\d{3} /);
    assert.deepEqual(readdirSync(out).sort(), ["plan.json", "rater-1.html", "rater-2.html"]);
    const files = [writeRatings(out, 0, "ana"), writeRatings(out, 1, "ben")];
    const read = ["annotate", "read", "--plan", join(out, "plan.json"), "--rater", ...files];
    const [table, figure] = [join(out, "means.csv"), join(out, "means.svg")];
    const printed = await runEmpathy([...read, "--csv", table, "--figure", figure]);
    assert.equal(printed.status, 0, printed.stderr);
    assert.match(printed.stdout, /: 30 of 30 replies read by ana, ben\n/);
    assert.match(printed.stdout, /\n ER +10 +0\.\d{3} +−?0\.\d{3} to [01]\.\d{3}/);
    assert.match(
      printed.stdout,
      /\n ER +family birds +60 +30 +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} to /,
    );
    assert.match(
      readFileSync(table, "utf8"),
      /^kind,name,less,measure,metric,replies,read,classifier,mean,/,
    );
    assert.match(readFileSync(figure, "utf8"), /<title[^>]*>Mean levels/);
    const { stdout } = await runEmpathy([...read, "--json", "--only", "ben"]);
    const { estimates, differences, agreement, estimatedFrom } = JSON.parse(stdout);
    assert.deepEqual([estimates.length, differences.length, agreement.length], [18, 6, 3]);
    assert.deepEqual(estimatedFrom, ["ben"]);
  });

  it("shares as many replies as a small budget allows, unless it is told how many", async () => {
    const plan = ["annotate", "plan", "--systems", "human,kemp,gpt-4-empathy", "--dry-run"];
    const pilot = await runEmpathy([...plan, "--budget", "40", "--raters", "2"]);
    assert.equal(pilot.status, 0, pilot.stderr);
    assert.match(pilot.stdout, /2 raters, 20 replies at most for one, 10 of them shared/);
    assert.match(pilot.stdout, /Expected from embedded-readings's errors on 5982 replies that a/);
    const { stderr } = await runEmpathy([
      ...plan,
      "--budget",
      "40",
      "--raters",
      "2",
      "--overlap",
      "30",
    ]);
    assert.match(stderr, /40 readings do not suffice for 2 raters of 30 shared replies/);
  });

  it("plans from the sample corpus, and writes nothing on a dry run", async () => {
    const out = join(temporaryFolder(), "study");
    const args = ["annotate", "plan", "--sample", "--budget", "20", "--raters", "1", "--out", out];
    const dry = await runEmpathy([...args, "--dry-run"]);
    assert.match(dry.stdout, /1 rater, 20 replies at most for one\.\n/);
    assert.throws(() => readdirSync(out));
    const { status, stderr } = await runEmpathy(args);
    assert.equal(status, 0, stderr);
    assert.ok(readFileSync(join(out, "rater-1.html"), "utf8").includes('"context":["'));
  });

  it("says half-widths of published systems without their texts", async () => {
    const args = ["annotate", "plan", "--systems", "human,kemp,moel", "--budget", "200"];
    const { stdout } = await runEmpathy([...args, "--dry-run"]);
    assert.match(stdout, /\n family ecs +\d+ +0\.\d{3} /);
  });

  it("asks for the corpus where texts are wanted", async () => {
    const nowhere = { mirror: undefined, cache: temporaryFolder() };
    const { openTexts } = readPublishedPopulation(["human", "kemp"], "embedded-roberta", nowhere);
    await assert.rejects(openTexts(), /EmpatheticDialogues is not on this machine; .*--sample/);
  });

  itNeeds(
    mirror,
    "writes published replies into pages, each with its dialogue, and names no system",
    async () => {
      const out = join(temporaryFolder(), "study");
      const args = ["annotate", "plan", "--systems", "human,kemp", "--budget", "40", "--out", out];
      const env = { EMPATHY_MIRROR: mirror.folder };
      const { status, stderr } = await runEmpathy([...args, "--overlap", "5"], { env });
      assert.equal(status, 0, stderr);
      const page = readFileSync(join(out, "rater-2.html"), "utf8");
      const [, data = "{}"] = /id="data">(.*)<\/script>/.exec(page) ?? [];
      const { replies } = JSON.parse(data);
      assert.ok(replies.length === 13 || replies.length === 14);
      for (const { context, reply } of replies) assert.ok(context.length % 2 === 1 && reply);
      assert.doesNotMatch(page, /kemp|"human"|\becs\b|hit:\d/i);
    },
    60_000,
  );

  const faults: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no replies", ["plan"], /one of --systems, --replies, --sample/],
    ["two kinds of replies", ["plan", "--sample", "--systems", "kemp"], /one of --systems, --rep/],
    ["an unknown system", ["plan", "--systems", "nobody"], /nobody/],
    ["a system without scores", ["plan", "--systems", "gpt-4"], /gpt-4\.csv: no such file; score/],
    ["a small budget", ["plan", "--sample", "--budget", "3", "--raters", "1"], /need \d+ replies/],
    [
      "a plan that is none",
      ["read", "--plan", "package.json", "--rater", "x"],
      /is not a plan; name/,
    ],
  ];
  for (const [what, args, message] of faults) {
    it(`answers ${what} with one line`, async () => {
      const { status, stderr } = await runEmpathy(["annotate", ...args]);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
    });
  }

  it("refuses a table without levels or with others, naming the row", async () => {
    const { outcome } = await makeStudy("context,reply,system", ["a,b,c"]);
    assert.match(outcome.stderr, /scored\.csv:1: has no column 'er'; .*`npx empathy score` adds/);
    const { outcome: other } = await makeStudy(HEADER, [...ROWS, "a,b,c,0,1,5,d"]);
    assert.match(other.stderr, /scored\.csv:62: 'ex' is '5'; it should be 0, 1 or 2/);
  });

  it("says which raters there are where --only names another", async () => {
    const { out } = await makeStudy();
    const args = ["--plan", join(out, "plan.json"), "--rater", writeRatings(out, 0, "ana")];
    const { stderr } = await runEmpathy(["annotate", "read", ...args, "--only", "eve"]);
    assert.match(stderr, /^empathy: --only eve: no file is by that rater; there are ana\n$/);
  });

  it("ends each subcommand's help with two examples", async () => {
    for (const name of ["plan", "pages", "read"]) {
      const { stdout } = await runEmpathy(["annotate", name, "--help"]);
      assert.match(stdout, /Examples:\n {2}empathy annotate .*\n {2}empathy annotate .*\n$/);
    }
  });
});
