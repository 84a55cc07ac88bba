import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { byMetric, METRICS } from "empathy-scorer";
import { itNeeds, mirrorAndPatience } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { makePlan } from "../../apps/annotate/plan";
import { formatPlan } from "../../apps/annotate/plan-file";
import { openView } from "../../apps/view/open-view";
import { gatherRatings } from "../../apps/view/people-ratings";
import { makeCollection } from "./made-replies";

const NOWHERE = { mirror: undefined, cache: join(temporaryFolder(), "cache") };

describe("gatherRatings", () => {
  const collection = makeCollection();

  /** A plan of all made replies, and one rater's file of it. */
  function writeStudy() {
    const population = collection.replies.map(({ stimulus, system }) => ({
      system: collection.systems[system]?.id ?? "",
      family: "birds",
      place: `${collection.stimuli[stimulus]?.dialogue} turn 2 sample 1`,
      predicted: byMetric(() => 0 as const),
    }));
    const options = { scorer: "made", budget: 6, raters: 1, overlap: 0, seed: 1 };
    const { plan } = makePlan(population, options);
    const folder = temporaryFolder();
    const [path, rater] = [join(folder, "plan.json"), join(folder, "ana.csv")];
    writeFileSync(path, formatPlan(plan));
    const rows = plan.replies.map(({ id }, at) => `${plan.id},Ana,${id},${at % 3},2,`);
    writeFileSync(rater, `plan,rater,reply,${METRICS.join()}\n${rows.join("\n")}\n`);
    return { plan, study: { plan: path, raters: [rater] } };
  }

  it("finds none where no source and no study is at hand", async () => {
    assert.equal((await gatherRatings(collection, NOWHERE)).size, 0);
  });

  it("joins what raters gave to the replies of their plan", async () => {
    const { plan, study } = writeStudy();
    const ratings = await gatherRatings(collection, NOWHERE, study);
    assert.equal(ratings.size, plan.replies.length);
    for (const [at, { stratum, place }] of plan.replies.entries()) {
      const position = collection.replies.findIndex(
        ({ stimulus, system }) =>
          collection.systems[system]?.id === plan.strata[stratum]?.system &&
          place.startsWith(`${collection.stimuli[stimulus]?.dialogue} `),
      );
      assert.deepEqual(ratings.get(position), [
        { by: "Ana", said: `ER ${at % 3}, IP 2, EX not given`, value: ((at % 3) + 2) / 4 },
      ]);
    }
  });
});

describe("openView with the mirror", () => {
  itNeeds(
    mirrorAndPatience,
    "joins every published reply to its levels, and people's ratings to the replies that were rated",
    async () => {
      const places = { mirror: mirrorAndPatience.folder, cache: NOWHERE.cache };
      const notes: string[] = [];
      const root = temporaryFolder();
      const index = await openView({ places, root, note: (text) => notes.push(text) });
      assert.deepEqual(notes, []);
      const [dialogue] = index.scorers;
      const unscored = index.replies.filter(
        (_, at) => (dialogue?.levels[3 * at] ?? -1) < 0 && !dialogue?.missing.has(at),
      );
      assert.deepEqual(unscored, []);
      assert.ok(index.replies.length > 100_000);
      const given = [...index.ratings.values()].flat();
      // Five systems and the human listener, 2,000 dialogues each.
      assert.equal(given.filter(({ said }) => / of 3, /.test(said)).length, 12_000);
      // 405 of four systems; most of zephyr-7b-tuned's that were rated are others than those published.
      assert.ok(given.filter(({ by }) => /EmPO/.test(by)).length > 1_300);
    },
  );
});
