import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { itNeeds, mirror } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { readPlan } from "../../apps/annotate/plan-file";
import { projectPath } from "../../src/project";
import { readReadings, readReadingsFile, readShare } from "../../src/readings/readings";

const COMMITTED = projectPath("data", "plans", "disagreement.json");

/** Writes what a rater would send of a page: every level `er`, no interpretation, and exploration. */
function writeRatings(planFile: string, page: number, rater: string, fit?: readonly string[]) {
  const plan = readPlan(planFile);
  const rows = (plan.pages[page]?.replies ?? []).map((id, at) => {
    const levels = at === 0 ? "2,,1" : `${at % 3},0,1`;
    return `${plan.id},${rater},${id},${levels}${fit ? `,${fit[at % fit.length]}` : ""}`;
  });
  const path = join(temporaryFolder(), `${rater}.csv`);
  writeFileSync(path, `plan,rater,reply,er,ip,ex${fit ? ",fit" : ""}\n${rows.join("\n")}\n`);
  return { path, rows };
}

describe("empathy annotate read --readings", function () {
  this.timeout(60_000);

  async function planSample() {
    const out = join(temporaryFolder(), "study");
    const args = ["annotate", "plan", "--sample", "--budget", "24", "--raters", "2"];
    await runEmpathy([...args, "--overlap", "6", "--out", out]);
    return join(out, "plan.json");
  }

  it("makes readings of people's labels, which a study can be measured by", async () => {
    const plan = await planSample();
    const files = [writeRatings(plan, 0, "ana"), writeRatings(plan, 1, "ben", ["1", "0", ""])];
    const root = temporaryFolder();
    const readings = join(root, "data", "readings", "readings.csv");
    const args = ["annotate", "read", "--plan", plan, "--rater", ...files.map(({ path }) => path)];
    const { status, stderr } = await runEmpathy([...args, "--readings", readings]);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /readings\.csv: 22 readings by people; 2 ratings lack a level and stay out\n/,
    );
    const replies = readReadings({ root });
    const all = replies.flatMap((reply) => reply.readings);
    assert.equal(all.length, 22);
    assert.deepEqual(new Set(all.map(({ reader }) => reader)), new Set(["ana", "ben"]));
    assert.ok(all.filter(({ reader }) => reader === "ana").every(({ fits }) => fits === null));
    assert.ok(all.some(({ fits }) => fits === true) && all.some(({ fits }) => fits === false));
    const { id } = readPlan(plan);
    for (const reply of replies) {
      assert.deepEqual([reply.system, reply.designs], ["human", [id]]);
      assert.equal(readShare(reply, "ex", "any"), 1);
      const isAsked = reply.readings.some(({ fits }) => fits !== null);
      assert.equal(Number.isNaN(readShare(reply, "ex", "fits")), !isAsked);
    }
    const before = readFileSync(readings, "utf8");
    await runEmpathy([...args, "--readings", readings]);
    assert.equal(readFileSync(readings, "utf8"), before);
  });

  it("keeps one rater's levels only where --only names one", async () => {
    const plan = await planSample();
    const files = [writeRatings(plan, 0, "ana"), writeRatings(plan, 1, "ben")];
    const readings = join(temporaryFolder(), "readings.csv");
    const args = ["annotate", "read", "--plan", plan, "--rater", ...files.map(({ path }) => path)];
    await runEmpathy([...args, "--only", "ben", "--readings", readings]);
    const readers = readReadingsFile(readings).flatMap((reply) => reply.readings);
    assert.deepEqual(new Set(readers.map(({ reader }) => reader)), new Set(["ben"]));
  });

  it("refuses a plan of a table of one's own, whose replies are in no dialogue", async () => {
    const folder = temporaryFolder();
    const table = join(folder, "scored.csv");
    const rows = Array.from({ length: 8 }, (_, at) => `Hello.,Oh no ${at},owl,${at % 2},0,0`);
    writeFileSync(table, `context,reply,system,er,ip,ex\n${rows.join("\n")}\n`);
    const out = join(folder, "study");
    const args = ["--replies", table, "--budget", "6", "--raters", "1", "--out", out];
    await runEmpathy(["annotate", "plan", ...args]);
    const plan = join(out, "plan.json");
    const file = writeRatings(plan, 0, "ana").path;
    const read = ["annotate", "read", "--plan", plan, "--rater", file, "--readings"];
    const { status, stderr } = await runEmpathy([...read, join(folder, "readings.csv")]);
    assert.equal(status, 1);
    assert.match(stderr, /^empathy: .*plan\.json: its replies are those of a table .*\n$/);
    const published = projectPath("data", "readings", "readings.csv");
    assert.match((await runEmpathy([...read, published])).stderr, /holds the published readings/);
  });

  it("refuses a fit that is neither 1 nor 0, naming the row", async () => {
    const plan = await planSample();
    const { path } = writeRatings(plan, 0, "ana", ["yes"]);
    const { stderr } = await runEmpathy(["annotate", "read", "--plan", plan, "--rater", path]);
    assert.match(stderr, /ana\.csv:2: 'fit' is 'yes'; write 1, 0, or leave it empty\n$/);
  });
});

