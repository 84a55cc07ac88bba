import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isMissing, loadScorer, METRICS } from "empathy-scorer";
import { pairKey } from "empathy-scorer/training";
import { itNeeds, mirror } from "test-support/needs";
import { buildValidityTables, JUDGED_FILE } from "../../apps/pipeline/validity-stage";
import { JUDGES } from "../../apps/sources/compare-judges";
import { readEpitome } from "../../apps/sources/epitome";
import { readJudgedConversations, readJudgedLevels } from "../../apps/sources/judged-conversations";
import { formatJudgedTable, readJudgedTable } from "../../apps/sources/judged-table";
import { measureHeads } from "../../apps/train/head-agreement";
import { formatModelCard } from "../../apps/train/model-card";
import { projectPath } from "../../src/project";
import { formatEvaluationFile, readEvaluation } from "../../src/validity/evaluation-file";
import { readJudges } from "../../src/validity/judge-agreement";
import { quadraticKappa } from "../../src/validity/measures";
import { readReferenceCounts, sumReferenceCounts } from "../../src/validity/reference-counts";

const PLACES = { mirror: mirror.folder, cache: projectPath("data", "no-cache") };
const judged = readJudgedTable(projectPath(JUDGED_FILE));

describe("the committed evaluation", () => {
  const evaluation = readEvaluation();

  it("is what the model card was written from", () => {
    const card = readFileSync(projectPath("data", "weights", "model-card.md"), "utf8");
    assert.equal(formatModelCard(evaluation, measureHeads()), card);
  });

  it("comes out of reading and writing unchanged", () => {
    const path = projectPath("data", "validity", "evaluation.json");
    assert.equal(formatEvaluationFile(evaluation), readFileSync(path, "utf8"));
    assert.equal(formatJudgedTable(judged), readFileSync(projectPath(JUDGED_FILE), "utf8"));
  });

  it("counts confusions of the same rows as its tables", () => {
    for (const { confusions, seeds, locked } of evaluation.epitome) {
      for (const [counts, summary] of [
        [confusions.open, seeds[0]],
        [confusions.locked, locked],
      ] as const) {
        assert.equal(
          counts.flat().reduce((sum, one) => sum + one),
          summary?.rows,
        );
        const hits = counts[0][0] + counts[1][1] + counts[2][2];
        const { value } = summary?.accuracy ?? { value: 0 };
        assert.ok(Math.abs(hits / (summary?.rows ?? 0) - value) < 1e-6);
      }
    }
  });
});

describe("the judged conversations", () => {
  it("are fifty, four of them in the locked tenth", () => {
    assert.equal(judged.length, 50);
    assert.equal(judged.filter(({ part }) => part === "locked").length, 4);
  });

  itNeeds(mirror, "have the shipped model's levels where they are locked", async () => {
    const scorer = loadScorer("epitome");
    const conversations = await readJudgedConversations(PLACES);
    const pairs = new Map(
      (await readEpitome("er", PLACES)).map((one) => [
        pairKey(one.seekerPost, one.responsePost),
        one,
      ]),
    );
    for (const { conversation, scores } of judged.filter(({ part }) => part === "locked")) {
      const { pair } = conversations.find((one) => one.conversation === conversation) ?? {};
      const { seekerPost, responsePost } = pairs.get(pair as string) as never;
      const own = scorer.scoreNow({ context: [seekerPost], reply: responsePost });
      assert.ok(!isMissing(own));
      for (const metric of METRICS) assert.equal(own[metric].level, scores[metric].level);
    }
  });

  itNeeds(mirror, "were each rated by seven judges", async () => {
    const rated = await readJudgedLevels(PLACES);
    for (const judge of JUDGES.slice(0, 7)) {
      assert.equal(rated.filter(({ rater }) => rater === judge).length, 50, judge);
    }
  });
});

describe("buildValidityTables", () => {
  itNeeds(
    mirror,
    "gives the committed tables, byte for byte",
    async () => {
      const tables = await buildValidityTables(projectPath(), PLACES);
      assert.equal(tables.size, 2);
      for (const [file, text] of tables) {
        assert.equal(text, readFileSync(projectPath(file), "utf8"), file);
      }
    },
    60_000,
  );

  it("compares every pair of eight judges on every metric", () => {
    const agreements = readJudges();
    assert.equal(agreements.length, 3 * 28);
    for (const { kappa, lower, upper, conversations } of agreements) {
      assert.equal(conversations, 50);
      assert.ok((lower as number) <= (kappa as number) && (kappa as number) <= (upper as number));
    }
  });

  it("counts each system's replies once a metric, and keeps the agreement of the model card", () => {
    const counts = readReferenceCounts();
    for (const system of ["human", "zephyr-7b", "zephyr-7b-short", "zephyr-7b-tuned"]) {
      for (const metric of METRICS) {
        const rows = counts.filter((one) => one.system === system && one.metric === metric);
        assert.equal(
          rows.reduce((sum, { replies }) => sum + replies, 0),
          2527,
          `${system} ${metric}`,
        );
      }
    }
    const er = counts.filter(({ system, metric }) => system === "human" && metric === "er");
    const pairs = sumReferenceCounts(er).flatMap((row, truth) =>
      row.flatMap((count, level) => Array.from({ length: count }, () => [truth, level])),
    );
    const kappa = quadraticKappa(
      pairs.map(([truth]) => truth as 0),
      pairs.map(([, level]) => level as 0),
    );
    assert.ok(Math.abs(kappa - 0.76) < 0.01, String(kappa));
  });
});
