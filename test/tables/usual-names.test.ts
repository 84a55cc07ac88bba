import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findDelimiter, readCsvTable, readRows, renameUsual } from "kit/tables";
import { temporaryFolder } from "test-support/temporary";
import { readStimulusTable } from "../../src/asking/stimulus-table";
import { findFormat, readPublished } from "../../src/systems/formats";

function write(text: string): string {
  const path = join(temporaryFolder(), "table.csv");
  writeFileSync(path, text);
  return path;
}

async function readAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const FIELDS = ["dialogue", "turn", "reply"];

describe("findDelimiter", () => {
  it("takes the most frequent outside quotes in the header, and the comma where none is", () => {
    assert.equal(findDelimiter("a,b,c\n1;2;3;4;5"), ",");
    assert.equal(findDelimiter("a;b;c\n1,2,3,4"), ";");
    assert.equal(findDelimiter("a\tb\n"), "\t");
    assert.equal(findDelimiter('"a,b,c";d\n'), ";");
    assert.equal(findDelimiter("a"), ",");
  });
});

describe("renameUsual", () => {
  it("prefers the package's own name, and leaves other columns alone", () => {
    const own = ["response", "reply", "note", "dialogue"];
    assert.deepEqual(renameUsual("t", own, FIELDS), own);
    assert.deepEqual(renameUsual("t", ["Turn", "note"], FIELDS), ["turn", "note"]);
  });

  it("refuses to choose between two", () => {
    assert.throws(
      () => renameUsual("t:1", ["answer", "response"], FIELDS),
      /^UserError: t:1: 'answer' and 'response' may both be 'reply'; rename the one that is$/,
    );
  });
});

describe("an author's own table", () => {
  const read = (text: string, format = "csv") =>
    readAll(readPublished(write(text), findFormat(format)));

  for (const [what, text] of [
    ["commas", "conv_id,turn,response\nsample:1,2,I see.\n"],
    ["semicolons", '\ufeffDialog ID;Turn;Response\r\n"sample:1";2;I see.\r\n'],
    ["tabs", "dialogue_id\tturn-id\tanswer\nsample:1\t2\tI see.\n"],
  ] as const) {
    it(`is read with ${what} and its authors' names`, async () => {
      const [record] = await read(text);
      assert.deepEqual(
        [record?.dialogue, record?.turn, record?.replies[0]?.text],
        ["sample:1", 2, "I see."],
      );
    });
  }

  it("is read from JSON lines with its authors' names", async () => {
    const line = JSON.stringify({ conv_id: "sample:1", turn: 2, response: "I see." });
    const [record] = await read(line, "jsonl");
    assert.deepEqual([record?.dialogue, record?.replies[0]?.text], ["sample:1", "I see."]);
  });

  it("is refused with the columns that were seen and the names that would do", async () => {
    await assert.rejects(
      read("conv_id;turn;words\nsample:1;2;I see.\n"),
      /table\.csv:1: a csv file should have a column 'reply', but this one has conv_id, turn, words; mend the header or name another --format; 'reply' may be called response, /,
    );
  });

  it("is refused as what it should be, with the article that its name takes", async () => {
    for (const [name, said] of [
      ["f2", /:1: an f2 file should have/],
      ["empo", /:1: an empo file should have/],
      ["mine", /:1: a mine file should have/],
    ] as const) {
      const rows = readRows(write("turn\n2\n"), { name, columns: ["reply"] });
      await assert.rejects(readAll(rows), said);
    }
  });

  it("has turns from 1, of which the first is the speaker's", async () => {
    await assert.rejects(
      read("dialogue,turn,reply\nsample:1,0,x\n"),
      /'turn' should hold a whole number from 1; 1 is the speaker's, 2 the listener's first/,
    );
  });
});

describe("a stimulus table", () => {
  it("is read with semicolons and its authors' names", async () => {
    const [found] = await readAll(readStimulusTable(write("conv_id;history\nx;I won, at last.\n")));
    assert.equal(found?.stimulus.dialogue, "x");
    assert.equal(found?.stimulus.context[0]?.text, "I won, at last.");
  });

  it("is told that turn 1 is the speaker's", async () => {
    await assert.rejects(
      readAll(readStimulusTable(write("dialogue,context,turn\nx,Hi,1\n"))),
      /table\.csv:2: turn 1 is the speaker's; the listener's first is 2, correct it/,
    );
  });
});

describe("a table to fit", () => {
  it("is read with semicolons and with tabs", async () => {
    for (const delimiter of [";", "\t"]) {
      const text = ["y,g", "1,a", "2,b"].join("\n").replaceAll(",", delimiter);
      assert.deepEqual(await readCsvTable(write(`${text}\n`)), { y: [1, 2], g: ["a", "b"] });
    }
  });
});
