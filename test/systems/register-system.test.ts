import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { registerSystem } from "../../apps/cli/register-system";
import { projectPath } from "../../src/project";
import { findSystem, readSystems, type System } from "../../src/systems/system";

const MINE: System = { ...findSystem(readSystems(), "zephyr-7b"), id: "mine", inPaper: false };

function copyRegistry(change: (text: string) => string = (text) => text): string {
  const path = join(temporaryFolder(), "systems.json");
  writeFileSync(path, change(readFileSync(projectPath("data", "systems.json"), "utf8")));
  return path;
}

describe("registerSystem", () => {
  it("adds an entry after all others, and changes no other letter of the file", () => {
    const path = copyRegistry((text) => text.replace('"systems": [', '"systems":  ['));
    const before = readFileSync(path, "utf8");
    registerSystem(MINE, { path });
    const after = readFileSync(path, "utf8");
    assert.deepEqual(readSystems(path), [...readSystems(), MINE]);
    const end = "\n  ]\n}\n";
    assert.ok(after.startsWith(`${before.slice(0, -end.length)},\n    {\n      "id": "mine",\n`));
    assert.ok(after.endsWith(end));
    const registry = JSON.parse(textOf(path));
    assert.equal(
      after.replace('"systems":  [', '"systems": ['),
      `${JSON.stringify(registry, null, 2)}\n`,
    );
  });

  it("adds an entry to a file that is laid out otherwise", () => {
    const path = copyRegistry(() => JSON.stringify({ systems: [] }));
    registerSystem(MINE, { path });
    assert.deepEqual(readSystems(path), [MINE]);
  });

  it("overwrites no entry, and writes none with a fault or on a dry run", () => {
    const path = copyRegistry();
    const before = textOf(path);
    assert.throws(
      () => registerSystem({ ...MINE, id: "kemp" }, { path }),
      /has an entry 'kemp' already; choose another identifier/,
    );
    assert.throws(
      () => registerSystem({ ...MINE, name: "", samples: 0 }, { path }),
      /has 2 faults\n.*'mine': 'name' must .*\n.*'mine': 'samples' must be >= 1/,
    );
    registerSystem(MINE, { path, dryRun: true });
    assert.equal(textOf(path), before);
  });
});

function textOf(path: string): string {
  return readFileSync(path, "utf8");
}
