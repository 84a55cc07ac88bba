// Results in sentences are those of the tables, and marked so that a rerun writes them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { readNotebook } from "run-notebooks";
import { computeFacts, replaceFacts } from "../../apps/pipeline/facts";
import { projectPath } from "../../src/project";

const facts = computeFacts(projectPath());

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(projectPath(folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
}

describe("results in sentences", () => {
  for (const file of ["README.md", ...filesOf("docs", ".md"), ...filesOf("notebooks", ".ipynb")]) {
    it(`of ${file} are those of the tables`, () => {
      const text = readFileSync(projectPath(file), "utf8");
      assert.equal(replaceFacts(text, facts, file), text);
    });
  }

  it("replace what stands before their marker, in words too", () => {
    const text = "Of 1<!--=test.dialogues-->, two<!--=systems.ecs--> (.5<!--=kappa.er-->).";
    assert.equal(
      replaceFacts(text, facts, "a.md"),
      "Of 2,546<!--=test.dialogues-->, nineteen<!--=systems.ecs--> (.69<!--=kappa.er-->).",
    );
  });

  it("are refused under a name that is none, with the nearest", () => {
    assert.throws(
      () => replaceFacts("2<!--=test.dialogue-->", facts, "a.md"),
      /^UserError: a\.md: no result is called 'test\.dialogue'; did you mean 'test\.dialogues'\?/,
    );
  });
});

// Numbers that are no results of a run: what the study counted, sizes of hand-written things, thresholds.
const CONSTANTS = new Set([
  "2,545",
  "64",
  "32",
  "0.05",
  "95",
  "256",
  "40",
  "100",
  "10,000",
  "50",
  "120",
  "30",
]);

describe("answers at the head of a notebook", () => {
  for (const file of filesOf("notebooks", ".ipynb").filter((name) => !/0[89]-/.test(name))) {
    it(`of ${file} give no result without its marker`, () => {
      const answers = readNotebook(projectPath(file))
        .cells.filter(({ cell_type: type }) => type === "markdown")
        .flatMap(({ source }) => source.split("\n"))
        .filter((line) => line.startsWith("**Answer.**"));
      for (const answer of answers) {
        const plain = answer
          .replace(/\[[^\]]*\]\([^)]*\)|`[^`]*`/g, "")
          .replace(/[^\s<>()*|"]+<!--=[\w.-]+-->/g, "")
          .replace(/\b[A-Za-z][\w.]*-[\w.-]*\d[\w.-]*/g, "");
        const numbers = plain.match(/(?<![\w.,-])\.?\d[\d,]*(?:\.\d+)?/g) ?? [];
        const long = numbers.map((one) => one.replace(/[,.]$/, "")).filter((one) => one.length > 1);
        assert.deepEqual(
          long.filter((one) => !CONSTANTS.has(one)),
          [],
          `mark them, as in 2,546<!--=test.dialogues-->: ${answer}`,
        );
      }
    });
  }
});
