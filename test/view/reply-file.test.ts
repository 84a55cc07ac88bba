import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatRecord } from "ask-models";
import { UserError } from "kit";
import { temporaryFolder } from "test-support/temporary";
import { collectReplies } from "../../apps/view/collect-replies";
import { CollectionBuilder } from "../../apps/view/collection";
import { addReplyFile } from "../../apps/view/reply-file";
import { recordOf, writeTemporary } from "./made-records";

const NOWHERE = { mirror: undefined, cache: join(temporaryFolder(), "cache") };

async function collect(files: readonly string[], root = temporaryFolder()) {
  const notes: string[] = [];
  const note = (text: string) => notes.push(text);
  const builder = await collectReplies({ files, root, places: NOWHERE, note });
  return { ...builder.finish(), notes };
}

describe("collectReplies", () => {
  it("shows the sample corpus where nothing else is at hand", async () => {
    const { systems, stimuli, replies } = await collect([]);
    assert.deepEqual(
      systems.map(({ id }) => id),
      ["human", "lookup", "lookup-last-turn", "lookup-any-word"],
    );
    assert.equal(replies.length, 4 * 152);
    assert.ok(stimuli.every(({ part, emotion }) => part === "sample" && emotion !== ""));
  });

  it("shows what was asked on this machine beside the human listener, once though it is named", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "data", "replies"), { recursive: true });
    const journal = join(root, "data", "replies", "my-model.jsonl");
    writeFileSync(journal, formatRecord(recordOf("sample:1", "That sounds scary.")));
    const { systems, stimuli, replies } = await collect([journal], root);
    assert.deepEqual(
      systems.map(({ id }) => id),
      ["human", "my-model"],
    );
    const reply = replies.find(({ text }) => text === "That sounds scary.");
    assert.equal(stimuli[reply?.stimulus ?? -1]?.dialogue, "sample:1");
    assert.equal(systems[1]?.instruction, "Be kind.");
    assert.match(systems[1]?.way ?? "", /^model toy, prompt kind@1, shown all/);
  });

  it("shows two runs of one system side by side, each under its file's name", async () => {
    const runs = ["one", "two"].map((name) =>
      writeTemporary(
        `${name}.jsonl`,
        formatRecord(recordOf("sample:1", `Reply ${name}.`, `Be ${name}.`)),
      ),
    );
    const { systems, replies } = await collect(runs);
    assert.deepEqual(
      systems.map(({ id }) => id),
      ["human", "one", "two"],
    );
    assert.deepEqual(
      systems.slice(1).map(({ instruction }) => instruction),
      ["Be one.", "Be two."],
    );
    const [stimulus] = replies.filter(({ text }) => text === "Reply one.");
    const ofStimulus = replies.filter((reply) => reply.stimulus === stimulus?.stimulus);
    assert.equal(ofStimulus.length, 3);
  });

  it("shows each cell of a grid as a system, on this machine and where its journal is named", async () => {
    const cells = ["g-toy-t0", "g-toy-t1"].map((system) =>
      formatRecord({ ...recordOf("sample:1", `Reply of ${system}.`), system }),
    );
    const root = temporaryFolder();
    mkdirSync(join(root, "data", "replies"), { recursive: true });
    writeFileSync(join(root, "data", "replies", "g.grid.jsonl"), cells.join(""));
    const named = writeTemporary("g.grid.jsonl", cells.join(""));
    for (const shown of [await collect([], root), await collect([named])]) {
      assert.deepEqual(
        shown.systems.map(({ id }) => id),
        ["human", "g-toy-t0", "g-toy-t1"],
      );
      const texts = shown.replies.map(
        ({ system, text }) => `${shown.systems[system]?.id}: ${text}`,
      );
      for (const id of ["g-toy-t0", "g-toy-t1"]) {
        assert.equal(texts.filter((text) => text === `${id}: Reply of ${id}.`).length, 1);
      }
    }
  });

  it("takes the context of a stimulus that it does not know from the request", async () => {
    const path = writeTemporary("own.jsonl", formatRecord(recordOf("mine:1", "Oh no.")));
    const { stimuli } = await collect([path]);
    const own = stimuli.find(({ dialogue }) => dialogue === "mine:1");
    assert.deepEqual(own?.context, ["I lost my keys."]);
    assert.equal(own?.emotion, "");
  });

  it("tells the instruction from what the speaker said where both stand in one message", async () => {
    const told = "Be kind.";
    const record = recordOf("mine:1", "Oh no.");
    const inside = { role: "user" as const, content: `${told}\n\nI lost my keys.` };
    const request = { ...record.request, instruction: told, messages: [inside] };
    const path = writeTemporary("own.jsonl", formatRecord({ ...record, request }));
    const { stimuli, systems } = await collect([path]);
    const own = stimuli.find(({ dialogue }) => dialogue === "mine:1");
    assert.deepEqual(own?.context, ["I lost my keys."]);
    assert.equal(systems.find(({ id }) => id === "own")?.instruction, told);
  });

  it("notes how many replies hold what is hardly part of them", async () => {
    const path = writeTemporary(
      "own.jsonl",
      formatRecord(recordOf("mine:1", "<think>Hm.</think>Oh no.")),
    );
    const { notes } = await collect([path]);
    assert.deepEqual(notes, [`${path}: 1 reply holds reasoning ('<think>')`]);
  });

  it("shows nothing but the sample where only that is asked for", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "data", "replies"), { recursive: true });
    const records = ["sample:1", "mine:1"].map((one) => formatRecord(recordOf(one, "Oh no.")));
    writeFileSync(join(root, "data", "replies", "my-model.jsonl"), records.join(""));
    const options = { root, places: NOWHERE, isSampleOnly: true };
    const { stimuli, replies } = (await collectReplies(options)).finish();
    assert.equal(replies.length, 153);
    assert.ok(stimuli.every(({ part }) => part === "sample"));
  });

  it("leaves out what ended without a reply", async () => {
    const { reply: _reply, ...rest } = recordOf("sample:1", "");
    const failed = formatRecord({ ...rest, status: "failed", reason: "timed out" });
    const path = writeTemporary("run.jsonl", failed + formatRecord(recordOf("sample:2", "Oh.")));
    const { replies, systems } = await collect([path]);
    assert.equal(replies.filter(({ system }) => systems[system]?.id === "run").length, 1);
  });
});

