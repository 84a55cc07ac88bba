// Readings as they are read, and refused.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { METRICS } from "empathy-scorer";
import { temporaryFolder } from "test-support/temporary";
import { headAccuracy, readerAccuracy, toAccuracy } from "../../src/claims/accuracy";
import { readAnchoredReplies } from "../../src/claims/anchored-replies";
import { projectPath } from "../../src/project";
import {
  readCalibration,
  readCriteria,
  readPractice,
  readReadings,
  readReadingsFile,
  readShare,
  replyKey,
} from "../../src/readings/readings";
import { readStudy } from "../../src/study/study";
import { isCompared } from "../../src/systems/unit";

const root = projectPath();
const study = readStudy(root);
const HEADER = "system,dialogue,turn,sample,design,stratum,reader,er,ip,ex,fit";

function fileOf(...rows: string[]): string {
  const path = join(temporaryFolder(), "readings.csv");
  writeFileSync(path, `${[HEADER, ...rows].join("\n")}\n`);
  return path;
}

describe("readReadings", () => {
  it("gives each reply once, with all who read it", () => {
    const replies = readReadings(study);
    const rows = readFileSync(projectPath("data", "readings", "readings.csv"), "utf8")
      .trim()
      .split("\n").length;
    assert.equal(new Set(replies.map(replyKey)).size, replies.length);
    assert.equal(
      replies.reduce((sum, { readings }) => sum + readings.length, 0),
      rows - 1,
    );
    assert.ok(replies.some(({ readings }) => readings.length === 6));
  });

  it("takes the share of readers that see a metric, strongly, and in a reply that fits", () => {
    const [reply] = readReadingsFile(
      fileOf("kemp,d1,2,1,block,,a,1,0,2,1", "kemp,d1,2,1,block,,b,2,0,0,0"),
    );
    assert.ok(reply);
    assert.equal(readShare(reply, "er", "any"), 1);
    assert.equal(readShare(reply, "er", "strong"), 0.5);
    assert.equal(readShare(reply, "er", "fits"), 0.5);
    assert.equal(readShare(reply, "ex", "any"), 0.5);
    assert.equal(readShare(reply, "ip", "any"), 0);
  });

  it("joins a reply that was drawn twice, under two designs", () => {
    const [reply, ...others] = readReadingsFile(
      fileOf("kemp,d1,2,1,block,,a,1,0,2,1", "kemp,d1,2,1,last,,a,1,0,2,1"),
    );
    assert.deepEqual([reply?.designs, reply?.readings.length], [["block", "last"], 2]);
    assert.equal(others.length, 0);
  });

  for (const [what, row, message] of [
    ["a level that is none", "kemp,d1,2,1,block,,a,3,0,0,1", /:3: er is '3'; a reading has level/],
    ["no level", "kemp,d1,2,1,block,,a,1,,0,1", /:3: ip is ''; a reading has level 0, 1 or 2$/],
    ["a fit that is none", "kemp,d1,2,1,block,,a,1,0,0,yes", /:3: fit is 'yes'; it is 1 where/],
    ["a speaker's turn", "kemp,d1,3,1,block,,a,1,0,0,1", /:3: turn '3' is not a listener's: 2, 4/],
    ["no sample", "kemp,d1,2,,block,,a,1,0,0,1", /:3: sample '' is not 1, 2/],
    [
      "the same reading twice",
      "kemp,d0,2,1,block,,a,1,0,0,1",
      /:3: reader 'a' read this reply twice under design 'block'; keep one/,
    ],
  ] as const) {
    it(`refuses ${what} in one line that names the row`, () => {
      const path = fileOf("kemp,d0,2,1,block,,a,1,0,0,1", row);
      assert.throws(() => readReadingsFile(path), { name: "UserError", message });
    });
  }

  it("says which file is not there", () => {
    assert.throws(() => readReadingsFile("/nowhere/readings.csv"), {
      name: "UserError",
      message: /^\/nowhere\/readings\.csv: no such file; restore it with `git checkout`$/,
    });
  });

  it("reads a study's own readings instead of the project's", () => {
    const own = temporaryFolder();
    mkdirSync(join(own, "data", "readings"), { recursive: true });
    cpSync(fileOf("mine,d1,2,1,own,,me,1,0,0,1"), join(own, "data", "readings", "readings.csv"));
    assert.deepEqual(
      readReadings({ root: own }).map(({ system }) => system),
      ["mine"],
    );
  });
});

describe("the tables beside the readings", () => {
  it("hold interpretation by EPITOME's practice, of people and six systems", () => {
    const practice = readPractice(study);
    assert.equal(new Set(practice.map(({ system }) => system)).size, 7);
    assert.ok(practice.every(({ designs }) => designs[0] === "block"));
  });

  it("count readings beside people's labels: 180 pairs of EPITOME for each metric", () => {
    const counts = readCalibration(study);
    for (const metric of METRICS) {
      const own = counts.filter((one) => one.source === "epitome" && one.metric === metric);
      assert.equal(
        own.reduce((sum, { pairs }) => sum + pairs, 0),
        180,
      );
    }
    const found = readerAccuracy(counts, "epitome-machine-like");
    // The card: the reader sees interpretation in .84 of 44 pairs, people in .59.
    assert.equal(found.ip?.replies, 44);
    assert.equal(found.ip?.instrument.toFixed(2), "0.84");
    assert.equal(found.ip?.reference.toFixed(2), "0.59");
    assert.deepEqual(readerAccuracy(counts, "nobody"), {});
  });

  it("count readings beside people's intents, never more than there are", () => {
    const criteria = readCriteria(study);
    const questioning = criteria.find(({ label }) => label === "questioning");
    assert.deepEqual([questioning?.items, questioning?.any.ex], [50, 49]);
    for (const { items, any, strong } of criteria) {
      for (const metric of METRICS)
        assert.ok(strong[metric] <= any[metric] && any[metric] <= items);
    }
  });
});

describe("toAccuracy", () => {
  it("is sensitivity, specificity, Youden's J, bias and Cohen's kappa of four counts", () => {
    // R: irr::kappa2 on 40, 10, 20, 30 gives 0.4.
    const found = toAccuracy({ both: 40, onlyReference: 10, onlyInstrument: 20, neither: 30 });
    const near = (one: number, other: number) => assert.ok(Math.abs(one - other) < 1e-12);
    near(found.sensitivity, 0.8);
    near(found.specificity, 0.6);
    near(found.youden, 0.4);
    near(found.bias, 0.1);
    near(found.kappa, 0.4);
    assert.equal(found.replies, 100);
  });
});

describe("headAccuracy", () => {
  it("finds that the head which imitates published classifiers is blind to interpretation in LLMs' replies", () => {
    const replies = readAnchoredReplies(study, isCompared, "embedded-roberta");
    const { er, ip, ex } = headAccuracy(replies, readReadings(study));
    assert.ok((ip.get("llm")?.youden as number) < 0.1);
    assert.ok((ip.get("llm")?.bias as number) < -0.6);
    // On emotional reactions: specificity .84 on people's replies, .34 to .38 on machines'.
    assert.ok((er.get("human")?.specificity as number) > 0.8);
    for (const family of ["llm", "ecs"] as const) {
      assert.ok((er.get(family)?.specificity as number) < 0.5, family);
    }
    for (const family of ["human", "llm", "ecs"] as const) {
      assert.ok((ex.get(family)?.youden as number) > 0.6, family);
    }
  });
});
