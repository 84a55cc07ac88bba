import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPrompt } from "ask-models";
import { temporaryFolder } from "test-support/temporary";
import { planSystem } from "../../src/asking/make-plan";
import { readPrices, readPrompts } from "../../src/asking/registries";
import { projectPath } from "../../src/project";
import { type AskedReplies, findSystem, readSystems, type System } from "../../src/systems/system";

function changed(name: string, change: (registry: Record<string, object[]>) => void): string {
  const registry = JSON.parse(readFileSync(projectPath("data", name), "utf8"));
  change(registry);
  const path = join(temporaryFolder(), name);
  writeFileSync(path, JSON.stringify(registry));
  return path;
}

describe("readPrompts", () => {
  it("has the study's instruction and others beside it", () => {
    const ids = readPrompts().map(({ id }) => id);
    assert.deepEqual(ids, ["paper", "short", "none", "counselling", "short-de"]);
    assert.equal(findPrompt(readPrompts(), "none").instruction, undefined);
  });

  it("says all that is wrong with an entry", () => {
    const path = changed("prompts.json", ({ prompts }) => {
      (prompts as object[])[1] = { id: "short", version: 0 };
    });
    assert.throws(
      () => readPrompts(path),
      /prompts\.json: has 4 faults(\n {2}prompt 2 'short': .+){4}$/,
    );
  });
});

describe("readPrices", () => {
  it("has a day and a source for each price", () => {
    for (const { asOf, source } of readPrices()) {
      assert.ok(new Date(asOf) <= new Date());
      assert.ok(source.length > 10);
    }
  });
});

describe("the asked systems of the registry", () => {
  const systems = readSystems();
  const asked = systems.filter(({ replies }) => replies.from === "asked");
  const repliesOf = (system: System) => system.replies as AskedReplies;

  it("are among the paper's nine, which stand first", () => {
    assert.deepEqual(
      systems.slice(0, 9).map(({ id }) => id),
      ["gpt-3.5", "gpt-4", "vicuna-t5", "palm-2", "falcon-7b", "kemp", "fe", "cab", "human"],
    );
    assert.ok(systems.slice(0, 9).every(({ inPaper }) => inPaper));
    assert.ok(systems.slice(9).every(({ inPaper }) => !inPaper));
  });

  it("each say what the paper used, and whether that is still served", () => {
    for (const system of asked) {
      if (system.inPaper) assert.ok(repliesOf(system).paper, system.id);
      assert.ok(repliesOf(system).served, system.id);
    }
  });

  it("refuse to be asked where they are retired, unless another model is named", () => {
    const prompts = readPrompts();
    const retired = asked.filter((system) => repliesOf(system).retired);
    assert.deepEqual(
      retired.map(({ id }) => id),
      ["gpt-3.5", "gpt-4", "palm-2"],
    );
    for (const system of retired) {
      const { successor } = repliesOf(system).retired as { successor: string };
      assert.throws(() => planSystem(system, prompts), new RegExp(`--model ${successor}`));
      assert.equal(planSystem(system, prompts, { model: successor }).model, successor);
    }
  });

  it("name prompts that there are", () => {
    for (const system of asked) assert.ok(findPrompt(readPrompts(), repliesOf(system).prompt));
  });

  it("are joined by any entry that fits the schema, and an entry that does not is explained", () => {
    const add = (entry: object) =>
      changed("systems.json", ({ systems: list }) => void (list as object[]).push(entry));
    const mine = {
      ...findSystem(systems, "falcon-7b"),
      id: "mine",
      replies: { ...repliesOf(findSystem(systems, "falcon-7b")), model: "my/model" },
    };
    assert.equal(findSystem(readSystems(add(mine)), "mine").id, "mine");
    const wrong = { ...mine, replies: { ...mine.replies, parameters: { temperature: -1 } } };
    assert.throws(
      () => readSystems(add(wrong)),
      /'mine': 'replies.parameters.temperature' must be >= 0/,
    );
    assert.throws(
      () => readSystems(add({ ...mine, id: "gpt-4" })),
      /two systems are called 'gpt-4'/,
    );
  });
});
