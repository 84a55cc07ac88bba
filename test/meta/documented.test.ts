// Runs the example of docs/meta.md, as it stands there, and counts what the document says of the tests.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import ts from "typescript";
import * as everything from "../../src/index";
import { projectPath } from "../../src/project";

const text = readFileSync(projectPath("docs", "meta.md"), "utf8");

describe("docs/meta.md", () => {
  it("shows code that runs", () => {
    const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
    const own = code
      .replace(/^import .*\n/, "")
      .replace(/^(fit\.\w+\(.*\)); \/\/.*$/gm, "found.push($1);");
    const { outputText } = ts.transpileModule(`const found = [];\n${own}\nreturn { fit, found };`, {
      compilerOptions: { target: ts.ScriptTarget.ES2022 },
    });
    const run = new Function(...Object.keys(everything), outputText);
    const { fit, found } = run(...Object.values(everything));
    assert.equal(fit.interval, "satterthwaite");
    assert.equal(found.length, 2);
    assert.ok(found[0].estimate > 0 && found[1].predictionLower <= found[1].lower);
  });

  it("says how many meta-analyses are compared with metafor's", () => {
    const path = projectPath("packages", "mixed-models", "test", "meta", "metafor.golden.json");
    const { data, cases } = JSON.parse(readFileSync(path, "utf8"));
    const said = `${cases.length} meta-analyses of ${Object.keys(data).length} data sets`;
    assert.ok(text.includes(said), said);
  });
});