describe("addReplyFile", () => {
  async function add(path: string) {
    const builder = new CollectionBuilder();
    const context = ["My kite is lost."];
    const place = { dialogue: "kite", turn: 2, part: "made", situation: "" };
    builder.addStimulus({ ...place, context, emotion: "sad", sentiment: "negative" });
    const notes: string[] = [];
    await addReplyFile(builder, path, { note: (text) => notes.push(text) });
    return { ...builder.finish(), notes };
  }

  it("joins a scored table by the utterances before the reply, and keeps its levels", async () => {
    const path = writeTemporary(
      "judge.csv",
      [
        "history,response,system,er,ip,ex,er_p0,er_p1,er_p2,ip_p0,ip_p1,ip_p2,ex_p0,ex_p1,ex_p2,missing",
        "My kite is lost.,Oh no,owl,1,0,2,0.2,0.7,0.1,1,0,0,0,0.4,0.6,",
        "My kite is lost.,…,crow,,,,,,,,,,,,,no letters",
        '"[""A."", ""B."", ""C.""]",Why?,owl,0,0,2,1,0,0,1,0,0,0,0,1,',
      ].join("\n"),
    );
    const { stimuli, systems, replies, given } = await add(path);
    assert.deepEqual(
      stimuli.map(({ dialogue, turn }) => [dialogue, turn]),
      [
        ["kite", 2],
        ["judge:4", 4],
      ],
    );
    assert.deepEqual(
      systems.map(({ id }) => id),
      ["owl", "crow"],
    );
    assert.equal(replies.length, 3);
    assert.deepEqual(
      given.map(({ scorer, scores }) => [scorer, scores.size]),
      [["judge", 2]],
    );
    assert.deepEqual(given[0]?.scores.get(0)?.er, { level: 1, probabilities: [0.2, 0.7, 0.1] });
  });

  it("adds levels to replies that are there already, by their text", async () => {
    const builder = new CollectionBuilder();
    const rows = ["context,reply,system,er,ip,ex", "Hi.,Hello.,owl,0,0,0"].join("\n");
    for (const name of ["one.csv", "two.csv"]) {
      await addReplyFile(builder, writeTemporary(name, rows), { note: assert.fail });
    }
    const { replies, given } = builder.finish();
    assert.equal(replies.length, 1);
    assert.deepEqual(
      given.map(({ scorer }) => scorer),
      ["one", "two"],
    );
  });

  it("says how many replies answer what is not on this machine", async () => {
    const rows = ["dialogue,turn,reply", "kite,2,Oh.", "swing,2,Oh."].join("\n");
    const { notes, replies } = await add(writeTemporary("mine.csv", rows));
    assert.equal(replies.length, 1);
    assert.match(notes.join(), /mine\.csv: 1 replies to dialogues that are not on this machine/);
  });

  const BROKEN: Readonly<Record<string, readonly [name: string, text: string, message: RegExp]>> = {
    "a level that is none": [
      "a.csv",
      "context,reply,er,ip,ex\nHi.,Oh.,3,0,0\n",
      /a\.csv:2: 'er' is '3'/,
    ],
    "a probability that is none": [
      ...([
        "a.csv",
        "context,reply,er,ip,ex,er_p0\nHi.,Oh.,0,0,0,7\n",
        /'er_p0' to '_p2'/,
      ] as const),
    ],
    "a table without replies": [
      "a.csv",
      "context,text\nHi.,Oh.\n",
      /a\.csv:2: has no text in 'reply'/,
    ],
    "a row without a stimulus": ["a.csv", "reply\nOh.\n", /a\.csv:2: names no stimulus/],
    "an empty table": ["a.csv", "context,reply\n", /a\.csv: holds no rows; is it the right file/],
    "a damaged journal": [
      ...([
        "a.jsonl",
        formatRecord(recordOf("kite", "Oh.")).replace("Oh.", "Ah."),
        /a\.jsonl:1: the line/,
      ] as const),
    ],
    "a name without a format": ["replies.txt", "Oh.", /its name does not say its format/],
  };
  for (const [what, [name, text, message]] of Object.entries(BROKEN)) {
    it(`refuses ${what} in one line`, async () => {
      const path = writeTemporary(name, text);
      await assert.rejects(
        add(path),
        (error) =>
          error instanceof UserError &&
          message.test(error.message) &&
          !error.message.includes("\n"),
      );
    });
  }

  it("refuses a file that is not there", async () => {
    for (const name of ["none.jsonl", "none.csv"]) {
      await assert.rejects(add(join(temporaryFolder(), name)), UserError);
    }
  });
});
