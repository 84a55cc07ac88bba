// Documents that name what the package exports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as study from "../src/index";
import { projectPath } from "../src/project";

const OTHERS = ["readCSV", "null"]; // danfojs's, the language's

describe("docs/coming-from.md", () => {
  it("names functions that the package exports", () => {
    const text = readFileSync(projectPath("docs", "coming-from.md"), "utf8");
    const rows = text.split("\n").filter((line) => line.startsWith("| "));
    const here = rows.map((row) => row.split(/(?<!\\)\|/)[2] as string);
    const codes = here.flatMap((cell) =>
      [...cell.matchAll(/`([a-z]\w*)(?:\(|`)/g)].map((one) => one[1] as string),
    );
    assert.ok(codes.length > 30);
    const unknown = codes.filter((name) => !(name in study) && !OTHERS.includes(name));
    assert.deepEqual(unknown, []);
  });
});
