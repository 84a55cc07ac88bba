import assert from "node:assert/strict";
import { createGenerator } from "kit";
import { itNeeds, mirror } from "test-support/needs";
import type { Dialogue } from "../../src/corpus/dialogue";
import { readAllDialogues } from "../../src/corpus/read-dialogues";
import { JoinIndex } from "../../src/systems/join-index";
import { type Joined, joinReplies } from "../../src/systems/join-replies";
import type { PublishedRecord } from "../../src/systems/published-record";
import { type MadeRecord, readSample, recordsOf, tokenise } from "../published-files";

describe("joinReplies", () => {
  it("joins back every tokenised, shuffled record of the sample", async () => {
    const dialogues = await readSample();
    assert.deepEqual(await joinBack(dialogues), { records: recordsOf(dialogues).length, left: [] });
  });

  itNeeds(mirror, "joins back every tokenised, shuffled record of the ED test part", async () => {
    const path = `${mirror.folder}/empatheticdialogues/empatheticdialogues-rebuilt.tar.gz`;
    const dialogues = await readAllDialogues(path, { splits: ["test"] });
    const { records, left } = await joinBack(dialogues);
    assert.equal(records, 5257);
    // Dialogues that say the same, about the same emotion, up to the same human reply.
    assert.deepEqual(left, []);
  });

  it("says of a record that does not fit why it does not", async () => {
    const dialogues = await readSample();
    const [record] = recordsOf(dialogues).map(toRecord) as [PublishedRecord];
    const { dialogue, turn, ...byText } = { ...record, dialogue: "sample:1", turn: 2 };
    const byId = { line: 1, dialogue, turn, replies: byText.replies };
    const { utterances } = dialogues.find(({ id }) => id === dialogue) as Dialogue;
    const lastTurn = utterances.length;
    assert.equal(lastTurn % 2, 0);
    const cases: [Partial<PublishedRecord> & { line: number }, string][] = [
      [{ ...byText, context: ["never said"] }, "no such context"],
      [{ ...byText, emotion: "proud" }, "another emotion"],
      [{ ...byText, reference: "never answered" }, "another reference reply"],
      [
        { ...byText, context: [...(byText.context ?? []), byText.reference as string] },
        "a turn of the speaker",
      ],
      [{ ...byText, replies: [{ column: "", text: "" }] }, "no reply"],
      [{ ...byId, dialogue: "sample:999" }, "no such dialogue"],
      [{ ...byId, turn: 40 }, "no such turn"],
      [{ ...byId, turn: lastTurn + 2 }, "no such turn"],
      [{ ...byId, turn: 0 }, "no such turn"],
      [{ ...byId, turn: 3 }, "a turn of the speaker"],
      [{ ...byId, emotion: "proud" }, "another emotion"],
      [{ ...byId, lastUtterance: "never said" }, "another context"],
      [{ ...byId, situation: "never described" }, "another context"],
      [{ ...byId, reference: "never answered" }, "another reference reply"],
    ];
    for (const [broken, reason] of cases) {
      const [entry] = await join([broken as PublishedRecord], dialogues);
      assert.deepEqual(entry, { line: broken.line, reason });
    }
  });

  it("leaves out what two conversations answer alike", async () => {
    const [first] = (await readSample()) as [Dialogue];
    const twin = { ...first, id: "sample:twin" };
    const [record] = recordsOf([first]).map(toRecord) as [PublishedRecord];
    const [entry] = await join([record], [first, twin]);
    assert.deepEqual(entry, { line: record.line, reason: "several contexts" });
  });

  it("leaves out a second answer to a stimulus, or counts it as a sample", async () => {
    const dialogues = await readSample();
    const [record] = recordsOf(dialogues).map(toRecord) as [PublishedRecord];
    const [, second] = await join([record, { ...record, line: 9 }], dialogues);
    assert.deepEqual(second, { line: 9, reason: "answered before" });
    const copied = await join([record, { ...record, line: 9 }], dialogues, true);
    assert.deepEqual(copied[1], { line: 9, reason: "the same row again" });
    const other = { ...record, line: 9, replies: [{ column: "", text: "Other words." }] };
    const sampled = await join(
      [{ ...record, replies: [{ column: "", text: "Words." }] }, other],
      dialogues,
      true,
    );
    assert.deepEqual(
      sampled.map((entry) => entry.replies?.[0]?.sample),
      [1, 2],
    );
  });

  it("explains an emotion that is another's by two conversations run together", async () => {
    const dialogues = await readSample();
    const [first, second] = dialogues.filter(
      ({ emotion, utterances }, at) =>
        utterances.length >= 4 && emotion !== dialogues[at + 1]?.emotion,
    ) as [Dialogue, Dialogue];
    const said = (dialogue: Dialogue, count: number) =>
      dialogue.utterances.slice(0, count).map(({ text }) => text);
    const replies = [{ column: "", text: "I see." }];
    const early = {
      line: 1,
      emotion: second.emotion,
      context: said(first, 1),
      reference: first.utterances[1]?.text as string,
      replies,
    };
    const glued = { ...early, line: 2, context: [...said(first, 4), ...said(second, 1)] };
    assert.deepEqual(await join([early], dialogues), [{ line: 1, reason: "another emotion" }]);
    const [left, joined] = await join([early, glued], dialogues);
    assert.deepEqual(left, { line: 2, reason: "two conversations run together" });
    assert.equal(joined?.replies?.[0]?.dialogue, first.id);
  });
});

async function join(
  records: readonly PublishedRecord[],
  dialogues: readonly Dialogue[],
  samples = false,
): Promise<Joined[]> {
  const entries: Joined[] = [];
  const options = { systemOf: () => "made", samples };
  for await (const entry of joinReplies(asAsync(records), new JoinIndex(dialogues), options)) {
    entries.push(entry);
  }
  return entries;
}

async function* asAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Tokenises and shuffles every record, joins it, and says which did not come back where it was. */
async function joinBack(dialogues: readonly Dialogue[]) {
  const made = shuffle(recordsOf(dialogues));
  const entries = await join(made.map(toRecord), dialogues);
  const left: string[] = [];
  for (const [at, entry] of entries.entries()) {
    const { dialogue, turn } = made[at] as MadeRecord;
    const [reply] = entry.replies ?? [];
    if (reply?.dialogue === dialogue && reply.turn === turn) continue;
    left.push(
      `${dialogue} ${turn}: ${entry.replies ? `${reply?.dialogue} ${reply?.turn}` : entry.reason}`,
    );
  }
  return { records: made.length, left };
}

function toRecord(made: MadeRecord, at: number): PublishedRecord {
  return {
    line: at + 1,
    emotion: made.emotion,
    context: made.context.map(tokenise),
    reference: tokenise(made.reference),
    replies: [{ column: "", text: made.reply }],
  };
}

function shuffle<T>(items: readonly T[]): T[] {
  const random = createGenerator(2310);
  return items
    .map((item) => ({ item, order: random.uniform() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}
