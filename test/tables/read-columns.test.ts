import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitMixed } from "../../src/mixed/fit/fit-mixed";
import { readCsvTable } from "../../src/tables/read-columns";
import { temporaryFolder } from "../support/temporary";

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

  for (const [what, content, pattern] of [
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
