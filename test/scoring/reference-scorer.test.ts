import assert from "node:assert/strict";
import { isMissing } from "empathy-scorer";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { readReferenceLevels } from "../../apps/sources/reference-levels";
import { ReferenceScorer } from "../../apps/sources/reference-scorer";

describe("ReferenceScorer", () => {
  const places = { mirror: mirror.folder, cache: temporaryFolder() };

  itNeeds(mirror, "gives the levels that came with a reply, and none to another", async () => {
    const scorer = await ReferenceScorer.read(places);
    const rows = await readReferenceLevels("empo-zephyr", places);
    for (const { opening, answered, reply, levels } of rows.slice(0, 50)) {
      const scores = await scorer.score({ context: [answered], opening, reply });
      assert.ok(!isMissing(scores));
      assert.equal(scores.er.level, levels.er);
      assert.equal(scores.er.probabilities[levels.er], 1);
    }
    const own = { context: ["My bike was stolen."], reply: "Oh no, I am sorry for you." };
    assert.deepEqual(await scorer.score(own), {
      missing: "no reference level came with this reply",
    });
  });

  it("says which source is not on this machine", () =>
    assert.rejects(
      ReferenceScorer.read({ mirror: undefined, cache: temporaryFolder() }),
      /source 'empo-zephyr-short' is not on this machine/,
    ));
});