describe("the plan for people where readings and classifier disagree", function () {
  this.timeout(60_000);

  it("is what the command makes of the committed readings and scores", async () => {
    const out = join(temporaryFolder(), "plan.json");
    const { scorer } = readPlan(COMMITTED);
    const args = ["annotate", "plan", "--disagreement", "--scorer", scorer, "--out", out];
    const { status, stdout, stderr } = await runEmpathy(args);
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^Plan p[0-9a-f]{15}: 600 of \d+ replies for 3 raters, 30 of them read by/,
    );
    assert.equal(readFileSync(out, "utf8"), readFileSync(COMMITTED, "utf8"));
  });

  it("has 200 replies of each family, every system, and no more than a fifth of one", () => {
    const { strata, replies, pages, draw } = readPlan(COMMITTED);
    assert.deepEqual(draw, { by: "disagreement", ofFamily: 200, leastOfSystem: 5, mostShare: 0.2 });
    for (const family of ["human", "llm", "ecs"]) {
      const own = strata.filter((stratum) => stratum.family === family);
      assert.equal(
        own.reduce((sum, { drawn }) => sum + drawn, 0),
        200,
      );
      if (family !== "human") for (const { drawn } of own) assert.ok(drawn >= 5 && drawn <= 40);
    }
    const places = replies.map(({ stratum, place }) => `${strata[stratum]?.system} ${place}`);
    assert.equal(new Set(places).size, 600);
    assert.deepEqual(new Set(pages.flatMap((page) => page.replies)).size, 600);
    assert.equal(
      pages.reduce((sum, page) => sum + page.replies.length, 0),
      660,
    );
  });

  it("shows with whom people side, and no means", async () => {
    const { path } = writeRatings(COMMITTED, 0, "ana");
    const args = ["annotate", "read", "--plan", COMMITTED, "--rater", path];
    const { status, stdout, stderr } = await runEmpathy(args);
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /with whom people side:\n +family +replies +with readings +with classifier\n/,
    );
    assert.match(stdout, /\n IP +llm +\d+ +\d+ % +\d+ %\n/);
    assert.doesNotMatch(stdout, /Mean level/);
    assert.match(stdout, /nothing follows about the mean level of a system\.\n$/);
    const refused = await runEmpathy([...args, "--csv", join(temporaryFolder(), "means.csv")]);
    assert.match(refused.stderr, /chosen by disagreement, which gives no means; leave out --csv/);
  });

  it("is refused with other choices of replies", async () => {
    const args = ["annotate", "plan", "--disagreement", "--systems", "kemp"];
    const { status, stderr } = await runEmpathy(args);
    assert.equal(status, 1);
    assert.match(stderr, /^empathy: --disagreement chooses among all .*; leave out --systems/);
  });

  itNeeds(mirror, "becomes pages with one command, which name no system", async () => {
    const out = join(temporaryFolder(), "pages");
    const args = ["annotate", "pages", "--plan", COMMITTED, "--out", out];
    const { status, stderr } = await runEmpathy(args, { env: { EMPATHY_MIRROR: mirror.folder } });
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(out, "plan.json"), "utf8"), readFileSync(COMMITTED, "utf8"));
    const page = readFileSync(join(out, "rater-3.html"), "utf8");
    const [, data = "{}"] = /id="data">(.*)<\/script>/.exec(page) ?? [];
    assert.ok(JSON.parse(data).replies.length >= 219);
    assert.doesNotMatch(page, /mime-topk|"human"|\becs\b|hit:\d/i);
    const without = await runEmpathy([...args.slice(0, -1), join(out, "again")]);
    assert.match(without.stderr, /EmpatheticDialogues is not on this machine/);
    assert.equal(existsSync(join(out, "again")), false);
  });
});
