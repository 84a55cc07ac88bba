import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  byMetric,
  loadScorer,
  type Metric,
  type ReplyScores,
  readWeights,
  WEIGHTS_FOLDER,
} from "empathy-scorer";
import type { MetricModel } from "empathy-scorer/training";
import { itNeeds, mirror, mirrorAndPatience } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { formatHeadAgreement, measureHeads, measurePairs } from "../../apps/train/head-agreement";
import { trainReadings } from "../../apps/train/train-head";
import { readReadingsTraining } from "../../apps/train/train-jobs";
import { projectPath } from "../../src/project";
import { medianLevels, readReadings, replyKey } from "../../src/readings/readings";
import { bytesOf } from "./hand-written";

const scorer = loadScorer("readings");

function levelsOf(told: string, reply: string): Record<Metric, number> {
  const scores = scorer.scoreNow({ context: [told], reply }) as ReplyScores;
  return byMetric((metric) => scores[metric].level);
}

// Hand-written.
describe("the head that learns from readings", () => {
  const STORM = "A tree fell on our roof in the storm last night.";

  it("finds interpretation that is put into words, which the RoBERTa head misses", () => {
    for (const reply of ["That must be terrifying.", "That must have been terrifying."]) {
      assert.equal(levelsOf(STORM, reply).ip, 2, reply);
    }
    const old = loadScorer("roberta").scoreNow({
      context: [STORM],
      reply: "That must be terrifying.",
    });
    assert.equal((old as ReplyScores).ip.level, 0);
  });

  it("tells compassion that is named from what is alluded to, and a question from none", () => {
    assert.equal(levelsOf(STORM, "I'm so sorry to hear that!").er, 2);
    assert.equal(levelsOf("I start my new job on Monday.", "Good luck!").er, 1);
    assert.deepEqual(levelsOf(STORM, "Trains leave at nine."), { er: 0, ip: 0, ex: 0 });
    assert.equal(levelsOf(STORM, "How long have you lived in that house?").ex, 2);
  });

  it("stays below 2 MB", () => {
    assert.ok(statSync(join(WEIGHTS_FOLDER, "readings.bin")).size <= 2_000_000);
  });

  itNeeds(
    mirrorAndPatience,
    "gives the shipped weights of ip, fold 2, byte for byte",
    async () => {
      const places = { mirror: mirror.folder, cache: temporaryFolder() };
      const [model] = trainReadings("ip", await readReadingsTraining("ip", places), [2]);
      const shipped = readWeights("readings").ip[2] as MetricModel;
      assert.ok(bytesOf(model as MetricModel).equals(bytesOf(shipped)));
    },
    120_000,
  );
});

describe("readings of replies", () => {
  it("beside the committed scores give the committed table of agreements", () => {
    const table = readFileSync(projectPath("data", "validity", "head-readings.csv"), "utf8");
    assert.equal(formatHeadAgreement(measureHeads()), table);
  });

  it("count a reply once, by the median of its readings", () => {
    const replies = readReadings({ root: projectPath() });
    assert.equal(new Set(replies.map(replyKey)).size, replies.length);
    const of = (...levels: (0 | 1 | 2)[]) => {
      const readings = levels.map((er, at) => ({
        reader: String(at),
        levels: { er, ip: 0, ex: 0 } as const,
        fits: true,
      }));
      const place = { system: "kemp", dialogue: "d", turn: 2, sample: 1, designs: [] };
      return medianLevels({ ...place, readings }).er;
    };
    assert.deepEqual([of(2), of(0, 2), of(2, 0, 1)], [2, 0, 1]);
  });

  it("are compared with a head's levels", () => {
    const pairs = [
      [0, 0],
      [0, 1],
      [2, 2],
      [1, 2],
    ].map(([reading, head]) => ({ reading, head }) as { reading: 0 | 1 | 2; head: 0 | 1 | 2 });
    const { replies, sensitivity, specificity, bias, kappa } = measurePairs(pairs);
    assert.deepEqual([replies, sensitivity, specificity, bias, kappa], [4, 1, 0.5, 0.25, 0.5]);
  });
});
