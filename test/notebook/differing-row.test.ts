import assert from "node:assert/strict";
import { aroundRow, findDifference } from "run-notebooks";
import { codeCell, notebookOf } from "run-notebooks/test/notebook-of";
import { formatHtmlTable } from "../../src/notebook/html-table";

const ROWS = [
  { name: "KEMP", mean: 1.25 },
  { name: "<CAB & Co>", mean: 2.5 },
];
const table = (rows: readonly { name: string; mean: number }[], caption = "Means") =>
  formatHtmlTable(rows, { caption, decimals: { mean: 2 } });

describe("aroundRow", () => {
  it("gives the first row that differs, as text, and the columns", () => {
    const changed = [ROWS[0] ?? assert.fail(), { name: "<CAB & Co>", mean: 2.6 }];
    assert.deepEqual(aroundRow(table(ROWS), table(changed)), {
      row: 2,
      columns: ["mean"],
      stored: "<CAB & Co> | 2.50",
      rerun: "<CAB & Co> | 2.60",
    });
  });

  it("says where a row is lacking", () => {
    const found = aroundRow(table(ROWS), table(ROWS.slice(0, 1)));
    assert.deepEqual([found?.row, found?.rerun], [2, "no such row"]);
    assert.equal(aroundRow(table(ROWS.slice(0, 1)), table(ROWS))?.stored, "no such row");
  });

  it("has nothing to say of equal cells and of other HTML", () => {
    assert.equal(aroundRow(table(ROWS), table(ROWS, "Other words")), undefined);
    assert.equal(aroundRow("<b>one</b>", "<b>two</b>"), undefined);
  });
});

describe("findDifference of tables", () => {
  const notebook = (html: string) =>
    notebookOf(
      codeCell("1", [{ output_type: "display_data", data: { "text/html": html }, metadata: {} }]),
    );

  it("shows the row, and no HTML", () => {
    const found = findDifference(notebook(table(ROWS)), notebook(table(ROWS.slice(1))));
    assert.deepEqual(found, {
      cellNumber: 1,
      what: "output 1 (table, row 1: name, mean)",
      stored: "KEMP | 1.25",
      rerun: "<CAB & Co> | 2.50",
    });
  });

  it("shows the text where the tables differ in their captions only", () => {
    const found = findDifference(notebook(table(ROWS)), notebook(table(ROWS, "Other words")));
    assert.equal(found?.what, "output 1 (text/html)");
  });
});
