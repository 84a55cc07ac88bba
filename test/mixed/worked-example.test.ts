// Runs the worked example of docs/mixed-models.md, as it stands there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { simulateExample } from "mixed-models/test/example-data";
import * as everything from "../../src/index";
import { projectPath } from "../../src/project";
import { blocksOf, readDocument, runCode } from "../run-document";

describe("the worked example", () => {
  it("has the simulated data that its generator gives", () => {
    const path = projectPath("data", "example", "simulated-replies.csv");
    assert.equal(readFileSync(path, "utf8"), simulateExample());
  });

  it("runs as documented, and draws the figure that the document shows", async () => {
    const document = readDocument("mixed-models.md");
    const [example] = blocksOf(document.slice(document.indexOf("## A worked example")), "ts");
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const { fit, means, pairs, svg } = await runCode(
      `${example?.code}\nreturn { fit, means, pairs, svg };`,
      { ...everything, console: { log } },
    );
    assert.equal(fit.converged, true);
    assert.equal(means.means.length, 6);
    assert.equal(pairs.contrasts.length, 6);
    assert.equal(lines.length, 7);
    assert.equal(svg, readFileSync(projectPath("docs", "example-forest.svg"), "utf8"));
  });
});
