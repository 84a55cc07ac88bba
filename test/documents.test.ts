// Documents that name what the package exports, and the reference that is made from its docstrings.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { itNeeds, patience } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
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

describe("npm run api", () => {
  itNeeds(
    patience,
    "makes the reference without a warning",
    () => {
      const folder = temporaryFolder();
      const typedoc = createRequire(projectPath("package.json")).resolve("typedoc/package.json");
      const program = join(typedoc, "..", "bin", "typedoc");
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [program, "--options", projectPath("typedoc.json"), "--out", folder],
        { cwd: projectPath(), encoding: "utf8" },
      );
      assert.equal(status, 0, stdout + stderr);
      assert.doesNotMatch(stdout + stderr, /warning/i);
      for (const page of ["functions/fitMixed.html", "functions/krippendorffAlpha.html"]) {
        assert.ok(existsSync(join(folder, page)), page);
      }
    },
    90_000,
  );
});
