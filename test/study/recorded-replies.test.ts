import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatRecord, type ReplyRecord } from "ask-models";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { Ledger } from "../../apps/pipeline/ledger";
import { keepLocalScores } from "../../apps/pipeline/local-scores";
import { readStudyTexts } from "../../apps/replies/published-stage";
import {
  listRecordedSystems,
  REPLIES_FOLDER,
  readRecordedReplies,
} from "../../apps/replies/recorded-replies";
import { formatAsked } from "../../apps/replies/summarise-asked";
import { collectReplies } from "../../apps/view/collect-replies";
import { readSystemScores } from "../../src/scoring/system-scores";
import { ASKED_FILE, readAsked } from "../../src/study/asked-systems";
import { listLocalSystems } from "../../src/study/study";
import { checksumOf } from "../../src/systems/reply";
import { dialogueOf } from "../corpus/dialogue-of";

const KNOWN = new Map(
  ["hit:0_conv:0", "hit:3_conv:7"].map((id) => [
    id,
    dialogueOf(id, ["My bike was stolen.", "Oh no."]),
  ]),
);

function record(dialogue: string, reply: string, over: Partial<ReplyRecord> = {}): string {
  return formatRecord({
    dialogue,
    turn: 2,
    system: "mine",
    sample: 1,
    key: "0".repeat(64),
    status: "ok",
    reply,
    attempts: 1,
    time: "2026-01-01T00:00:00.000Z",
    request: {} as never,
    ...over,
  });
}

function imported(dialogue: string, reply: string): string {
  return `${JSON.stringify({ dialogue, turn: 2, system: "mine", sample: 1, reply, sha256: checksumOf(reply) })}\n`;
}

function rootWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  mkdirSync(join(root, REPLIES_FOLDER), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(root, REPLIES_FOLDER, name), text);
  }
  return root;
}

describe("listRecordedSystems", () => {
  it("lists journals and imports, and nothing that lies beside them", () => {
    const root = rootWith({
      "b.jsonl": "",
      "a.imported.jsonl": "",
      "b.jsonl.torn": "",
      "b.jsonl.batch-0123456789abcdef.jsonl": "",
      "b.jsonl.batches.json": "",
    });
    assert.deepEqual(listRecordedSystems(root), ["a", "b"]);
    assert.deepEqual(listRecordedSystems(temporaryFolder()), []);
  });
});

describe("a grid's journal", () => {
  const cell = (system: string, dialogue: string, reply: string) =>
    record(dialogue, reply, { system });
  const root = () =>
    rootWith({
      "mine.jsonl": record("hit:0_conv:0", "My own."),
      "g.grid.jsonl": [
        cell("g-a-t0", "hit:0_conv:0", "Cold."),
        cell("g-a-t0.7", "hit:0_conv:0", 'Warm, not "system":"x".'),
        cell("g-a-t0", 'a "quoted" one', "Elsewhere."),
        '{"dialogue":"torn","turn":2,"sys',
      ].join(""),
    });

  it("counts as the systems of its cells", async () => {
    const at = root();
    assert.deepEqual(listRecordedSystems(at), ["g-a-t0", "g-a-t0.7", "mine"]);
    const cold = await readRecordedReplies(at, "g-a-t0", KNOWN);
    assert.deepEqual([cold.replies.map(({ text }) => text), cold.elsewhere], [["Cold."], 1]);
    const warm = await readRecordedReplies(at, "g-a-t0.7", KNOWN);
    assert.deepEqual(warm.replies, [
      {
        dialogue: "hit:0_conv:0",
        turn: 2,
        system: "g-a-t0.7",
        sample: 1,
        text: 'Warm, not "system":"x".',
      },
    ]);
    const mine = await readRecordedReplies(at, "mine", KNOWN);
    assert.deepEqual([mine.replies.length, mine.elsewhere], [1, 0]);
  });

  it("is refused where another grid's has a cell of the same name that was asked in another way", async () => {
    const asked = (model: string) =>
      record("hit:0_conv:0", "Oh.", { system: "w-x-y", request: { model } as never });
    const at = rootWith({ "w.grid.jsonl": asked("one"), "w-x.grid.jsonl": asked("other") });
    const refusal = /w-x\.grid\.jsonl and .*w\.grid\.jsonl both hold 'w-x-y', asked in two ways/;
    await assert.rejects(readRecordedReplies(at, "w-x-y", KNOWN), refusal);
    await assert.rejects(formatAsked(at, ["w-x-y"]), refusal);
    await assert.rejects(collectReplies({ root: at, isSampleOnly: true }), refusal);
    const alike = rootWith({ "w.grid.jsonl": asked("one"), "w-x.grid.jsonl": asked("one") });
    await assert.rejects(
      readRecordedReplies(alike, "w-x-y", KNOWN),
      /w-x\.grid\.jsonl, .*w\.grid\.jsonl: 'w-x-y' has two replies/,
    );
  });

  it("is summed up in a table that no spreadsheet runs, whatever a server calls its model", async () => {
    const model = '=HYPERLINK("http://x.invalid")';
    const at = rootWith({ "mine.jsonl": record("hit:0_conv:0", "Oh.", { model }) });
    const path = join(at, ASKED_FILE);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await formatAsked(at, ["mine"]));
    assert.doesNotMatch(readFileSync(path, "utf8"), /(^|,)"?=/m);
    assert.equal(readAsked({ root: at })[0]?.answered, model);
  });

  it("is summed up cell by cell", async () => {
    const at = root();
    const path = join(at, ASKED_FILE);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await formatAsked(at, ["g-a-t0", "g-a-t0.7"]));
    assert.deepEqual(
      readAsked({ root: at }).map(({ system, replies }) => [system, replies]),
      [
        ["g-a-t0", 2],
        ["g-a-t0.7", 1],
      ],
    );
  });
});

