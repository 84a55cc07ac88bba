import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { findFormat, listFormats, readPublished } from "../../src/systems/formats";
import { takeByTwos } from "../../src/systems/formats/kemp-order";
import { JoinIndex } from "../../src/systems/join-index";
import { joinReplies } from "../../src/systems/join-replies";
import { REPLY_COLUMNS } from "../../src/tables/reply-columns";
import { type MadeRecord, readSample, recordsOf, WRITERS } from "../published-files";

describe("readPublished", () => {
  it("has a hand-written file for each format", () => {
    assert.deepEqual(
      Object.keys(WRITERS).sort(),
      listFormats()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it("takes away an apostrophe before a formula in the package's own tables, and nowhere else", async () => {
    const quote = "'@home' is how I feel";
    const own = `${REPLY_COLUMNS.join()}\nmine,,,,d1,2,1,,,,"[""Hi.""]",${quote}\n`;
    for (const [name, content, text] of [
      ["csv", own, quote.slice(1)],
      ["csv", `dialogue,turn,reply\nd1,2,${quote}\n`, quote],
      ["jsonl", `${JSON.stringify({ dialogue: "d1", turn: 2, reply: quote })}\n`, quote],
    ] as const) {
      const path = join(temporaryFolder(), `replies.${name}`);
      writeFileSync(path, content);
      for await (const { replies } of readPublished(path, findFormat(name))) {
        assert.equal(replies[0]?.text, text);
      }
    }
  });

  for (const format of listFormats()) {
    it(`reads a hand-written ${format.name} file, and every record joins its own stimulus`, async () => {
      const dialogues = await readSample();
      const made = recordsOf(dialogues);
      const path = writeMade(format.name, made);
      const found: string[] = [];
      const records = readPublished(path, format, `${path}.order`);
      const joined = joinReplies(records, new JoinIndex(dialogues), {
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
      const wanted = made
        .filter(({ turn }) => turn === 2 || format.name !== "welivita-pu")
        .map(({ dialogue, turn }) => `${dialogue} ${turn}`);
      assert.deepEqual([...new Set(found)].sort(), wanted.sort());
    });

    // Any text may be lines.
    if (format.name.startsWith("kemp-lines")) continue;

    it(`recognises a ${format.name} file that is read as another format`, async () => {
      const made = recordsOf((await readSample()).slice(0, 3));
      const path = writeMade(format.name, made);
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
      /replies:1: a csv file should have a column 'turn'/,
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
    [
      "a row too short",
      "csv",
      "dialogue,turn,reply\nsample:1,2\n",
      /replies:2: has 2 cells where the header has 3/,
    ],
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
      "scores and no record",
      "cem",
      "EVAL\tLoss\n1\t2\nx\n",
      /replies:3: a cem file has 'Emotion:' here/,
    ],
    [
      "a record without its second decoding",
      "cem",
      "1\n2\nEmotion: sad\nPred Emotions: sad\nContext:['a']\nBeam:x\nRef:y\n",
      /replies:7: the file ends inside a record, before 'Greedy:'/,
    ],
    [
      "first turns without a human reply",
      "welivita-pu",
      "dialog_id,emotion,speaker_uttr,response_chatgpt\nsample:1,sad,a,b\n",
      /replies:1: a welivita-pu file should have a column 'response_human'/,
    ],
    [
      "first turns without a system",
      "welivita-pu",
      "dialog_id,emotion,speaker_uttr,response_human,response_cat\nsample:1,sad,a,b,c\n",
      /replies:1: has no system's replies; call their column one of response_chatgpt,/,
    ],
    [
      "a list cut off",
      "automating-empathy",
      '[{"id":0,"context":["a"],"target":"b","pred',
      /replies: is no JSON document/,
    ],
    [
      "an object for a list",
      "automating-empathy",
      '{"id":0}',
      /replies: an automating-empathy file is a list of records/,
    ],
    [
      "a context that holds a number",
      "automating-empathy",
      '[{"context":["a"],"target":"b","prediction":"c"},{"context":[1],"target":"b","prediction":"c"}]',
      /replies: record 2: lacks context, target or prediction; fetch/,
    ],
    [
      "a line without a reply",
      "turbo-jsonl",
      '{"dialog_id":"ed_test_sample:1","turn_id":2,"context":"A: x","ground_truth_response":"y"}\n',
      /replies:1: the field 'generated_response' should hold text; fetch/,
    ],
    [
      "a turn in words",
      "turbo-jsonl",
      '{"dialog_id":"d","turn_id":"two","context":"","ground_truth_response":"","generated_response":""}\n',
      /replies:1: the field 'turn_id' should hold a whole number from 1; fetch/,
    ],
    [
      "predictions without KEMP's file",
      "llama-factory",
      '{"label":"a","predict":"b"}\n',
      /replies: has no contexts .*`npx empathy data fetch kemp` downloads it/,
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

  const pair = (label: unknown, predict: unknown = "Emotion:sad\n Response:oh no .") =>
    `${JSON.stringify({ label, predict })}\n`;
  for (const [what, change, message] of [
    [
      "in another order",
      ([first, second, ...rest]: string[]) => [second, first, ...rest],
      /replies:1: the label is not the human reply that KEMP's file has at this place, so nothing/,
    ],
    [
      "with a line twice",
      ([first, ...rest]: string[]) => [first, first, ...rest],
      /replies:2: the label is not/,
    ],
    ["that lacks a line", ([_, ...rest]: string[]) => rest, /replies:1: the label is not/],
    ["longer than KEMP's", (all: string[]) => [...all, all[0]], /replies:\d+: the label is not/],
    ["of another corpus", () => [pair("sorry ?")], /replies:1: the label is not/],
    [
      "without human replies",
      () => [pair(undefined)],
      /replies:1: holds a prediction without the human reply .* nothing of the file is joined; write/,
    ],
    [
      "without predictions",
      () => [pair("x", 1)],
      /replies:1: the field 'predict' should hold text/,
    ],
    [
      "cut off in a line",
      (all: string[]) => [...all.slice(0, 2), '{"label":"[gMASK]sop Emo'],
      /replies:3: is not JSON/,
    ],
  ] as const) {
    it(`refuses predictions ${what} as a whole`, async () => {
      const made = recordsOf((await readSample()).slice(0, 4));
      const path = writeMade("llama-factory", made);
      writeFileSync(path, change(readFileSync(path, "utf8").split(/^/m)).join(""));
      await assert.rejects(
        drain(readPublished(path, findFormat("llama-factory"), `${path}.order`)),
        (error: Error) => {
          assert.equal(error.constructor.name, "UserError");
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  for (const [what, change, lines] of [
    ["lacks one", ([_, ...rest]: string[]) => rest, 7],
    ["has one too many", (all: string[]) => [...all, "x\n"], 9],
  ] as const) {
    it(`refuses lines as a whole where the file ${what}`, async () => {
      const made = recordsOf((await readSample()).slice(0, 4)).slice(0, 8);
      const path = writeMade("kemp-lines", made);
      writeFileSync(path, change(readFileSync(path, "utf8").split(/^/m)).join(""));
      for (const name of ["kemp-lines", "kemp-lines-by-twos"]) {
        await assert.rejects(
          drain(readPublished(path, findFormat(name), `${path}.order`)),
          (error: Error) => {
            assert.equal(error.constructor.name, "UserError");
            assert.match(
              error.message,
              new RegExp(
                `replies: has ${lines} lines for the 8 contexts of KEMP's file, .*; write`,
              ),
            );
            return true;
          },
        );
      }
    });
  }

  it("takes lines without a final line end, and an empty one for no reply", async () => {
    const dialogues = await readSample();
    const made = recordsOf(dialogues).slice(0, 3);
    const path = writeMade("kemp-lines", made);
    writeFileSync(path, "one .\n\nthree .");
    const records = readPublished(path, findFormat("kemp-lines"), `${path}.order`);
    const options = { systemOf: () => "made", samples: false };
    const found = [];
    for await (const entry of joinReplies(records, new JoinIndex(dialogues), options)) {
      found.push(entry.replies ? entry.replies[0]?.text : entry.reason);
    }
    assert.deepEqual(found, ["one .", "no reply", "three ."]);
  });

  it("takes dialogues two at a time, the next one where one of them ends", () => {
    const turns = (dialogue: string, count: number) =>
      Array.from({ length: count }, (_, at) => ({
        name: `${dialogue}${at + 1}`,
        context: Array.from({ length: 2 * at + 1 }, (_, of) => `${dialogue} ${of}`),
      }));
    const records = [turns("a", 2), turns("b", 3), turns("c", 1), turns("d", 2)].flat();
    assert.deepEqual(
      takeByTwos(records).map(({ name }) => name),
      ["a1", "b1", "a2", "b2", "c1", "b3", "d1", "d2"],
    );
    assert.deepEqual(takeByTwos([]), []);
  });

  it("leaves a prediction out that cannot be read, and takes plain ones", async () => {
    const dialogues = await readSample();
    const [first, second] = recordsOf(dialogues);
    const path = writeMade("llama-factory", [first as MadeRecord, second as MadeRecord]);
    const label = `Emotion:${first?.emotion}\n Response:${first?.reference}`;
    writeFileSync(path, pair(label, "motion:sad\n Response:x") + pair(second?.reference, "oh ."));
    const records = readPublished(path, findFormat("llama-factory"), `${path}.order`);
    const options = { systemOf: () => "made", samples: false };
    const found = [];
    for await (const entry of joinReplies(records, new JoinIndex(dialogues), options)) {
      found.push(entry.replies ? entry.replies[0]?.text : entry.reason);
    }
    assert.deepEqual(found, ["no reply", "oh ."]);
  });

  it("answers a missing file, a folder and an unknown format with one line", async () => {
    const folder = temporaryFolder();
    await assert.rejects(
      drain(readPublished(join(folder, "none"), findFormat("kemp"))),
      /no such file/,
    );
    await assert.rejects(drain(readPublished(folder, findFormat("kemp"))), /is not a file/);
    assert.throws(() => findFormat("word"), /unknown format 'word'; the formats are kemp,/);
  });

  for (const format of listFormats()) {
    it(`refuses a line of 100 MB as ${format.name} in bounded memory`, async () => {
      const path = join(temporaryFolder(), "replies");
      writeFileSync(path, Buffer.alloc(100 * 2 ** 20, "a"));
      const before = process.memoryUsage().rss;
      const order = `${writeMade("kemp", [])}.order`;
      await assert.rejects(drain(readPublished(path, format, order)), /: .*; /);
      const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
      assert.ok(grownMb < 60, `${grownMb.toFixed(0)} MB`);
    }).timeout(90_000);
  }
});

/** Writes a file of a format, and one in KEMP's format beside it, whose order it has. */
function writeMade(format: string, made: readonly MadeRecord[]): string {
  const path = join(temporaryFolder(), "replies");
  writeFileSync(path, (WRITERS[format] as (typeof WRITERS)[string])(made));
  writeFileSync(`${path}.order`, (WRITERS.kemp as (typeof WRITERS)[string])(made));
  return path;
}

async function drain(records: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of records);
}
