import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readWeights, sha256Of, WEIGHTS_FOLDER } from "empathy-scorer";
import { decodeHead, encodeHead, type MetricModel } from "empathy-scorer/training";
import { itNeeds, mirror, mirrorAndPatience, otherNodes } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { trainDialogue, trainSupport, trainTokens } from "../../apps/train/train-head";
import {
  readDialogueTexts,
  readPairs,
  toSupportRows,
  toTrainingRows,
} from "../../apps/train/training-rows";
import { bytesOf, handWritten, trainOn } from "./hand-written";

describe("training", function () {
  this.timeout(60_000);

  it("gives the same bytes for the same rows in another order", () => {
    const bytes = trainOn(handWritten());
    assert.ok(trainOn(handWritten().reverse()).equals(bytes));
    const other = handWritten().map((text) => ({ ...text, reply: `${text.reply} Bye.` }));
    assert.ok(!trainOn(other).equals(bytes));
  });

  itNeeds(
    otherNodes,
    "gives the same bytes under other Node versions",
    () => {
      const wanted = sha256Of(trainOn(handWritten()));
      for (const node of otherNodes.programs) {
        const script = join(__dirname, "hand-written.js");
        assert.equal(spawnSync(node, [script], { encoding: "utf8" }).stdout, wanted, node);
      }
    },
    60_000,
  );

  itNeeds(
    mirrorAndPatience,
    "gives the shipped weights of ex, head support, byte for byte",
    async () => {
      const places = { mirror: mirror.folder, cache: temporaryFolder() };
      const model = trainSupport(toTrainingRows(await readPairs("ex", "open", places)));
      const shipped = readWeights("epitome").ex[0] as MetricModel;
      assert.ok(bytesOf(model).equals(bytesOf(shipped)));
    },
    240_000,
  );

  itNeeds(
    mirrorAndPatience,
    "gives the shipped weights of ip, head dialogue, fold 2, byte for byte",
    async () => {
      const places = { mirror: mirror.folder, cache: temporaryFolder() };
      const pairs = toSupportRows(await readPairs("ip", "open", places));
      const replies = toTrainingRows(await readDialogueTexts("ip", "open", places));
      const [model] = trainDialogue(
        { metric: "ip", replies, pairs, tokens: trainTokens(pairs) },
        [2],
      );
      const shipped = readWeights("roberta").ip[2] as MetricModel;
      assert.ok(bytesOf(model as MetricModel).equals(bytesOf(shipped)));
    },
    240_000,
  );
});

describe("the shipped weights", () => {
  const { files } = JSON.parse(readFileSync(join(WEIGHTS_FOLDER, "weights.json"), "utf8"));

  it("are listed with their sizes and checksums, and stay below 3.5 MB", () => {
    let total = 0;
    for (const { file, bytes, sha256 } of files) {
      const content = readFileSync(join(WEIGHTS_FOLDER, file));
      assert.deepEqual([content.length, sha256Of(content)], [bytes, sha256]);
      total += bytes;
    }
    assert.equal(files.length, 3);
    assert.ok(total < 3_500_000, String(total));
  });

  it("come out of reading and writing unchanged", () => {
    for (const { file } of files) {
      const content = readFileSync(join(WEIGHTS_FOLDER, file));
      assert.ok(encodeHead(decodeHead(content)).equals(content), file);
    }
  });
});
