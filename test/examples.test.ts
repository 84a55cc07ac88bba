// Runs the examples in the docstrings of what the package exports: `expression; // => value`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { projectPath } from "../src/project";

interface Example {
  readonly file: string;
  readonly code: string;
}

const FOLDERS = [
  "src",
  "apps",
  ...readdirSync(projectPath("packages")).map((name) => `packages/${name}/src`),
];

function findExamples(): Example[] {
  return FOLDERS.flatMap((folder) => {
    const names = readdirSync(projectPath(folder), { recursive: true }) as string[];
    return names
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => {
        const text = readFileSync(projectPath(folder, name), "utf8");
        const blocks = [...text.matchAll(/@example\n((?: \*(?!\/).*\n)+)/g)];
        return blocks.map(([, block]) => ({
          file: `${folder}/${name}`,
          code: (block as string).replace(/^ \* ?/gm, "").split(/^@/m)[0] as string,
        }));
      });
  });
}

// Packages are compiled within their folders, the rest to dist/.
function compiledFile(file: string): string {
  const path = file.replace(/\.ts$/, ".js");
  const inside = /^(packages\/[^/]+)\/(.*)$/.exec(path);
  return inside
    ? projectPath(inside[1] as string, "dist", inside[2] as string)
    : projectPath("dist", path);
}

describe("examples in docstrings", () => {
  const examples = findExamples();

  it("are found", () => assert.ok(examples.length >= 2));

  for (const { file, code } of examples) {
    it(`hold in ${file}: ${code.trim().split("\n")[0]}`, async () => {
      const checked = code.replace(/^(.+?);? \/\/ => (.+)$/gm, "assert.deepEqual($1, $2);");
      assert.notEqual(checked, code, "an example should show a value: // => value");
      const { outputText } = ts.transpileModule(checked, {
        compilerOptions: { target: ts.ScriptTarget.ES2022 },
      });
      const own = require(compiledFile(file));
      const scope = { ...own, assert };
      const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
      await AsyncFunction(...Object.keys(scope), outputText)(...Object.values(scope));
    });
  }
});
