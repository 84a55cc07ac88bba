import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";
import { findSource, readSources } from "../../src/sources/source";
import { findFormat } from "../../src/systems/formats";
import { findSystem, readSystems } from "../../src/systems/system";

type Entry = Record<string, unknown>;

describe("readSystems", () => {
  it("gives every system of the registry, the paper's nine among them", () => {
    const systems = readSystems();
    assert.equal(new Set(systems.map(({ id }) => id)).size, systems.length);
    for (const id of ["kemp", "fe", "cab", "human"]) {
      assert.equal(findSystem(systems, id).inPaper, true);
    }
  });

  it("names sources, formats and columns that exist", () => {
    const sources = readSources();
    for (const { replies } of readSystems()) {
      if (replies.from !== "published") continue;
      const format = findFormat(replies.format);
      assert.ok(format.columns.includes(replies.column ?? ""), replies.format);
      if (replies.source) assert.ok(findSource(sources, replies.source));
      else assert.ok(replies.how, "a system without a source says how it is had");
    }
  });

  it("says which systems are out of comparisons or apart, and what they are to the study's", () => {
    const systems = readSystems();
    const ids = (field: "excluded" | "apart" | "relation") =>
      systems.filter((system) => system[field]).map(({ id }) => id);
    assert.deepEqual(ids("excluded"), ["llama-2-13b"]);
    assert.deepEqual(ids("apart"), ["moel-oracle", "llama-2-7b", "mistral-7b", "dialogpt"]);
    for (const { relation } of systems) {
      if (relation) assert.ok(findSystem(systems, relation.to).inPaper, relation.to);
    }
    const ofGpt4 = systems.filter(({ model }) => model === "gpt-4").map(({ id }) => id);
    assert.deepEqual(ofGpt4, ["gpt-4", "gpt-4-plain", "gpt-4-empathy"]);
  });

  for (const [what, change, message] of [
    [
      "an unknown family",
      (e: Entry) => ({ ...e, family: "cat" }),
      /system 1 'human': 'family' must be .*: llm, tuned-llm, ecs, human/,
    ],
    [
      "a missing field",
      ({ shown: _, ...e }: Entry) => e,
      /system 1 'human': must have required property 'shown'/,
    ],
    [
      "a system whose weights are not named",
      ({ model: _, ...e }: Entry) => e,
      /system 1 'human': must have required property 'model'/,
    ],
    [
      "a relation to nobody",
      (e: Entry) => ({ ...e, relation: { how: "alike" } }),
      /system 1 'human': 'relation' must have required property 'to'/,
    ],
    ["a field too many", (e: Entry) => ({ ...e, colour: 1 }), /system 1 'human': .*'colour'/],
    [
      "an unknown origin",
      (e: Entry) => ({ ...e, replies: { from: "aksed" } }),
      /system 1 'human': 'replies' .*: published, asked, embedded, corpus; did you mean 'asked'\?$/,
    ],
    [
      "a misspelt field",
      ({ licence, ...e }: Entry) => ({ ...e, license: licence, licence }),
      /system 1 'human': .*: 'license'; did you mean 'licence'\?$/,
    ],
    [
      "a published system without a format",
      (e: Entry) => ({ ...e, replies: { from: "published" } }),
      /'replies' must have required property 'format'/,
    ],
    [
      "an identifier with a slash",
      (e: Entry) => ({ ...e, id: "a/b" }),
      /system 1 'a\/b': 'id' must match pattern/,
    ],
  ] as const) {
    it(`says what is wrong with ${what}`, () => {
      const path = join(temporaryFolder(), "systems.json");
      const { systems } = JSON.parse(readFileSync(projectPath("data", "systems.json"), "utf8"));
      const human = systems.find((entry: Entry) => entry.id === "human");
      writeFileSync(path, JSON.stringify({ systems: [change(human)] }));
      assert.throws(() => readSystems(path), message);
    });
  }

  it("lists every fault of every entry at once, with the allowed values", () => {
    const path = join(temporaryFolder(), "systems.json");
    const [first, second] = readSystems();
    const { name: _, ...nameless } = { ...first, family: "lmm" };
    writeFileSync(path, JSON.stringify({ systems: [nameless, { ...second, samples: 0 }] }));
    assert.throws(
      () => readSystems(path),
      (error: Error) => {
        const [head, ...faults] = error.message.split("\n");
        assert.equal(head, `${path}: has 3 faults`);
        assert.deepEqual(faults.sort(), [
          "  system 1 'gpt-3.5': 'family' must be equal to one of the allowed values: llm, tuned-llm, ecs, human; did you mean 'llm'?",
          "  system 1 'gpt-3.5': must have required property 'name'",
          "  system 2 'gpt-4': 'samples' must be >= 1",
        ]);
        return true;
      },
    );
  });

  it("refuses two systems of one name, broken JSON and a missing file", () => {
    const folder = temporaryFolder();
    const path = join(folder, "systems.json");
    const [first] = readSystems();
    writeFileSync(path, JSON.stringify({ systems: [first, first] }));
    assert.throws(() => readSystems(path), /two systems are called/);
    writeFileSync(path, "{");
    assert.throws(() => readSystems(path), /not JSON/);
    assert.throws(() => readSystems(join(folder, "none")), /no such file/);
  });

  it("names the known systems where one is unknown", () => {
    assert.throws(() => findSystem(readSystems(), "gpt-9"), /unknown system 'gpt-9'; .*kemp/);
  });
});
