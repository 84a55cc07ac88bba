import assert from "node:assert/strict";
import type { FitTable } from "mixed-models";
import { tableToLatex } from "mixed-models/report";

const TABLE: FitTable = {
  title: "Shares & leads, 95 % of {all}_#1",
  columns: ["who", "from", "p"],
  rows: [
    ["a~b^c\\d <x|y>", "−0.12", "<.0001"],
    ["[$5] ± 1 … 2–3", "1,646", "–"],
  ],
};

/** Cells of each line of a tabular, split at what separates them. */
function cellsOf(latex: string): string[][] {
  return latex
    .split("\n")
    .filter((line) => line.endsWith("\\\\") && !line.startsWith("\\caption"))
    .map((line) => line.replace(/ \\\\$/, "").split(/(?<!\\) & /));
}

describe("tableToLatex", () => {
  const latex = tableToLatex(TABLE, { label: "tab:shares" });

  it("has booktabs' rules, a caption and a label, and closes what it opens", () => {
    assert.match(latex, /^% \\usepackage\{booktabs\}\n/);
    assert.match(
      latex,
      /\\caption\{Shares \\& leads, 95 \\% of \\\{all\\\}\\_\\#1\}\\label\{tab:shares\}/,
    );
    for (const rule of ["\\toprule", "\\midrule", "\\bottomrule"]) {
      assert.equal(latex.split(rule).length, 2);
    }
    const opened = [...latex.matchAll(/\\begin\{(\w+)\}/g)].map(([, name]) => name);
    const closed = [...latex.matchAll(/\\end\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(closed.reverse(), opened);
    const plain = latex.replace(/\\[\\{}]/g, "");
    assert.equal(plain.split("{").length, plain.split("}").length);
  });

  it("has as many cells in each row as columns, numbers to the right", () => {
    assert.match(latex, /\\begin\{tabular\}\{lrr\}/);
    assert.deepEqual(
      cellsOf(latex).map(({ length }) => length),
      [3, 3, 3],
    );
  });

  it("writes every character that LaTeX would take for a command", () => {
    const [, first, second] = cellsOf(latex);
    assert.deepEqual(first, [
      "a\\textasciitilde{}b\\textasciicircum{}c\\textbackslash{}d \\textless{}x\\textbar{}y\\textgreater{}",
      "$-$0.12",
      "\\textless{}.0001",
    ]);
    assert.deepEqual(second, ["{}[\\$5] $\\pm$ 1 \\dots{} 2--3", "1,646", "--"]);
  });

  it("goes on over pages where it is long", () => {
    const rows = Array.from({ length: 46 }, (_, at) => [`row ${at}`, String(at), ""]);
    const long = tableToLatex({ ...TABLE, rows });
    assert.match(long, /^% \\usepackage\{booktabs,longtable\}\n\\begin\{longtable\}\{lrr\}/);
    assert.equal(cellsOf(long).length, 47);
  });
});