describe("readRecordedReplies", () => {
  it("joins a journal and an import, and counts replies to other dialogues", async () => {
    const root = rootWith({
      "mine.jsonl": record("hit:3_conv:7", "That is hard.") + record("sample:1", "Elsewhere."),
      "mine.imported.jsonl": imported("hit:0_conv:0", "I am sorry."),
    });
    const { replies, elsewhere, toRequest } = await readRecordedReplies(root, "mine", KNOWN);
    assert.deepEqual(
      replies.map(({ dialogue, text }) => [dialogue, text]),
      [
        ["hit:0_conv:0", "I am sorry."],
        ["hit:3_conv:7", "That is hard."],
      ],
    );
    assert.equal(elsewhere, 1);
    assert.deepEqual(toRequest(replies[0] as never).context, ["My bike was stolen."]);
  });

  it("refuses two replies to one stimulus, an edited line, and a system without any", async () => {
    const twice = rootWith({
      "mine.jsonl":
        record("hit:0_conv:0", "One.") + record("hit:0_conv:0", "Two.", { key: "1".repeat(64) }),
    });
    await assert.rejects(
      readRecordedReplies(twice, "mine", KNOWN),
      /mine\.jsonl: 'mine' has two replies to hit:0_conv:0, turn 2, sample 1/,
    );
    const edited = imported("hit:0_conv:0", "One.").replace("One.", "Other.");
    await assert.rejects(
      readRecordedReplies(rootWith({ "mine.imported.jsonl": edited }), "mine", KNOWN),
      /mine\.imported\.jsonl:1: the line is not as it was imported/,
    );
    await assert.rejects(readRecordedReplies(twice, "yours", KNOWN), /no import of 'yours' either/);
  });
});

describe("keepLocalScores", () => {
  itNeeds(
    mirror,
    "writes all heads' tables of every recorded system",
    async () => {
      const root = rootWith({
        "mine.jsonl": record("hit:0_conv:0", "I am so sorry to hear that."),
      });
      const places = { mirror: mirror.folder, cache: temporaryFolder() };
      const texts = () => readStudyTexts("ed-rebuilt", places);
      const run = { ledger: new Ledger(root, false), texts, signal: undefined, note: () => {} };
      assert.equal((await keepLocalScores(run)).length, 3);
      for (const head of ["readings", "roberta", "epitome"]) {
        const path = join(
          root,
          "studies",
          "local",
          "data",
          "scores",
          `embedded-${head}`,
          "mine.csv",
        );
        const [row] = readSystemScores(path);
        assert.equal(row?.checksum, checksumOf("I am so sorry to hear that.").slice(0, 16));
        assert.equal(row?.words, 7);
        assert.equal(row?.scores?.er.level, 2);
        assert.doesNotMatch(readFileSync(path, "utf8"), /sorry/);
      }
      rmSync(join(root, REPLIES_FOLDER, "mine.jsonl"));
      assert.deepEqual(await keepLocalScores(run), []);
      assert.deepEqual(listLocalSystems(root), []);
    },
    60_000,
  );
});
