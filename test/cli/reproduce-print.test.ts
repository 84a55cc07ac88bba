import assert from "node:assert/strict";
import { formatDifference, formatReport } from "../../apps/cli/reproduce-print";
import type { ReproduceReport } from "../../apps/pipeline/reproduce";

const REPORT: ReproduceReport = {
  from: "scores",
  archive: undefined,
  stages: ["results"],
  notebooks: ["01-corpus.ipynb"],
  current: ["03-baselines.ipynb"],
  figures: ["01-emotions"],
  differences: [],
  changedInputs: [],
  lateOutputs: [],
};
const VERDICTS = [
  { set: "main", claim: "er-above-ecs", verdict: "cannot be told" },
  { set: "study", claim: "er-above-ecs", verdict: "holds" },
] as const;

describe("formatReport", () => {
  it("says first that nothing differs, then the verdicts, and no more", () => {
    assert.equal(
      formatReport(REPORT, "3.0 s", { verdicts: VERDICTS }),
      "No differences: 1 notebook rerun, 1 unchanged, 1 figure, in 3.0 s\n" +
        "  er-above-ecs  cannot be told\n" +
        "(--verbose lists notebooks and figures)\n",
    );
  });

  it("says differences before all else", () => {
    const difference = { file: "a.ipynb", where: "cell 1", stored: "1", rerun: "2" };
    const text = formatReport({ ...REPORT, differences: [difference] }, "3.0 s", { verdicts: [] });
    const lines = text.split("\n");
    assert.match(lines[0] ?? "", /^1 difference, now written to the files below; `git diff`/);
    assert.deepEqual(lines.slice(1, 4), [
      "a.ipynb differs in cell 1",
      "  in the file: 1",
      "  rerun:       2",
    ]);
  });

  it("says what cells printed after they had ended", () => {
    const lateOutputs = [
      { file: "notebooks/a.ipynb", cellNumber: 1, lines: 1 },
      { file: "notebooks/a.ipynb", cellNumber: 3, lines: 2 },
    ];
    const text = formatReport({ ...REPORT, lateOutputs }, "3.0 s", { verdicts: [] });
    assert.deepEqual(text.split("\n").slice(1, 3), [
      "notebooks/a.ipynb: cell 1 printed 1 line after it had ended; it is in no output",
      "notebooks/a.ipynb: cell 3 printed 2 lines after it had ended; they are in no output",
    ]);
  });

  it("lists notebooks and figures when asked for them", () => {
    const text = formatReport(REPORT, "3.0 s", { verbose: true, check: true, verdicts: [] });
    assert.match(text, /Notebooks rerun: +1 \(01-corpus\.ipynb\)\nUnchanged since then: 1 \(03-/);
    assert.match(text, /Figures compared: +1 \(01-emotions\)\nBuilt from: +scores\n$/);
  });
});

describe("formatDifference", () => {
  it("keeps both sides aligned where they hold several lines", () => {
    const text = formatDifference({ file: "a", where: "the text", stored: "1\n2", rerun: "3" });
    assert.equal(
      text,
      "a differs in the text\n  in the file: 1\n               2\n  rerun:       3",
    );
  });
});
