import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Scorer } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { ACTS_FILE, buildActs } from "../../apps/pipeline/validity-stage";
import { missingActs, readActs, readIntents } from "../../apps/sources/acts";
import { countActs } from "../../apps/sources/count-acts";
import { projectPath } from "../../src/project";
import { readCriteria } from "../../src/readings/readings";
import { formatActs, readActCounts } from "../../src/validity/act-counts";
import { dialogueOf } from "../corpus/dialogue-of";

const PLACES = { mirror: mirror.folder, cache: temporaryFolder() };

describe("people's acts and intents", () => {
  itNeeds(mirror, "are counted as the committed table has it", async () => {
    assert.equal(await buildActs(PLACES), readFileSync(projectPath(ACTS_FILE), "utf8"));
  });

  itNeeds(mirror, "leave out what a classifier labelled", async () => {
    const acts = await readActs(PLACES);
    assert.equal(acts.length, 721);
    assert.ok(acts.every(({ place }) => place && place.turn % 2 === 0));
    const intents = await readIntents(PLACES);
    assert.equal(intents.length, 506);
    assert.equal(new Set(intents.map(({ label }) => label)).size, 15);
  });

  itNeeds(
    mirror,
    "are scored with what was said before, where they stand in a dialogue",
    async () => {
      const [act] = await readActs(PLACES);
      const seen: (readonly string[])[] = [];
      const scorer: Scorer = {
        id: "spy",
        isExact: true,
        card: { name: "", trainedOn: "", tested: "", fails: "" },
        async score({ context }) {
          seen.push(context as readonly string[]);
          return { missing: "nothing" };
        },
      };
      const texts = ["I am glad.", ...Array.from({ length: act?.place?.turn ?? 0 }, () => "Oh.")];
      texts[(act?.place?.turn ?? 0) - 1] = act?.text ?? "";
      const dialogue = dialogueOf(act?.place?.dialogue ?? "", texts);
      const counts = await countActs([scorer], [dialogue], PLACES);
      assert.equal(
        counts.reduce((sum, { inDialogue }) => sum + inDialogue, 0),
        1,
      );
      const [context] = seen.filter(({ length }) => length > 0);
      assert.deepEqual(context, texts.slice(0, (act?.place?.turn ?? 0) - 1));
    },
  );

  it("name what is not on this machine", () => {
    const missing = missingActs({ mirror: undefined, cache: temporaryFolder() });
    assert.equal(missing.length, 16);
    assert.ok(missing.includes("eqt") && missing.includes("intents-expressing-relief"));
  });

  it("are read as they are written, a row for each label and head", () => {
    const counts = readActCounts();
    assert.equal(formatActs(counts), readFileSync(projectPath(ACTS_FILE), "utf8"));
    const labels = new Set(counts.map(({ source, label }) => `${source} ${label}`));
    assert.equal(counts.length, labels.size * HEADS.length);
    for (const { items, inDialogue, any } of counts) {
      for (const count of [inDialogue, ...Object.values(any)]) assert.ok(count <= items);
    }
  });

  it("stand beside the readings of some of them, under the same names", () => {
    const names = new Set(readActCounts().map(({ source, label }) => `${source} ${label}`));
    const criteria = readCriteria({ root: projectPath() });
    assert.ok(criteria.length > 20);
    for (const { source, label } of criteria) assert.ok(names.has(`${source} ${label}`), label);
  });
});
