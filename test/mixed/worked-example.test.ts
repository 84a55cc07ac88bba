// Runs the worked example of docs/mixed-models.md, as it stands there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { simulateExample } from "mixed-models/test/example-data";
import ts from "typescript";
import * as everything from "../../src/index";
import { projectPath } from "../../src/project";

describe("the worked example", () => {
  it("has the simulated data that its generator gives", () => {
    const path = projectPath("data", "example", "simulated-replies.csv");
    assert.equal(readFileSync(path, "utf8"), simulateExample());
  });

  it("runs as documented, and draws the figure that the document shows", async () => {
    const text = readFileSync(projectPath("docs", "mixed-models.md"), "utf8");
    const section = text.slice(text.indexOf("## A worked example"));
    const code = /```ts\n([\s\S]*?)```/.exec(section)?.[1] as string;
    const { outputText } = ts.transpileModule(`${code}\nreturn { fit, means, pairs, svg };`, {
      compilerOptions: { target: ts.ScriptTarget.ES2022 },
    });
    const lines: string[] = [];
    const scope = { ...everything, console: { log: (line: string) => lines.push(line) } };
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const run = AsyncFunction(...Object.keys(scope), outputText);
    const { fit, means, pairs, svg } = await run(...Object.values(scope));
    assert.equal(fit.converged, true);
    assert.equal(means.means.length, 6);
    assert.equal(pairs.contrasts.length, 6);
    assert.equal(lines.length, 7);
    assert.equal(svg, readFileSync(projectPath("docs", "example-forest.svg"), "utf8"));
  });
});
