// Runs the examples in the docstrings of what the package exports: `expression; // => value`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { projectPath } from "../src/project";

interface Example {
  readonly file: string;
  readonly code: string;
}

function findExamples(): Example[] {
  const names = readdirSync(projectPath("src"), { recursive: true }) as string[];
  return names
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => {
      const text = readFileSync(projectPath("src", name), "utf8");
      const blocks = [...text.matchAll(/@example\n((?: \*(?!\/).*\n)+)/g)];
      return blocks.map(([, block]) => ({
        file: name,
        code: (block as string).replace(/^ \* ?/gm, "").split(/^@/m)[0] as string,
      }));
    });
}

describe("examples in docstrings", () => {
  const examples = findExamples();

  it("are found", () => assert.ok(examples.length >= 2));

  for (const { file, code } of examples) {
    it(`hold in src/${file}: ${code.trim().split("\n")[0]}`, async () => {
      const checked = code.replace(/^(.+?);? \/\/ => (.+)$/gm, "assert.deepEqual($1, $2);");
      assert.notEqual(checked, code, "an example should show a value: // => value");
      const { outputText } = ts.transpileModule(checked, {
        compilerOptions: { target: ts.ScriptTarget.ES2022 },
      });
      const own = require(join(__dirname, "..", "src", file.replace(/\.ts$/, ".js")));
      const scope = { ...own, assert };
      const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
      await AsyncFunction(...Object.keys(scope), outputText)(...Object.values(scope));
    });
  }
});
