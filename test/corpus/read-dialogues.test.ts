import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { UserError } from "kit";
import { pack } from "tar-stream";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { formatCorpusTable, readCorpusTable, toCorpusRows } from "../../src/corpus/corpus-table";
import { EMOTIONS } from "../../src/corpus/emotions";
import {
  type BrokenRow,
  type ReadOptions,
  readAllDialogues,
  readDialogues,
} from "../../src/corpus/read-dialogues";
import { projectPath } from "../../src/project";

const HEADER = "conv_id,utterance_idx,context,prompt,speaker_idx,utterance,selfeval,tags";
const folder = temporaryFolder();

function row(id: string, index: number | string, text: string, changes: Partial<Row> = {}): string {
  const { emotion = "sad", speaker = String(Number(index) % 2), more = "" } = changes;
  return `${id},${index},${emotion},Rain_comma_ all week.,${speaker},${text},,${more}`;
}

interface Row {
  emotion: string;
  speaker: string;
  more: string;
}

const GOOD = [
  row("a", 1, "Hello_comma_ you"),
  row("a", 2, "Hi"),
  row("b", 1, "Oh"),
  row("b", 2, "?"),
];

function csv(lines: readonly string[], name = "test.csv", end = "\n"): string {
  const path = join(folder, name);
  writeFileSync(path, [HEADER, ...lines, ""].join(end));
  return path;
}

async function fails(path: string, pattern: RegExp, options?: ReadOptions): Promise<void> {
  await assert.rejects(readAllDialogues(path, options), (error) => {
    assert.ok(error instanceof UserError, `not a user error: ${error}`);
    assert.match(error.message, pattern);
    assert.ok(!error.message.includes("\n"), "one line");
    return true;
  });
}

