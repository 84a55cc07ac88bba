import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { labelsOf, readCsvTable } from "kit/tables";
import { fitMixed } from "mixed-models";
import { temporaryFolder } from "test-support/temporary";

function write(content: string | Buffer): string {
  const path = join(temporaryFolder(), "data.csv");
  writeFileSync(path, content);
  return path;
}

describe("readCsvTable", () => {
  it("takes cells of white space for missing, like empty ones", async () => {
    const path = write("y,g\n1,a\n ,b\n\u00a0\t,  \n NA ,c\n 2 ,d\n");
    assert.deepEqual(await readCsvTable(path), {
      y: [1, null, null, null, 2],
      g: ["a", "b", null, "c", "d"],
    });
  });

  it("reads a table that begins with a byte order mark", async () => {
    assert.deepEqual(await readCsvTable(write("\ufeffy\n1\n")), { y: [1] });
  });

  it("reads two hundred thousand columns in seconds", async () => {
    const names = Array.from({ length: 200_000 }, (_, at) => `c${at}`).join(",");
    const table = await readCsvTable(write(`${names}\n${"1,".repeat(199_999)}1\n`));
    assert.deepEqual(table.c199999, [1]);
  });

  it("takes columns of one name for one where they agree, and refuses to choose where they differ", async () => {
    const table = await readCsvTable(write("y,g,y,n,n\n1,a,1,5,5\n2,b,2,6,7\n"));
    assert.deepEqual(Object.keys(table), ["y", "g"]);
    assert.deepEqual(table.y, [1, 2]);
    const message = /data\.csv: has several columns named 'n' that differ; rename them/;
    assert.throws(() => table.n, message);
    assert.throws(() => fitMixed("n ~ y", table), message);
  });

  for (const [how, cells, values, said] of [
    [
      "words for missing",
      "1,NaN,n/a,null,N/A,2",
      [1, null, null, null, null, 2],
      /'NaN' \(1\), 'n\/a' \(1\).* missing/,
    ],
    [
      "None and a full stop among numbers",
      "1,None,.,2",
      [1, null, null, 2],
      /'None' \(1\), '\.' \(1\) read as missing/,
    ],
    ["decimal commas", '"1,5",2,"0,25"', [1.5, 2, 0.25], /decimal commas; '1,5' is read as 1\.5/],
    [
      "thousands separators",
      '"50,700",120,"1,234,567"',
      [50700, 120, 1234567],
      /'50,700' is read as 50700/,
    ],
    ["points between thousands", '"1.234,5","2,5"', [1234.5, 2.5], /'1\.234,5' is read as 1234\.5/],
    ["spaces between thousands", "50 700,120", [50700, 120], /'50 700' is read as 50700/],
    ["a Unicode minus", "\u22121.5,2", [-1.5, 2], undefined],
    ["a Unicode minus in the exponent, too", "\u22121.5e\u221202,2", [-0.015, 2], undefined],
    [
      "dates, versions and codes, which are words",
      "01.03.2024,1.2.0,A1",
      ["01.03.2024", "1.2.0", "A1"],
      undefined,
    ],
    ["exponents and infinity", "1e3,Inf,-inf", [1000, Infinity, -Infinity], undefined],
    [
      "None among words, a level like others",
      "None,mild,severe",
      ["None", "mild", "severe"],
      undefined,
    ],
    ["hexadecimal digits, which are words", "0x10,0x11", ["0x10", "0x11"], undefined],
  ] as const) {
    it(`reads ${how}`, async () => {
      const notes: string[] = [];
      const lines = cells.match(/"[^"]*"|[^,]+/g) as string[];
      const table = await readCsvTable(
        write(`x,g\n${lines.map((cell) => `${cell},a`).join("\n")}\n`),
        {
          onNote: (note) => notes.push(note),
        },
      );
      assert.deepEqual(notes, []);
      assert.deepEqual(table.x, values);
      assert.deepEqual(table.x, values);
      assert.equal(notes.length, said ? 1 : 0);
      if (said) assert.match(notes.join(), said);
    });
  }

  it("takes a comma for a decimal point where cells are parted by semicolons, and will not guess where by tabs", async () => {
    const onNote = () => {};
    assert.deepEqual(
      (await readCsvTable(write("x;y\n1,234;1\n2,345;2\n"), { onNote })).x,
      [1.234, 2.345],
    );
    const table = await readCsvTable(write("x\ty\n1,234\t1\n2,345\t2\n"), { onNote });
    assert.throws(
      () => table.x,
      /'1,234' in column 'x' may be 1\.234 or 1234; write the column without commas/,
    );
    const mixed = await readCsvTable(write('x,y\n"1,287",1\n560,2\n1800,3\n'), { onNote });
    assert.throws(() => mixed.x, /'1,287' in column 'x' may be 1\.287 or 1287/);
    const points = await readCsvTable(write("x;y\n987;0,5\n1.234;1,5\n"), { onNote });
    assert.throws(
      () => points.x,
      /'1\.234' in column 'x' may be 1\.234 or 1234; write the column without points/,
    );
    assert.deepEqual((await readCsvTable(write("x;y\n0.987;1\n1.234;2\n"))).x, [0.987, 1.234]);
  });

  for (const [what, cells, message] of [
    [
      "a word",
      "1,2,abc,3",
      /data\.csv:4: row 3 of column 'x' is 'abc', where 3 of 4 cells are numbers; .*factor\(x\)/,
    ],
    ["a number with a unit", "1,2,3%", /row 3 of column 'x' is '3%'/],
    [
      "numbers that all have one",
      "10%,20%",
      /row 1 of column 'x' is '10%', a number with a unit as the others are/,
    ],
    [
      "a word that is no number, not one for missing",
      "1,.,2,abc,3",
      /row 4 of column 'x' is 'abc'/,
    ],
    [
      "one word again and again",
      "1,2,missing,missing,missing",
      /row 3 of column 'x' is 'missing', where 2 of 5/,
    ],
    ["one decimal comma", '1.5,"2,5",3.5', /row 2 of column 'x' is '2,5'/],
  ] as const) {
    it(`refuses ${what} among numbers when the column is asked for, and not before`, async () => {
      const lines = cells.match(/"[^"]*"|[^,]+/g) as string[];
      const table = await readCsvTable(
        write(`x,y\n${lines.map((cell) => `${cell},1`).join("\n")}\n`),
      );
      assert.ok((table.y as number[]).every((value) => value === 1));
      assert.throws(() => table.x, message);
      assert.equal(labelsOf(table, "x").length, lines.length);
    });
  }

  it("gives labels as they are written, and says where two are equal as numbers", async () => {
    const notes: string[] = [];
    const table = await readCsvTable(
      write("id,t\n007,b\n7,b \n1294030472427835393,a\n1294030472427835449,a\n"),
      {
        onNote: (note) => notes.push(note),
      },
    );
    assert.deepEqual(labelsOf(table, "id"), [
      "007",
      "7",
      "1294030472427835393",
      "1294030472427835449",
    ]);
    assert.deepEqual(table.t, ["b", "b", "a", "a"]);
    assert.match(
      notes.join("\n"),
      /'007' and '7' in column 'id' are two labels.*\n.*'b ' and 'b' in column 't' read as one/,
    );
  });

  it("says nothing of labels that are no numbers, such as dates", async () => {
    const notes: string[] = [];
    const table = await readCsvTable(write("d\n2024-01-05\n2024-01-06\n-\n+\n"), {
      onNote: (note) => notes.push(note),
    });
    assert.equal(labelsOf(table, "d").length, 4);
    assert.deepEqual(notes, []);
  });

  it("refuses one odd cell among two hundred thousand different numbers at once", async () => {
    const cells = Array.from({ length: 200_000 }, (_, at) => at / 7);
    const table = await readCsvTable(write(`x\n${cells.join("\n")}\nabc\n`));
    assert.throws(() => table.x, /row 200001 of column 'x' is 'abc'/);
  }).timeout(20_000);

  it("passes over a survey's rows of questions and identifiers, with a word", async () => {
    const notes: string[] = [];
    const path = write(
      'ResponseId,Q1\n"Response ID","How, from 1 to 5?"\n"{""ImportId"":""_id""}","{""ImportId"":""QID1""}"\nR_a,4\n',
    );
    const table = await readCsvTable(path, { onNote: (note) => notes.push(note) });
    assert.deepEqual(table, { ResponseId: ["R_a"], Q1: [4] });
    assert.match(notes.join(), /data\.csv: lines 2 to 3 hold a survey's questions and identifiers/);
  });

  it("knows a survey's identifiers where a column was added to the export", async () => {
    const identifiers = '"{""ImportId"":""_id""}","{""ImportId"":""QID1""}"';
    const survey = `ResponseId,Q1,rater\nResponse,How?,\n${identifiers},\nR_a,4,ana\n`;
    const table = await readCsvTable(write(survey), { onNote: () => {} });
    assert.deepEqual(table, { ResponseId: ["R_a"], Q1: [4], rater: ["ana"] });
    const json = 'a,b\nx,y\n1,"{""ImportId"":""QID1""}"\n';
    assert.deepEqual((await readCsvTable(write(json))).a, ["x", "1"]);
  });

  it("understands a first line that names the separator", async () => {
    const path = write("sep=;\ny;g,h\n1;a\nx;b\ny;c\n");
    assert.deepEqual((await readCsvTable(path))["g,h"], ["a", "b", "c"]);
    assert.deepEqual((await readCsvTable(write('"sep=;"\r\ny,z;g\n1;a\n')))["y,z"], [1]);
    assert.deepEqual((await readCsvTable(write("sep=;\ny,z;g\n1;a\n")))["y,z"], [1]);
    await assert.rejects(readCsvTable(write("sep=;\ny;g\n1;a\n2\n")), /data\.csv:4: has 1 cell/);
  });

  for (const [what, content, pattern] of [
    ["a header and nothing else", "y,g\n", /data\.csv: holds no rows/],
    ["old Mac line ends", "y,g\r1,a\r2,b\r", /data\.csv: its lines end in carriage returns alone/],
    [
      "text of another encoding",
      Buffer.from("y,g\n1,a\n2,caf\xe9\n3,caf\xe8\n", "latin1"),
      /data\.csv:3: is not UTF-8 text; convert the file/,
    ],
    ["a stray quote", 'y,g\n1,a"b\n', /data\.csv:2: cannot be read .*mend the row/],
  ] as const) {
    it(`answers ${what} with one line`, async () => {
      await assert.rejects(readCsvTable(write(content)), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(error.message, pattern);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    });
  }
});
