import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { FORMATS, findFormat, readPublished } from "../../src/systems/formats";
import { JoinIndex } from "../../src/systems/join-index";
import { joinReplies } from "../../src/systems/join-replies";
import { readSample, recordsOf, WRITERS } from "../support/published-files";
import { temporaryFolder } from "../support/temporary";

describe("readPublished", () => {
  it("has a hand-written file for each format", () => {
    assert.deepEqual(Object.keys(WRITERS).sort(), FORMATS.map(({ name }) => name).sort());
  });

  for (const format of FORMATS) {
    it(`reads a hand-written ${format.name} file, and every record joins its own stimulus`, async () => {
      const dialogues = await readSample();
      const made = recordsOf(dialogues);
      const path = join(temporaryFolder(), "replies");
      writeFileSync(path, (WRITERS[format.name] as (typeof WRITERS)[string])(made));
      const found: string[] = [];
      const joined = joinReplies(readPublished(path, format), new JoinIndex(dialogues), {
        systemOf: (column) => `made-${column}`,
        samples: format.samples,
      });
      for await (const entry of joined) {
        assert.ok(entry.replies, `line ${entry.line}: ${entry.replies ? "" : entry.reason}`);
        assert.equal(entry.replies.length, format.name === "affective" ? 3 : format.columns.length);
        for (const { dialogue, turn, text } of entry.replies) {
          assert.match(text, new RegExp(`reply ${turn} to ${dialogue} \\?`));
          assert.equal(text, text.trim());
          found.push(`${dialogue} ${turn}`);
        }
      }
      const wanted = made.map(({ dialogue, turn }) => `${dialogue} ${turn}`);
      assert.deepEqual([...new Set(found)], wanted);
    });

    it(`recognises a ${format.name} file that is read as another format`, async () => {
      const made = recordsOf((await readSample()).slice(0, 3));
      const path = join(temporaryFolder(), "replies");
      writeFileSync(path, (WRITERS[format.name] as (typeof WRITERS)[string])(made));
      const other = findFormat(format.name === "kemp" ? "moel" : "kemp");
      await assert.rejects(
        drain(readPublished(path, other)),
        new RegExp(
          `is a ${format.name} file .*not a ${other.name} file; say --format ${format.name}`,
        ),
      );
    });
  }

  for (const [what, format, content, message] of [
    ["an empty file", "kemp", "", /replies: is empty/],
    ["a binary file", "kemp", Buffer.from([0x1f, 0x8b, 0xff, 0xfe, 0x00]), /is not UTF-8 text/],
    [
      "another encoding",
      "csv",
      Buffer.from("dialogue,turn,reply\nsample:1,2,caf\xe9\n", "latin1"),
      /is not UTF-8/,
    ],
    [
      "a record cut off",
      "kemp",
      "Emotion:sad\nContext:['a']\n",
      /replies:2: the file ends inside a record, before 'Concept:'/,
    ],
    [
      "a line out of place",
      "empdg",
      "emotion:sad\nPred:x\nPred:y\n",
      /replies:3: .*'Context:' here, this one has 'Pred:y'/,
    ],
    [
      "a hostile list",
      "kemp",
      "Emotion:sad\nContext:[__import__('os')]\nConcept:\nPred:x\nRef:y\n",
      /replies:2: the context is no Python list of strings: column 2/,
    ],
    [
      "a missing column",
      "csv",
      "dialogue,reply\nsample:1,x\n",
      /replies:1: a csv file has a column 'turn'/,
    ],
    [
      "a quote without end",
      "csv",
      'dialogue,turn,reply\nsample:1,2,"x\n',
      /replies:2: a quote is opened and never closed/,
    ],
    [
      "a turn that is no number",
      "csv",
      "dialogue,turn,reply\nsample:1,2,x\nsample:1,two,x\n",
      /replies:3: the field 'turn' should hold a whole number/,
    ],
    [
      "two columns of one name",
      "csv",
      "dialogue,turn,reply,reply\nsample:1,2,x,y\n",
      /replies:1: has two columns named 'reply'; rename one/,
    ],
    ["a row too short", "csv", "dialogue,turn,reply\nsample:1,2\n", /replies:2: is broken as CSV/],
    [
      "broken JSON",
      "jsonl",
      '{"dialogue":"sample:1","turn":2,"reply":"x"}\n{"dial',
      /replies:2: is not JSON/,
    ],
    ["a JSON list", "jsonl", "[1]\n", /replies:1: is no JSON object/],
    [
      "a JSON file without a log",
      "parlai",
      '{"a":1}\n',
      /replies:1: a parlai world log has a list 'dialog'/,
    ],
    [
      "a pair without a reply",
      "parlai",
      '{"dialog":[[{"text":"a","eval_labels":["b"]}]]}\n',
      /replies:1: each pair needs/,
    ],
    ["a document that is no JSON", "affective", "{", /replies: is no JSON document/],
    [
      "an entry whose responses are no list",
      "affective",
      '{"responses":[{"responses":{"run":1}}]}',
      /replies: response 1: lacks conv_id/,
    ],
    [
      "an entry whose responses are null",
      "affective",
      '{"responses":[{"responses":[null]}, null]}',
      /replies: response 1: lacks conv_id/,
    ],
    [
      "a document of another kind",
      "affective",
      "{}",
      /replies: an affective file has a list 'responses'/,
    ],
    [
      "an entry without its fields",
      "affective",
      '{"responses":[null]}',
      /replies: response 1: lacks conv_id/,
    ],
    [
      "a template without a chat",
      "empo",
      "~chat_templates~gen_targets~prevs~emotions~gens\n0~x~y~z~sad~w\n",
      /replies:2: the column 'chat_templates' holds no chat/,
    ],
  ] as const) {
    it(`answers ${what} with one line`, async () => {
      const path = join(temporaryFolder(), "replies");
      writeFileSync(path, content);
      await assert.rejects(drain(readPublished(path, findFormat(format))), (error: Error) => {
        assert.equal(error.constructor.name, "UserError");
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    });
  }

  it("answers a missing file, a folder and an unknown format with one line", async () => {
    const folder = temporaryFolder();
    await assert.rejects(
      drain(readPublished(join(folder, "none"), findFormat("kemp"))),
      /no such file/,
    );
    await assert.rejects(drain(readPublished(folder, findFormat("kemp"))), /is not a file/);
    assert.throws(() => findFormat("word"), /unknown format 'word'; the formats are kemp,/);
  });

  for (const format of FORMATS) {
    it(`refuses a line of 100 MB as ${format.name} in bounded memory`, async () => {
      const path = join(temporaryFolder(), "replies");
      writeFileSync(path, Buffer.alloc(100 * 2 ** 20, "a"));
      const before = process.memoryUsage().rss;
      await assert.rejects(drain(readPublished(path, format)), /: .*; /);
      const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
      assert.ok(grownMb < 60, `${grownMb.toFixed(0)} MB`);
    });
  }
});

async function drain(records: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of records);
}
