import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { temporaryFolder } from "test-support/temporary";
import { alike, typedTable } from "../../src/typed-table";

interface Share {
  readonly system: string;
  readonly metric: "er" | "ip";
  readonly replies: number;
  readonly share: number | null;
}

const TABLE = typedTable<Share>(
  { ...alike(["system", "metric"], "text"), replies: "number", share: "number?" },
  3,
);

describe("typedTable", () => {
  it("reads back what it wrote: texts that look like numbers, and numbers that are missing", () => {
    const rows: Share[] = [
      { system: "007", metric: "er", replies: 120, share: 0.125 },
      { system: "a, b", metric: "ip", replies: 0, share: null },
    ];
    const path = join(temporaryFolder(), "shares.csv");
    writeFileSync(path, TABLE.format(rows));
    assert.deepEqual(TABLE.read(path), rows);
  });

  it("writes its columns in order, numbers rounded, and nothing else of a row", () => {
    const row = { share: 2 / 3, replies: 9, metric: "er" as const, system: "a", note: "aside" };
    assert.equal(TABLE.format([row]), "system,metric,replies,share\na,er,9,0.667\n");
    assert.equal(TABLE.format([]), `${TABLE.columns.join()}\n`);
  });

  it("names the line of a cell that is not a number, or is empty where there must be one", () => {
    const path = join(temporaryFolder(), "broken.csv");
    for (const [cell, found] of [
      ["twelve", "is 'twelve'"],
      ["", "is empty"],
      [" ", "is ' '"],
      ["NaN", "is 'NaN'"],
    ]) {
      writeFileSync(path, `system,metric,replies,share\na,er,9,\nb,er,${cell},0.5\n`);
      assert.throws(
        () => TABLE.read(path),
        new UserError(
          `${path}:3: 'replies' ${found}, not a number; restore it with \`git checkout\``,
        ),
      );
    }
  });

  it("refuses a table with another header, and to write NaN", () => {
    const path = join(temporaryFolder(), "other.csv");
    writeFileSync(path, "system,share\na,1\n");
    assert.throws(() => TABLE.read(path), UserError);
    assert.throws(
      () => TABLE.format([{ system: "a", metric: "er", replies: 1, share: Number.NaN }]),
      RangeError,
    );
  });
});
