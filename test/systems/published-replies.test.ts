import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { itNeeds, mirror } from "test-support/needs";
import { measureCoverage } from "../../apps/replies/measure-coverage";
import { buildPublishedTables, readStudyTexts } from "../../apps/replies/published-stage";
import { readAllDialogues } from "../../src/corpus/read-dialogues";
import { stimulusKey } from "../../src/corpus/stimulus";
import { projectPath } from "../../src/project";
import { readReadings } from "../../src/readings/readings";
import { requireSource } from "../../src/sources/locate-source";
import { describeLeft } from "../../src/systems/coverage";
import { JoinIndex } from "../../src/systems/join-index";
import { loadJoinIndex } from "../../src/systems/load-join-index";
import { measureOrder } from "../../src/systems/order-evidence";
import { joinPublished } from "../../src/systems/published-replies";
import { findSystem, readSystems, type System } from "../../src/systems/system";

const PLACES = { mirror: mirror.folder, cache: projectPath("data", "no-cache") };

const SEED_NUMBERS = [0, 42, 1024, 1234];

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
      ...["care", "rec-ec", "gee-mime"].map(older),
      [
        "godel-large",
        5255,
        5246,
        5246,
        2542,
        5246,
        `several contexts: 2; ${together}6; another reference reply: 1`,
      ],
      unnamed("godel"),
      ["dialogpt", 5255, 5225, 5225, 2542, 5225, `no reply: 22; several contexts: 2; ${together}6`],
    ]);
  });

  itNeeds(mirror, "hold replies that take up their own prompt rather than the next", async () => {
    const { joined, test, answered } = await readStudyTexts("ed-rebuilt", PLACES);
    const dialogues = new Map([...test, ...answered].map((dialogue) => [dialogue.id, dialogue]));
    for (const { system, replies } of joined) {
      const { own, next } = measureOrder(replies, dialogues);
      // CEM's greedy replies hardly answer anything; docs/systems.md says so.
      assert.ok(own > (system.id === "cem" ? 1.5 : 2.5) * next, `${system.id}: ${own}, ${next}`);
    }
  });

  itNeeds(mirror, "of GEE on MIME are in ParlAI's order and not in KEMP's", async () => {
    const test = await readAllDialogues(await requireSource("ed-rebuilt", PLACES));
    const index = new JoinIndex(test);
    const dialogues = new Map(test.map((dialogue) => [dialogue.id, dialogue]));
    const { replies: from, ...gee } = findSystem(readSystems(), "gee-mime");
    const sources = SEED_NUMBERS.map((seed) => `seeds-gee-mime-${seed}`);
    for (const source of sources) {
      const [byTwos, plain] = await Promise.all(
        ["kemp-lines-by-twos", "kemp-lines"].map(async (format) => {
          const system = { ...gee, replies: { ...from, source, format } } as System;
          const [joined] = await joinPublished([system], index, PLACES);
          return measureOrder(joined?.replies ?? [], dialogues).own;
        }),
      );
      assert.ok((byTwos as number) > 1.2 * (plain as number), `${source}: ${byTwos}, ${plain}`);
    }
  });

  itNeeds(mirror, "of GEE on MIME were read beside their own prompts only", async () => {
    const { index } = await loadJoinIndex(PLACES);
    const gee = findSystem(readSystems(), "gee-mime");
    // Readers were given the file in KEMP's order.
    const [own, read] = await Promise.all(
      ["kemp-lines-by-twos", "kemp-lines"].map(async (format) => {
        const system = { ...gee, replies: { ...gee.replies, format } } as System;
        const [joined] = await joinPublished([system], index, PLACES);
        return new Map(joined?.replies.map((reply) => [stimulusKey(reply), reply.text]));
      }),
    );
    const readings = readReadings({ root: projectPath() }).filter(
      ({ system }) => system === gee.id,
    );
    assert.equal(readings.length, 88);
    for (const reading of readings) {
      const key = stimulusKey(reading);
      assert.equal(own?.get(key), read?.get(key), key);
    }
  });

  itNeeds(mirror, "give the committed tables, byte for byte", async () => {
    const tables = buildPublishedTables(await readStudyTexts("ed-rebuilt", PLACES));
    assert.equal(tables.size, 4);
    for (const [file, text] of tables) {
      assert.equal(text, readFileSync(projectPath(file), "utf8"), file);
    }
  });
});
