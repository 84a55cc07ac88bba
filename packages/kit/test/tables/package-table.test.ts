import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { UserError } from "kit";
import { formatCsvTable, readCsvFile } from "kit/tables";
import { temporaryFolder } from "test-support/temporary";

const HEADER = ["name", "value"] as const;

function write(text: string): string {
  const path = join(temporaryFolder(), "table.csv");
  writeFileSync(path, text);
  return path;
}

describe("readCsvFile", () => {
  it("reads back what was written, quoted where it must be", () => {
    for (const name of ["plain", "a, b", 'say "a"', "two\nlines", "cr\r", "", "é“ ”"]) {
      const path = write(formatCsvTable(HEADER, [{ name, value: 1.5 }]));
      assert.deepEqual(readCsvFile(path, HEADER), [{ name, value: "1.5" }]);
    }
  });

  const TEXTS = [
    "name,value\na,1\nb,2\n",
    "name,value\na,1",
    "name,value\r\na,1\r\n",
    "name,value\n,\n",
    'name,value\n"a",1\n',
    "name,value\n a , 1 \n",
    "name,value\n",
  ];
  for (const text of TEXTS) {
    it(`reads ${JSON.stringify(text)} as a parser of CSV does`, () => {
      const [, ...rows] = parse(text) as string[][];
      const read = readCsvFile(write(text), HEADER).map(({ name, value }) => [name, value]);
      assert.deepEqual(read, rows);
    });
  }

  for (const [text, fault] of [
    ["name,value\na,1\nb\n", ":3: has more or fewer cells than the header"],
    ['name,value\na,1\nb,"2\n', ": a quote is opened and never closed"],
    ['name,value\na,1\nb,2"2\n', ":3: cannot be read as CSV, in cell 2"],
  ] as const) {
    it(`says of ${JSON.stringify(text)} what is wrong, by the name that it is given`, () => {
      const message = `data/a.csv${fault}; restore it with \`git checkout\``;
      assert.throws(() => readCsvFile(write(text), HEADER, "data/a.csv"), { message });
    });
  }

  for (const text of ["name,value\na\n", "name,value\na,1,2\n", "name,value\n\na,1\n", "", "\n"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => readCsvFile(write(text), HEADER), UserError);
    });
  }

  it("says how to get a damaged table back, by where it lies", () => {
    const clone = join(temporaryFolder(), "studies", "clone");
    mkdirSync(clone, { recursive: true });
    writeFileSync(join(clone, "package.json"), "{}");
    const checkout = "restore it with `git checkout`";
    const rerun = "`npm run reproduce -- --study mine` makes it again, or restore it from a copy";
    for (const [path, remedy] of [
      ["data/results/claims.csv", checkout],
      [join(clone, "data", "results", "claims.csv"), checkout],
      [join(clone, "studies", "mine", "data", "results", "claims.csv"), rerun],
      ["studies/mine/data/scores/a/b.csv", rerun],
    ] as const) {
      assert.throws(() => readCsvFile(write("name\n"), HEADER, path), {
        message: `${path}:1: the header should be name,value; ${remedy}`,
      });
    }
  });
});
