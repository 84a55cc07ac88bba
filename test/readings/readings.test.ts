import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isLocked, pairKey } from "empathy-scorer/training";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import {
  countCalibration,
  drawPairs,
  type LabelledPair,
  readOpenPairs,
} from "../../apps/readings/calibrate";
import { drawReplies, shuffleRequests } from "../../apps/readings/draw-replies";
import { mergeReadings } from "../../apps/readings/merge-readings";
import type { Dialogue } from "../../src/corpus/dialogue";
import type { Emotion } from "../../src/corpus/emotions";
import { projectPath } from "../../src/project";
import {
  formatReadingRows,
  READING_COLUMNS,
  type ReadingRow,
  readReadingRows,
} from "../../src/readings/reading-rows";
import {
  middleLevel,
  readCalibration,
  readReadings,
  readReadingsFile,
  readShare,
} from "../../src/readings/readings";
import { dialogueOf } from "../corpus/dialogue-of";

const PUBLISHED = projectPath("data", "readings", "readings.csv");

function rowOf(overrides: Partial<ReadingRow> = {}): ReadingRow {
  const reply = { system: "owl", dialogue: "d1", turn: 2, sample: 1 };
  const levels = { er: 2, ip: 0, ex: 1 } as const;
  return { reply, design: "own", stratum: "", reader: "ana", levels, fits: true, ...overrides };
}

function fileOf(...rows: readonly string[]): string {
  const path = join(temporaryFolder(), "readings.csv");
  writeFileSync(path, `${[READING_COLUMNS.join(","), ...rows].join("\n")}\n`);
  return path;
}

