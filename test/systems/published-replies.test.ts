import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { projectPath } from "../../src/project";
import { buildPublishedTables, readStudyTexts } from "../../src/study/published-stage";
import { measureCoverage } from "../../src/systems/coverage";
import { itNeeds, mirror } from "../support/needs";

const PLACES = { mirror: mirror.folder, cache: projectPath("data", "no-cache") };

describe("the mirrored files", () => {
  itNeeds(mirror, "are joined with these exact counts", async () => {
    const { joined, test, answered } = await readStudyTexts("ed-rebuilt", PLACES);
    assert.deepEqual([test.length, answered.length], [2546, 1750]);
    const counts = joined.map((entry) => {
      const { system, records, stimuli, dialogues, replies, left } = measureCoverage(entry);
      return [
        system,
        records,
        entry.records - entry.left.length,
        stimuli,
        dialogues,
        replies,
        left,
      ];
    });
    const together = "two conversations run together: ";
    const older = (system: string) => [system, 5255, 5249, 5249, 2542, 5249, `${together}6`];
    const empdg = (system: string) => [system, 2713, 2710, 2710, 2533, 2710, `${together}3`];
    const zephyr = (system: string) => [system, 2540, 2536, 2536, 2536, 2536, "no such context: 4"];
    const last = (system: string) => [
      system,
      880,
      483,
      483,
      483,
      1449,
      "a turn of the speaker: 397",
    ];
    assert.deepEqual(counts, [
      older("kemp"),
      ...["moel", "moel-oracle", "moel-transformer", "moel-multitask"].map(older),
      ...["mime-topk", "mime-beam", "mime-greedy"].map(older),
      ...["empdg", "empdg-transformer", "empdg-emoprepend"].map(empdg),
      ...["zephyr-7b", "zephyr-7b-short", "zephyr-7b-tuned"].map(zephyr),
      ["llama-2-13b", 2020, 2019, 1867, 1524, 2019, "no such dialogue: 1"],
      ...["llama-2-7b", "mistral-7b"].map(last),
    ]);
  });

  itNeeds(mirror, "give the committed tables, byte for byte", async () => {
    const tables = buildPublishedTables(await readStudyTexts("ed-rebuilt", PLACES));
    assert.equal(tables.size, 4);
    for (const [file, text] of tables) {
      assert.equal(text, readFileSync(projectPath(file), "utf8"), file);
    }
  });
});
