import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { blankResult, noteBound } from "../../apps/claims/evidence";
import { buildStockTable, holdsStock } from "../../apps/readings/stock-table";
import { readStudyTexts } from "../../apps/replies/published-stage";
import { readClaimResults } from "../../src/claims/results-tables";
import { projectPath } from "../../src/project";
import { readCalibration, readReadings, replyKey } from "../../src/readings/readings";
import { readStock, STOCK_FILE, stockPrecision } from "../../src/readings/stock-sentences";
import { madeClaim } from "../study/claims/made-claims";

const PROJECT = { root: projectPath() };

describe("stock sentences", () => {
  it("are found however they are written, and not where the words mean something else", () => {
    for (const reply of [
      "That must be hard.",
      "it must have been a shock",
      "Sounds like a plan gone wrong",
      "I can totally understand how you feel",
      "I can only imagine… I can imagine!",
      "I understand how hard that is",
    ]) {
      assert.ok(holdsStock(reply), reply);
    }
    for (const reply of ["You must go", "I understand", "The sounds likely stop", "Imagine that"]) {
      assert.ok(!holdsStock(reply), reply);
    }
  });

  it("count as often as people counted them where the reader did", () => {
    const pairs = (people: 0 | 1, reader: 0 | 2, pairs: number) =>
      ({ source: "epitome-machine-like", metric: "ip", people, reader, pairs }) as const;
    assert.equal(stockPrecision([pairs(0, 0, 100), pairs(0, 2, 1), pairs(1, 2, 3)]), 0.75);
    assert.equal(stockPrecision([]), undefined);
    assert.equal(stockPrecision(readCalibration(PROJECT)), 26 / 37);
  });

  it("are listed of replies that were read, and of no others", () => {
    const read = new Set(readReadings(PROJECT).map(replyKey));
    const stock = [...readStock(PROJECT)];
    assert.ok(stock.length > 1000);
    assert.deepEqual(
      stock.filter((key) => !read.has(key)),
      [],
    );
  });

  itNeeds(mirror, "are found in the published texts as the committed table has them", async () => {
    const places = { mirror: mirror.folder, cache: temporaryFolder() };
    assert.equal(
      buildStockTable(projectPath(), await readStudyTexts("ed-rebuilt", places)),
      readFileSync(projectPath(STOCK_FILE), "utf8"),
    );
  });
});

describe("the bound on interpretation", () => {
  it("lowers what LLMs, who use such sentences most, are ahead of people", () => {
    const these = (set: string) =>
      readClaimResults(PROJECT).find((row) => row.set === set && row.claim === "ip-above-human")
        ?.these ?? assert.fail(set);
    assert.ok(these("bound") > 0 && these("bound") < these("main") - 0.05);
  });

  it("is noted beside a verdict that it does not share, and beside no other", () => {
    const row = (verdict: "holds" | "cannot be told" | "cannot be measured") => ({
      ...blankResult(madeClaim({}), "main", "readings"),
      verdict,
      note: "made",
    });
    const told = noteBound(row("holds"), row("cannot be told"));
    assert.equal(told.note, "made; by the bound on interpretation: cannot be told");
    assert.equal(told.verdict, "holds");
    assert.equal(noteBound(row("holds"), row("holds")).note, "made");
    assert.equal(noteBound(row("holds"), undefined).note, "made");
    assert.equal(noteBound(row("cannot be measured"), row("holds")).note, "made");
  });
});
