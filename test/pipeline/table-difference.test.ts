import assert from "node:assert/strict";
import { describeTable } from "../../apps/pipeline/table-difference";

const TABLE = "set,claim,these,note\nmain,er,0.2,\nmain,ip,0.3,few\n";

describe("describeTable", () => {
  it("names the row by its first cells, the columns, and both values", () => {
    const rerun = TABLE.replace("0.3,few", '0.4,"few, and old"');
    assert.deepEqual(describeTable(TABLE, rerun), {
      where: "row 2 (main | ip): these, note",
      stored: "0.3 | few",
      rerun: "0.4 | few, and old",
    });
  });

  it("says where a row or a column is lacking", () => {
    const shorter = TABLE.split("main,ip")[0] as string;
    assert.deepEqual(describeTable(TABLE, shorter), {
      where: "row 2: set, claim, these, note",
      stored: "main | ip | 0.3 | few",
      rerun: "no such row",
    });
    assert.equal(describeTable("a\n1\n", "a,b\n1,2\n")?.where, "row 0 (a): b");
  });

  it("leaves tables that are the same, or broken, to others", () => {
    assert.equal(describeTable(TABLE, TABLE.replace("few", '"few"')), undefined);
    assert.equal(describeTable(TABLE, 'a\n"'), undefined);
  });
});
