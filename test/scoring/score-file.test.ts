import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadScorer, type ScoreRequest, type Scorer } from "empathy-scorer";
import { openTable } from "kit/tables";
import { temporaryFolder } from "test-support/temporary";
import { scoreFile } from "../../src/scoring/score-file";
import { readScoreRequests, SCORE_COLUMNS } from "../../src/scoring/score-table";

const COLUMNS = { context: "context", reply: "reply" };
const scorer = loadScorer("roberta");

// Scores `content` as a file of that name; returns the output's text and folder.
async function scored(name: string, content: string | Buffer, columns: object = {}) {
  const folder = temporaryFolder();
  const [input, output] = [join(folder, name), join(folder, `out-${name}`)];
  writeFileSync(input, content);
  const rows = await scoreFile(scorer, { input, output, columns: { ...COLUMNS, ...columns } });
  return { rows, text: readFileSync(output, "utf8"), folder };
}

describe("readScoreRequests", () => {
  it("takes a reply in quotes as it is", async () => {
    const reply = "'@home' is how I feel";
    for (const [name, content] of [
      ["replies.csv", `context,reply\nHi.,${reply}\n`],
      ["replies.jsonl", JSON.stringify({ context: "Hi.", reply })],
    ] as const) {
      const path = join(temporaryFolder(), name);
      writeFileSync(path, content);
      const table = await openTable(path, name.endsWith("csv") ? "csv" : "jsonl");
      for await (const request of readScoreRequests(path, table, COLUMNS)) {
        assert.equal(request.reply, reply);
      }
    }
  });
});

