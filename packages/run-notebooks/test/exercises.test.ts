// Cells that learners change: whatever is typed, one sentence says what is wrong, and the notebook goes on.
import assert from "node:assert/strict";
import { type Cell, NOT_TAKEN, runNotebook } from "run-notebooks";
import { projectPath } from "test-support/project";
import { codeCell, notebookOf } from "./notebook-of";

const TYPED: readonly (readonly [body: string, said: string, value?: string])[] = [
  ["const one: unknown = 3;", "", "3"],
  ['const one = "3";', "", '"3"'],
  [
    "const one: unknown = emapthy;",
    'line 2: nothing here is called emapthy; is it misspelt, or a text that lacks its quotes ("emapthy")?',
  ],
  ["const one: unknown = Mth.PI;", "line 2: nothing here is called Mth; did you mean Math?"],
  [
    "const one: unknown = [1, 2;",
    "line 2: this cannot be read as TypeScript (',' expected); look for a bracket, comma or quote that is missing or too many",
  ],
  ["\nconst one: unknown = new Array(-1);", "line 3: Invalid array length"],
  [
    'const one: unknown = "a" * 2;',
    "line 2: The left-hand side of an arithmetic operation must be of type 'any', 'number', 'bigint' or an enum type.",
  ],
  ["const one: unknown = Promise.reject(new Error());", "", "{}"],
  ["throw 'no';", "it throws 'no'"],
  [
    "const eno: unknown = 3;",
    "the cell has no line that begins with `const one`, and the check looks for that name",
  ],
  ["", "the cell has no line that begins with `const one`, and the check looks for that name"],
];

const textOf = ({ outputs = [] }: Cell) =>
  outputs.map((output) => (output.output_type === "stream" ? output.text : output.output_type));

describe("an exercise's cell", () => {
  it("never fails; a sentence says why an answer was not taken, which is then undefined", async () => {
    const sources = TYPED.flatMap(([body]) => [
      `// Exercise: one\n${body}`,
      "console.log(JSON.stringify(one) ?? 'undefined');",
    ]);
    const { cells } = await runNotebook(notebookOf(...sources.map((source) => codeCell(source))), {
      cwd: projectPath(),
    });
    for (const [at, [body, said, value = "undefined"]] of TYPED.entries()) {
      const [exercise, check] = cells.slice(2 * at, 2 * at + 2) as [Cell, Cell];
      assert.deepEqual(textOf(exercise), said === "" ? [] : [`${NOT_TAKEN}${said}\n`], body);
      assert.deepEqual(textOf(check), [`${value}\n`], body);
    }
  });
});