describe("readings", () => {
  it("are written as they were read", () => {
    assert.equal(formatReadingRows(readReadingRows(PUBLISHED)), readFileSync(PUBLISHED, "utf8"));
  });

  it("without a fit say nothing of whether a reply shows a metric and fits", () => {
    const [none, one] = readReadingsFile(
      fileOf(
        "owl,d1,2,1,own,,ana,2,0,0,",
        "owl,d2,2,1,own,,ana,2,0,0,",
        "owl,d2,2,1,own,,ben,1,0,0,0",
      ),
    );
    assert.ok(none && one);
    assert.equal(readShare(none, "er", "any"), 1);
    assert.ok(Number.isNaN(readShare(none, "er", "fits")));
    assert.deepEqual([readShare(one, "er", "any"), readShare(one, "er", "fits")], [1, 0]);
  });

  it("may be by one reader under two designs, in any order", () => {
    const path = fileOf(
      "owl,d1,2,1,one,,ana,2,0,0,1",
      "owl,d1,2,1,two,,ben,2,0,0,1",
      "owl,d1,2,1,two,,ana,2,0,0,1",
    );
    assert.equal(readReadingsFile(path)[0]?.readings.length, 3);
  });

  for (const [row, message] of [
    ["owl,d1,3,1,own,,ana,2,0,0,1", /:2: turn '3' is not a listener's/],
    ["owl,d1,2,0,own,,ana,2,0,0,1", /:2: sample '0'/],
    ["owl,d1,2,1,own,,ana,3,0,0,1", /:2: er is '3'; a reading has level 0, 1 or 2/],
    ["owl,d1,2,1,own,,ana,2,0,0,yes", /:2: fit is 'yes'; .* empty where nobody asked/],
  ] as const) {
    it(`that say '${row}' are refused`, () => {
      assert.throws(() => readReadingRows(fileOf(row)), message);
    });
  }

  it("of a study have no counts but its own beside people's labels", () => {
    const root = temporaryFolder();
    assert.ok(readCalibration({ root }).length > 0);
    mkdirSync(join(root, "data", "readings"), { recursive: true });
    const path = join(root, "data", "readings", "readings.csv");
    writeFileSync(path, formatReadingRows([rowOf()]));
    assert.equal(readReadings({ root }).length, 1);
    assert.deepEqual(readCalibration({ root }), []);
  });
});

describe("mergeReadings", () => {
  it("keeps every row, and adds new ones by reply and reader", () => {
    const ben = rowOf({ reader: "ben" });
    const other = rowOf({ reply: { system: "jay", dialogue: "d1", turn: 2, sample: 1 } });
    const { rows, repeated } = mergeReadings([ben], [other, rowOf(), ben], "f.csv");
    assert.deepEqual(rows, [ben, other, rowOf()]);
    assert.equal(repeated, 1);
  });

  it("refuses other levels or another fit of the same reader", () => {
    const message = /^f\.csv:2: reader 'ana' .* name another --design/;
    for (const changed of [{ levels: { er: 2, ip: 1, ex: 1 } }, { fits: null }] as const) {
      const merge = () => mergeReadings([rowOf()], [rowOf(changed)], "f.csv");
      assert.throws(merge, ({ message: said }: Error) => message.test(said));
    }
  });
});

describe("drawReplies", () => {
  const dialogues = new Map(
    Array.from({ length: 40 }, (_, at): [string, Dialogue] => {
      const emotion: Emotion = at < 30 ? "sad" : "proud";
      return [`d${at}`, { ...dialogueOf(`d${at}`, ["a", "b"]), emotion }];
    }),
  );
  const repliesOf = (system: string) =>
    [...dialogues.keys()].map((dialogue) => ({ dialogue, turn: 2, system, sample: 1, text: "x" }));

  it("gives each sentiment its share, and systems the same turns", () => {
    const [one, other] = ["owl", "jay"].map((id) =>
      drawReplies(repliesOf(id), dialogues, { replies: 8, seed: 1 }),
    );
    const places = (drawn = one) => drawn?.map(({ dialogue }) => dialogue);
    assert.deepEqual(places(one), places(other));
    assert.equal(one?.filter(({ dialogue }) => Number(dialogue.slice(1)) < 30).length, 6);
    const next = drawReplies(repliesOf("owl"), dialogues, { replies: 8, seed: 2 });
    assert.notDeepEqual(places(next), places(one));
    assert.equal(drawReplies(repliesOf("owl"), dialogues, { replies: 99, seed: 1 }).length, 40);
  });

  it("has requests shuffled by seed and text, wherever they stood", () => {
    const requests = ["a", "b", "c", "d", "e"].map((reply) => ({ context: ["x"], reply }));
    const shuffled = shuffleRequests(requests, 1);
    assert.deepEqual(shuffleRequests([...requests].reverse(), 1), shuffled);
    assert.notDeepEqual(shuffleRequests(requests, 2), shuffled);
  });
});

describe("calibration pairs", () => {
  const pairs = Array.from({ length: 40 }, (_, at): LabelledPair => {
    const levels = { er: at < 10 ? 2 : 0, ip: 0, ex: 0 } as const;
    return { request: { context: ["p"], reply: `r${at}` }, levels };
  });

  it("are half drawn from all, half from those in which people saw something", () => {
    const drawn = drawPairs(pairs, 10, 3);
    assert.equal(new Set(drawn).size, 10);
    assert.ok(drawn.slice(5).every(({ levels }) => levels.er === 2));
    assert.equal(drawPairs(pairs, 99, 3).length, 40);
  });

  it("count once each, with the middle of several readings and the lower of two", () => {
    assert.deepEqual([middleLevel([2, 0, 1]), middleLevel([2, 1])], [1, 1]);
    const zero = { er: 0, ip: 0, ex: 0 } as const;
    const two = { er: 2, ip: 0, ex: 0 } as const;
    const counts = countCalibration([{ people: two, readings: [two, zero, two] }]);
    assert.deepEqual(counts[0], {
      source: "epitome",
      metric: "er",
      people: 2,
      reader: 2,
      pairs: 1,
    });
    assert.equal(counts.length, 3);
  });

  itNeeds(mirror, "are of EPITOME's open nine tenths only", async () => {
    const found = await readOpenPairs({ mirror: mirror.folder, cache: temporaryFolder() });
    assert.ok(found && found.length > 2000);
    for (const { request } of found)
      assert.ok(!isLocked(pairKey(request.context[0] as string, request.reply)));
    const nowhere = { mirror: undefined, cache: temporaryFolder() };
    assert.equal(await readOpenPairs(nowhere), undefined);
  });
});
