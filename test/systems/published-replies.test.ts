import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { itNeeds, mirror } from "test-support/needs";
import { projectPath } from "../../src/project";
import { buildPublishedTables, readStudyTexts } from "../../src/study/published-stage";
import { describeLeft, measureCoverage } from "../../src/systems/coverage";

const PLACES = { mirror: mirror.folder, cache: projectPath("data", "no-cache") };

describe("the mirrored files", () => {
  itNeeds(mirror, "are joined with these exact counts", async () => {
    const { joined, test, answered } = await readStudyTexts("ed-rebuilt", PLACES);
    assert.deepEqual([test.length, answered.length], [2546, 3411]);
    const counts = measureCoverage(joined).map(({ group: _, left, ...row }) => [
      ...Object.values(row),
      describeLeft({ left }),
    ]);
    const together = "two conversations run together: ";
    const older = (system: string) => [system, 5255, 5249, 5249, 2542, 5249, `${together}6`];
    const empdg = (system: string) => [system, 2713, 2710, 2710, 2533, 2710, `${together}3`];
    const zephyr = (system: string) => [system, 2540, 2536, 2536, 2536, 2536, "no such context: 4"];
    const first = (system: string) => [system, 2000, 2000, 2000, 2000, 2000, ""];
    const unnamed = (system: string) => {
      const left = `several contexts: 2; ${together}6`;
      return [system, 5255, 5247, 5247, 2542, 5247, left];
    };
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
      ...["gpt-4-plain", "gpt-4-empathy", "llama-2-70b", "gemini-1.0-pro", "mixtral-8x7b"].map(
        first,
      ),
      unnamed("gpt-3.5-davinci"),
      [
        "gpt-3.5-turbo",
        1644,
        789,
        789,
        380,
        789,
        "a turn of the speaker: 853; no such dialogue: 2",
      ],
      unnamed("blenderbot"),
      older("cem"),
      ["chatglm3-tuned", 5255, 5243, 5243, 2542, 5243, `no reply: 6; ${together}6`],
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
