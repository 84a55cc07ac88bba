// Runs the examples of docs/meta.md, as they stand there, and counts what the document says of the tests.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as everything from "../../src/index";
import { projectPath } from "../../src/project";
import { blocksOf, readDocument, runCode } from "../run-document";

const text = readDocument("meta.md");
const [first = "", second = ""] = blocksOf(text, "ts").map(({ code }) => code);

describe("docs/meta.md", () => {
  it("shows code that runs", async () => {
    const own = first.replace(/^(fit\.\w+\(.*\)); \/\/.*$/gm, "found.push($1);");
    const { fit, found } = await runCode(
      `const found = [];\n${own}\nreturn { fit, found };`,
      everything,
    );
    assert.equal(fit.interval, "satterthwaite");
    assert.equal(found.length, 2);
    assert.ok(found[0].estimate > 0 && found[1].predictionLower <= found[1].lower);
  });

  it("shows a multilevel meta-analysis that runs", async () => {
    const names = "multilevel, robust, without";
    const { multilevel, robust, without } = await runCode(
      `${second}\nreturn { ${names} };`,
      everything,
    );
    assert.equal(multilevel.variances.length, 3);
    assert.equal(robust.contrasts[0].name, "chat - old");
    assert.ok(robust.contrasts[0].df > 1 && robust.contrasts[0].df < 4);
    assert.equal(without.length, 5);
  });

  it("says how many meta-analyses are compared with metafor's", () => {
    const path = projectPath("packages", "mixed-models", "test", "meta", "metafor.golden.json");
    const { data, cases } = JSON.parse(readFileSync(path, "utf8"));
    const said = `${cases.length} meta-analyses of ${Object.keys(data).length} data sets`;
    assert.ok(text.includes(said), said);
  });

  it("says how many multilevel ones are, and how many cluster-robust tests", () => {
    const path = projectPath("packages", "mixed-models", "test", "meta", "multilevel.golden.json");
    const { data, cases } = JSON.parse(readFileSync(path, "utf8"));
    const tests = cases.flatMap(({ robust }: { robust: object[] | null }) => robust ?? []);
    const said = `${cases.length} multilevel fits of ${Object.keys(data).length} data sets agree with rma.mv, and ${tests.length} cluster-robust`;
    assert.ok(text.includes(said), said);
  });
});

describe("the README of mixed-models", () => {
  it("shows a multilevel meta-analysis that prints what it says", async () => {
    const readme = readFileSync(projectPath("packages", "mixed-models", "README.md"), "utf8");
    const example = blocksOf(readme, "ts").find(({ code }) => code.includes("fitMultilevelMeta"));
    const printed: string[] = [];
    const log = (line: string) => printed.push(line);
    await runCode(example?.code ?? "", { ...everything, console: { log } });
    assert.ok(
      printed.length > 0 && readme.includes(`It prints \`${printed.join("\n")}\``),
      printed.join(),
    );
  });
});
