import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convertAhead, runNotebook } from "run-notebooks";
import { temporaryFolder } from "test-support/temporary";
import { codeCell, notebookOf } from "./notebook-of";

const CELLS = [
  "const one = 1;\nlet two: number = one + 1;",
  "console.log(one + two);",
  'const three: number = "3";',
  "console.log(typeof three);",
  'throw new Error("after " + two);',
  "for await (const four of [4]) console.log(four);\nconst five = await Promise.resolve(5);\nfive",
];

const MAY_FAIL = [2, 3, 4];

function made(cells: readonly string[]) {
  const tagged = { tags: ["raises-exception"] };
  return notebookOf(
    ...cells.map((source, at) =>
      MAY_FAIL.includes(at) ? { ...codeCell(source), metadata: tagged } : codeCell(source),
    ),
  );
}

describe("convertAhead", function () {
  this.timeout(120_000);

  it("changes nothing that a notebook shows, type errors and what fails included", async () => {
    const cwd = temporaryFolder();
    const ahead = convertAhead(
      new Map([
        ["other", made(["const one = 'another notebook';"])],
        ["mine", made(CELLS)],
      ]),
      cwd,
    );
    try {
      const [with_, without] = await Promise.all([
        ahead.envOf("mine").then((env) => runNotebook(made(CELLS), { cwd, env })),
        runNotebook(made(CELLS), { cwd }),
      ]);
      const outputs = ({ cells }: typeof without) => cells.map((cell) => cell.outputs);
      assert.deepEqual(outputs(with_), outputs(without));
      assert.match(JSON.stringify(outputs(without)), /not assignable to type 'number'/);
    } finally {
      ahead.remove();
    }
  });

  it("is what a kernel runs, but for cells that it did not see", async () => {
    const cwd = temporaryFolder();
    const ahead = convertAhead(new Map([["mine", made(CELLS.slice(0, 2))]]), cwd);
    try {
      const env = await ahead.envOf("mine");
      const [path] = Object.values(env) as [string];
      const stored = readFileSync(path, "utf8");
      writeFileSync(path, stored.replace("console.log(", "console.log('from the file', "));
      const changed = [...CELLS.slice(0, 2), "console.log('new', one);"];
      const { cells } = await runNotebook(made(changed), { cwd, env });
      const texts = cells.map(({ outputs = [] }) =>
        outputs.map((output) => ("text" in output ? output.text : "")).join(""),
      );
      assert.deepEqual(texts, ["", "from the file 3\n", "new 1\n"]);
    } finally {
      ahead.remove();
    }
  });

  it("leaves to kernels what depends on files that an earlier cell writes", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "known.ts"), "export const known = 1;\n");
    const cells = [
      'import { writeFileSync } from "node:fs";\nwriteFileSync("made.ts", "export const made = 7;");\nwriteFileSync("known.ts", "export const known = 2;");',
      'import { made } from "./made";\nconsole.log(made);',
      'import { known } from "./known";\nconsole.log(known);',
    ];
    const ahead = convertAhead(new Map([["mine", made(cells)]]), cwd);
    try {
      const env = await ahead.envOf("mine");
      const done = await runNotebook(notebookOf(...cells.map((source) => codeCell(source))), {
        cwd,
        env,
      });
      assert.match(JSON.stringify(done.cells.map(({ outputs }) => outputs)), /7\\n.*2\\n/);
    } finally {
      ahead.remove();
    }
  });

  it("knows a cell that is run again, also as the first one of the next notebook, and a file that several import", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "shared.ts"), "export const shared = 5;\n");
    const again = "const one = 1;\nconsole.log(one);";
    const importing = 'import { shared } from "./shared";\nconsole.log(shared);';
    const notebooks = new Map(
      [
        [again, again, again, "console.log(one + 1);"],
        [again],
        [again],
        [importing],
        [importing],
      ].map((cells, at) => [`${at}`, notebookOf(...cells.map((source) => codeCell(source)))]),
    );
    const ahead = convertAhead(notebooks, cwd);
    try {
      const texts: string[] = [];
      for (const [name, notebook] of notebooks) {
        const { cells } = await runNotebook(notebook, { cwd, env: await ahead.envOf(name) });
        texts.push(
          cells
            .flatMap(({ outputs = [] }) => outputs)
            .map((output) => ("text" in output ? output.text : ""))
            .join(""),
        );
      }
      assert.deepEqual(texts, ["1\n1\n1\n2\n", "1\n", "1\n", "5\n", "5\n"]);
    } finally {
      ahead.remove();
    }
  });

  it("leaves it to kernels where converting fails", async () => {
    const cwd = temporaryFolder();
    const ahead = convertAhead(new Map([["mine", made(CELLS.slice(0, 2))]]), cwd);
    ahead.remove();
    const env = await ahead.envOf("mine");
    const { cells } = await runNotebook(made(CELLS.slice(0, 2)), { cwd, env });
    assert.match(JSON.stringify(cells.at(-1)?.outputs), /3\\n/);
  });
});