describe("readDialogues", () => {
  it("reads conversations with their emotion, situation and unescaped texts", async () => {
    const [first, second] = await readAllDialogues(csv(GOOD));
    assert.equal(first?.id, "a");
    assert.equal(first?.sentiment, "negative");
    assert.equal(first?.situation, "Rain, all week.");
    assert.deepEqual(first?.utterances, [
      { index: 1, role: "speaker", text: "Hello, you" },
      { index: 2, role: "listener", text: "Hi" },
    ]);
    assert.equal(second?.id, "b");
  });

  it("reads rows of nine fields, and their candidates on request only", async () => {
    const path = csv([
      row("a", 1, "Hello"),
      row("a", 2, "Hi", { more: ",one_pipe_1|two_comma_ 2" }),
    ]);
    const [plain] = await readAllDialogues(path);
    assert.equal(plain?.utterances[1]?.candidates, undefined);
    const [full] = await readAllDialogues(path, { candidates: true });
    assert.deepEqual(full?.utterances[1]?.candidates, ["one|1", "two, 2"]);
  });

  it("reads Windows line ends and a file without a last line end", async () => {
    const windows = await readAllDialogues(csv(GOOD, "test.csv", "\r\n"));
    const path = join(folder, "valid.csv");
    writeFileSync(path, [HEADER, ...GOOD].join("\n"));
    const bare = await readAllDialogues(path);
    assert.deepEqual(windows.map(withoutSplit), bare.map(withoutSplit));
    assert.equal(bare[0]?.split, "valid");
  });

  const faults: [string, string[], RegExp][] = [
    [
      "a skipped number",
      [row("a", 1, "x"), row("a", 3, "y")],
      /test\.csv:3: utterance 2 should come here, not '3'/,
    ],
    [
      "a conversation that begins at 2",
      [row("a", 2, "x")],
      /test\.csv:2: utterance 1 should come here/,
    ],
    ["a number that is none", [row("a", "one", "x")], /utterance 1 should come here, not 'one'/],
    ["seven fields", ["a,1,sad,p,0,x,"], /:2: the row has 7 fields where 8 or 9 are due/],
    ["ten fields", [row("a", 1, "x, y, z")], /:2: the row has 10 fields/],
    [
      "an unknown emotion",
      [row("a", 1, "x", { emotion: "hungry" })],
      /'hungry' is not one of the 32/,
    ],
    [
      "an emotion that changes",
      [row("a", 1, "x"), row("a", 2, "y", { emotion: "angry" })],
      /:3: the emotion changes from 'sad' to 'angry'/,
    ],
    [
      "one who speaks twice",
      [row("a", 1, "x"), row("a", 2, "y", { speaker: "1" })],
      /'1' speaks twice/,
    ],
    [
      "a third speaker",
      [row("a", 1, "x"), row("a", 2, "y"), row("a", 3, "z", { speaker: "7" })],
      /:4: speaker '7' is out of turn/,
    ],
    ["an interrupted conversation", [GOOD[0], GOOD[2], GOOD[0]] as string[], /:4: .*began earlier/],
  ];
  for (const [name, lines, pattern] of faults) {
    it(`stops at ${name}, naming file and line`, () => fails(csv(lines), pattern));

    it(`leaves a conversation with ${name} out on request, counts it, and reads the next`, async () => {
      const skipped: BrokenRow[] = [];
      const next = [row("z", 1, "fine"), row("z", 2, "indeed")];
      const read = await readAllDialogues(csv([...lines, ...next]), {
        onBroken: "skip",
        onSkip: (broken) => skipped.push(broken),
      });
      assert.equal(skipped.length, 1);
      assert.match(`${skipped[0]?.file}:${skipped[0]?.line}: ${skipped[0]?.reason}`, pattern);
      assert.equal(read.at(-1)?.id, "z");
      const left = skipped[0]?.dialogue;
      const isInterrupted = name === "an interrupted conversation";
      assert.equal(
        read.some(({ id }) => id === left),
        isInterrupted,
      );
    });
  }

  it("stops at an empty line, naming file and line", () =>
    fails(csv([GOOD[0] as string, "", GOOD[1] as string]), /:3: the line is empty/));

  it("answers an empty file, another format and a missing file with one line each", async () => {
    const empty = join(folder, "train.csv");
    writeFileSync(empty, "");
    await fails(empty, /train\.csv: is empty/);
    writeFileSync(empty, "id;text\n1;x\n");
    await fails(empty, /train\.csv:1: is not an EmpatheticDialogues file/);
    await fails(join(folder, "absent", "test.csv"), /no such file; `npx empathy data fetch`/);
    await fails(csv(GOOD, "other.csv"), /name the file train\.csv/);
  });

  it("answers text that is not UTF-8 and lines without end with one line", async () => {
    const path = join(folder, "test.csv");
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.from([0xff, 0xfe, 0x80])]),
    );
    await fails(path, /is not UTF-8 text/);
    writeFileSync(path, `${HEADER}\n${"x".repeat(3_000_000)}`);
    await fails(path, /a line of over a million characters/);
  });

  it("reads the splits asked for from an archive, and keeps characters that chunks cut in two", async () => {
    const long = "é".repeat(70_000);
    const path = await archive({
      "empatheticdialogues/train.csv": [HEADER, row("t", 1, long), row("t", 2, "b"), ""].join("\n"),
      "empatheticdialogues/test.csv": [HEADER, ...GOOD, ""].join("\n"),
    });
    const all = await readAllDialogues(path);
    assert.deepEqual(
      all.map(({ id, split }) => `${split} ${id}`),
      ["train t", "test a", "test b"],
    );
    assert.equal(all[0]?.utterances[0]?.text, long);
    const test = await readAllDialogues(path, { splits: ["test"] });
    assert.deepEqual(test, all.slice(1));
  });

  it("answers a damaged archive with one line", async () => {
    const whole = await archive({ "x/test.csv": [HEADER, ...GOOD, ""].join("\n") });
    const bytes = readFileSync(whole);
    const path = join(folder, "cut.tar.gz");
    for (const part of [
      bytes.subarray(0, bytes.length - 20),
      Buffer.from("no archive"),
      Buffer.alloc(0),
    ]) {
      writeFileSync(path, part);
      await fails(
        path,
        /cut\.tar\.gz: (cannot be read as a gzipped tar archive|holds no CSV file)/,
      );
    }
  });

  it("keeps the dialogue before an empty line at the end, and counts the line", async () => {
    const skipped: BrokenRow[] = [];
    const options = { onBroken: "skip", onSkip: (row: BrokenRow) => skipped.push(row) } as const;
    const read = await readAllDialogues(csv([...GOOD, ""]), options);
    assert.deepEqual(
      read.map(({ id }) => id),
      ["a", "b"],
    );
    assert.deepEqual(
      skipped.map(({ line, dialogue }) => [line, dialogue]),
      [[6, ""]],
    );
  });

  it("can be left early", async () => {
    const path = await archive({ "x/test.csv": [HEADER, ...GOOD, ""].join("\n") });
    for await (const dialogue of readDialogues(path)) {
      assert.equal(dialogue.id, "a");
      break;
    }
  });
});