describe("scoreFile", () => {
  it("gives a CSV's columns back, followed by the scores, in order", async () => {
    const { rows, text } = await scored(
      "replies.csv",
      '\ufeffreply,id,context\r\n"I\'m sorry, truly.\nReally ""sorry"".",7,My cat died.\r\nWhere is it?,8,"[""A"",""B""]"\r\n',
    );
    const lines = text.split("\n");
    assert.equal(rows, 2);
    assert.equal(lines[0], `reply,id,context,${SCORE_COLUMNS.join(",")}`);
    assert.equal(lines[1], "\"I'm sorry, truly.");
    assert.match(
      lines[2] as string,
      /^Really ""sorry"".",7,My cat died\.,[12],[02],0,(0\.\d{6},|1\.000000,){9}$/,
    );
    assert.match(lines[3] as string, /^Where is it\?,8,"\[""A"",""B""\]",0,0,2,/);
    assert.deepEqual(lines.slice(4), [""]);
  });

  it("keeps a TSV a TSV", async () => {
    const { text } = await scored("replies.tsv", 'context\treply\nHe said "no"\tOh no, why?\n');
    assert.match(text.split("\n")[1] as string, /^"He said ""no"""\t"Oh no, why\?"\t\d\t\d\t2\t/);
  });

  it("keeps semicolons, and finds context and reply by their usual names", async () => {
    const { text } = await scored("replies.csv", "History;Response\nMy cat died.;Oh no, why?\n");
    const [header, row] = text.split("\n");
    assert.equal(header, ["History", "Response", ...SCORE_COLUMNS].join(";"));
    assert.match(row as string, /^My cat died\.;"Oh no, why\?";\d;\d;2;/);
  });

  it("adds keys to JSONL objects and keeps their own", async () => {
    const { text } = await scored(
      "replies.jsonl",
      `${JSON.stringify({ id: [1], context: ["A", "B"], reply: "Why\u2028not?" })}\n\n${JSON.stringify({ context: "", reply: "" })}`,
    );
    const [first, second] = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(Object.keys(first), ["id", "context", "reply", ...SCORE_COLUMNS]);
    assert.deepEqual([first.id, first.ex, first.missing], [[1], 2, null]);
    assert.ok(Math.abs(first.er_p0 + first.er_p1 + first.er_p2 - 1) < 2e-6);
    assert.deepEqual([second.er, second.ip_p1, second.missing], [null, null, "the reply is empty"]);
  });

  it("gives JSONL back as it was, digit by digit", async () => {
    const row = '{"id": 12345678901234567890, "b":1.50, "context":"x","reply":"Why?"';
    const { text } = await scored("replies.jsonl", `${row} }\r\n`);
    assert.ok(text.startsWith(`${row} ,"er":0,`), text);
  });

  it("scores a reply the same alone and among others", async () => {
    const request: ScoreRequest = { context: ["We won!"], reply: "How was it?" };
    const { text } = await scored("one.jsonl", JSON.stringify(request));
    const many = [{ context: "x", reply: "So sorry." }, request, { context: "x", reply: "..." }];
    const all = await scored("many.jsonl", many.map((one) => JSON.stringify(one)).join("\n"));
    assert.equal(all.text.split("\n")[1], text.trim());
  });

  it("takes the first utterance from a column of its own", async () => {
    const header = "context,first,reply";
    const { text } = await scored("a.csv", `${header}\nWe lost.,We played.,Oh no.\n`, {
      opening: "first",
    });
    const direct = scorer.scoreNow({
      context: ["We lost."],
      opening: "We played.",
      reply: "Oh no.",
    });
    assert.ok("er" in direct && text.includes(direct.er.probabilities[0].toFixed(6)));
  });

  const mistakes: [string, string, string | Buffer, RegExp][] = [
    [
      "a row with a cell too few",
      "a.csv",
      "context,reply\nx,y\nz\n",
      /a\.csv:3: has 1 cell where the header has 2/,
    ],
    [
      "a quote that stays open",
      "a.csv",
      'context,reply\nx,y\nz,"w\n',
      /a\.csv:3: (cannot be read|a quote is opened).*/,
    ],
    [
      "a quote in the middle of a cell",
      "a.csv",
      'context,reply\nx,y\nz,w"v\n',
      /a\.csv:3: (cannot be read|a quote is opened).*.*mend the row/,
    ],
    [
      "a column that is not there",
      "a.csv",
      "ctx,reply\nx,y\n",
      /has no column 'context' among ctx, reply; name it with --context-column/,
    ],
    [
      "a column that scoring adds",
      "a.csv",
      "context,reply,er\nx,y,1\n",
      /already has a column 'er'/,
    ],
    [
      "two columns of one name",
      "a.csv",
      "context,reply,reply\nx,y,z\n",
      /two columns named 'reply'/,
    ],
    ["an empty file", "a.csv", "", /is empty/],
    [
      "a line that is not JSON",
      "a.jsonl",
      '{"context":"","reply":"x"}\n{"context":\n',
      /a\.jsonl:2: is not JSON/,
    ],
    ["a line that is no object", "a.jsonl", "[1]\n", /:1: is not a JSON object/],
    [
      "a reply that is no text",
      "a.jsonl",
      '{"context":"","reply":null}\n',
      /:1: 'reply' is not a text/,
    ],
    [
      "a context that is no text",
      "a.jsonl",
      '{"context":5,"reply":"x"}\n',
      /:1: 'context' is neither a text nor a list/,
    ],
    [
      "bytes in a CSV that are not UTF-8",
      "a.csv",
      Buffer.from("context,reply\nx,caf\xe9\n", "latin1"),
      /a\.csv:2: is not UTF-8 text; convert the file/,
    ],
    ["bytes that are not UTF-8", "a.jsonl", Buffer.from([0x7b, 0xff, 0xfe]), /is not UTF-8 text/],
    ["a name that says no format", "a.txt", "x", /does not say its format; add --format/],
  ];
  for (const [what, name, content, pattern] of mistakes) {
    it(`answers ${what} in one line, and leaves no output`, async () => {
      const folder = temporaryFolder();
      const [input, output] = [join(folder, name), join(folder, `out-${name}`)];
      writeFileSync(input, content);
      writeFileSync(output, "older");
      await assert.rejects(
        scoreFile(scorer, { input, output, columns: COLUMNS }),
        (error: Error) => {
          assert.equal(error.name, "UserError");
          assert.match(error.message, pattern);
          assert.doesNotMatch(error.message, /\n/);
          return true;
        },
      );
      assert.equal(readFileSync(output, "utf8"), "older");
      assert.deepEqual(readdirSync(folder).sort(), [name, `out-${name}`].sort());
    });
  }

  it("opens a table of two hundred thousand columns in seconds", async () => {
    const path = join(temporaryFolder(), "wide.csv");
    const names = Array.from({ length: 200_000 }, (_, at) => `c${at}`).join(",");
    writeFileSync(path, `${names}\n${",".repeat(199_999)}\n`);
    const { rows } = await openTable(path, "csv");
    for await (const { values } of rows) assert.equal(Object.keys(values).length, 200_000);
  });

  it("refuses to write onto its input, and says when there is none", async () => {
    const folder = temporaryFolder();
    const input = join(folder, "a.csv");
    const options = { input, output: input, columns: COLUMNS };
    await assert.rejects(scoreFile(scorer, options), /no such file/);
    writeFileSync(input, "context,reply\n");
    await assert.rejects(scoreFile(scorer, options), /is the input too/);
  });

  it("stops when told to, and leaves nothing", async () => {
    const folder = temporaryFolder();
    const [input, output] = [join(folder, "a.csv"), join(folder, "b.csv")];
    writeFileSync(input, `context,reply\n${"x,Oh no\n".repeat(50)}`);
    const controller = new AbortController();
    const slow: Scorer = {
      id: "slow",
      card: scorer.card,
      isExact: true,
      async score(request) {
        controller.abort(new Error("stopped"));
        return scorer.scoreNow(request);
      },
    };
    const signal = controller.signal;
    await assert.rejects(scoreFile(slow, { input, output, columns: COLUMNS, signal }), /stopped/);
    assert.equal(existsSync(output), false);
    assert.deepEqual(readdirSync(folder), ["a.csv"]);
  });
});