describe("the sample corpus", () => {
  it("holds 64 dialogues, two for each emotion, of four to six turns", async () => {
    const sample = await readAllDialogues(projectPath("data", "sample", "sample.csv"));
    assert.equal(sample.length, 64);
    for (const emotion of EMOTIONS) {
      assert.equal(sample.filter((dialogue) => dialogue.emotion === emotion).length, 2, emotion);
    }
    assert.ok(sample.every(({ utterances: { length } }) => length >= 4 && length <= 6));
    assert.ok(sample.every(({ id, split }) => id.startsWith("sample:") && split === "sample"));
    const texts = sample.flatMap(({ utterances }) => utterances.map(({ text }) => text));
    assert.equal(new Set(texts).size, texts.length);
  });
});

describe("the corpus table", () => {
  const committed = projectPath("data", "corpus", "test.csv");

  it("counts 1,040 positive, 1,158 negative and 348 ambiguous test dialogues", () => {
    const rows = readCorpusTable(committed);
    const count = (sentiment: string) => rows.filter((one) => one.sentiment === sentiment).length;
    assert.deepEqual(
      [rows.length, count("positive"), count("negative"), count("ambiguous")],
      [2546, 1040, 1158, 348],
    );
  });

  it("is written and read back the same", () => {
    const rows = readCorpusTable(committed);
    const path = join(folder, "table.csv");
    writeFileSync(path, formatCorpusTable(rows));
    assert.deepEqual(readCorpusTable(path), rows);
  });

  it("does not depend on the order of the dialogues", async () => {
    const sample = await readAllDialogues(projectPath("data", "sample", "sample.csv"));
    const shuffled = [...sample].reverse();
    assert.equal(
      formatCorpusTable(toCorpusRows(shuffled)),
      formatCorpusTable(toCorpusRows(sample)),
    );
  });

  for (const [line, pattern] of [
    ["a,hungry,negative,4", /:2: is not a dialogue with one of the 32 emotions/],
    ["a,sad,positive,4", /:2: the sentiment or the number of turns is wrong/],
    ["a,sad,negative,many", /:2: the sentiment or the number of turns is wrong/],
    ["a,sad,negative,4,5", /:2: is not a dialogue/],
  ] as const) {
    it(`refuses the row ${line}`, () => {
      const path = join(folder, "bad.csv");
      writeFileSync(path, `dialogue,emotion,sentiment,turns\n${line}\n`);
      assert.throws(() => readCorpusTable(path), pattern);
    });
  }

  itNeeds(mirror, "is rebuilt byte for byte from the mirrored archive", async () => {
    const file = "empatheticdialogues/empatheticdialogues-rebuilt.tar.gz";
    const read = await readAllDialogues(join(mirror.folder, file));
    assert.equal(read.length, 24_847);
    assert.equal(
      read.reduce((sum, dialogue) => sum + dialogue.utterances.length, 0),
      107_208,
    );
    const test = read.filter((dialogue) => dialogue.split === "test");
    const text = readFileSync(committed, "utf8");
    assert.equal(formatCorpusTable(toCorpusRows(test)), text);
  });
});

function withoutSplit({ split, ...rest }: { split: string }): unknown {
  return rest;
}

async function archive(files: Record<string, string>): Promise<string> {
  const packed = pack();
  for (const [name, content] of Object.entries(files)) packed.entry({ name }, content);
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed) chunks.push(chunk as Buffer);
  const path = join(folder, "corpus.tar.gz");
  writeFileSync(path, gzipSync(Buffer.concat(chunks)));
  return path;
}
