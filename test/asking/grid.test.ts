import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import { expandGrid, listGridRequests, openGrid, priceGrid } from "../../apps/asking/expand-grid";
import { type Grid, readGrid } from "../../apps/asking/grid";
import { readPrompts } from "../../src/asking/registries";
import { findStimuli } from "../../src/asking/stimuli";
import { projectPath } from "../../src/project";

const TINY = { id: "tiny", baseUrl: "http://127.0.0.1:9/v1", model: "tiny" };
const BASIC: Grid = { id: "g", models: [TINY], prompts: ["short", "none"], temperatures: [0, 0.7] };

function written(grid: unknown): string {
  const path = join(temporaryFolder(), "g.json");
  writeFileSync(path, JSON.stringify(grid));
  return path;
}

describe("readGrid", () => {
  it("reads every grid of data/grids, and names their stimuli from anywhere", async () => {
    const names = readdirSync(projectPath("data", "grids"));
    assert.ok(names.length >= 2);
    for (const name of names) {
      const path = projectPath("data", "grids", name);
      const grid = readGrid(path);
      assert.ok((await expandGrid(grid, path)).length > 1, name);
      const source = await findStimuli(grid.stimuli ?? "sample", "first");
      assert.ok((await source.open()[Symbol.asyncIterator]().next()).value, name);
    }
  });

  for (const [what, change, pattern] of [
    ["no prompts", { prompts: undefined }, /g\.json: must have required property 'prompts'/],
    [
      "a misspelt field",
      { temperatures: undefined, temperature: [1] },
      /g\.json: .*'temperature'; did you mean 'temperatures'/,
    ],
    [
      "a misspelt field of a model",
      { models: [{ id: "a", baseURL: "x" }] },
      /g\.json: model 1 'a': .*'baseURL'; did you mean 'baseUrl'/,
    ],
    ["a temperature twice", { temperatures: [1, 1] }, /'temperatures' must NOT have duplicate/],
    ["two models of one name", { models: [TINY, TINY] }, /two models are called 'tiny'/],
    ["a number of stimuli", { stimuli: "200" }, /a number stands in 'sample'/],
  ] as [string, object, RegExp][]) {
    it(`says in one line what is wrong with a grid with ${what}`, () => {
      const path = written({ ...BASIC, ...change });
      assert.throws(() => readGrid(path), { name: "UserError", message: pattern });
    });
  }

  it("takes the example of docs/asking.md", async () => {
    const text = readFileSync(projectPath("docs", "asking.md"), "utf8");
    const path = written(JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? ""));
    const cells = await expandGrid(readGrid(path), path);
    assert.equal(cells.length, 8);
    assert.ok(cells.some(({ system }) => system === "warmth-terra-short-t0.7"));
  });

  it("says where examples are if there is no such file", () => {
    assert.throws(() => readGrid("nowhere.json"), /nowhere\.json: no such file; data\/grids has/);
  });
});

describe("expandGrid", () => {
  const expand = (grid: Grid) => expandGrid(grid, "g.json");

  it("has a cell for each model, prompt and temperature, asked in its way", async () => {
    const other = { ...TINY, id: "big", model: "big", maxTokens: 9, reasoning: "none", seed: 3 };
    const cells = await expand({ ...BASIC, models: [TINY, other], samples: 2 });
    assert.deepEqual(
      cells.map(({ system }) => system),
      ["tiny", "big"].flatMap((model) =>
        ["short", "none"].flatMap((prompt) => [
          `g-${model}-${prompt}-t0`,
          `g-${model}-${prompt}-t0.7`,
        ]),
      ),
    );
    const { plan } = cells.at(-1)?.target ?? assert.fail();
    assert.deepEqual([plan.model, plan.template.id, plan.samples], ["big", "none", 2]);
    assert.deepEqual(plan.parameters, {
      maxTokens: 9,
      temperature: 0.7,
      seed: 3,
      reasoningEffort: "none",
    });
  });

  it("sends no temperature where the grid has none", async () => {
    const cells = await expand({ id: "g", models: [TINY], prompts: ["short"] });
    assert.deepEqual(
      cells.map(({ system, target }) => [system, target.plan.parameters.temperature]),
      [["g-tiny-short", undefined]],
    );
  });

  it("takes the registry's model and price where the grid has none", async () => {
    const model = { id: "four", system: "gpt-4", model: "gpt-5.6-sol" };
    const [cell] = await expand({ id: "g", models: [model], prompts: ["paper"] });
    assert.equal(cell?.target.plan.provider, "openai");
    assert.ok(cell?.price && cell.price.output > 0);
  });

  for (const [what, change, pattern] of [
    [
      "an unknown prompt",
      { prompts: ["shrt"] },
      /^g\.json: model 'tiny': unknown prompt 'shrt'.*short/,
    ],
    ["nobody to ask", { models: [{ id: "a" }] }, /^g\.json: model 'a': .*say what to ask with/],
    [
      "a retired model",
      { models: [{ id: "a", system: "gpt-4" }] },
      /^g\.json: model 'a': .*successor/,
    ],
    [
      "retrieval",
      { models: [{ id: "a", system: "retrieval" }] },
      /^g\.json: model 'a': .*no model, prompt/,
    ],
    [
      "one model at two servers",
      { models: [TINY, { ...TINY, id: "b", baseUrl: "http://127.0.0.1:8/v1" }] },
      /^g\.json: the model 'tiny' stands there with two servers, keys or prices/,
    ],
  ] as [string, Partial<Grid>, RegExp][]) {
    it(`says in one line what is wrong with ${what}`, async () => {
      await assert.rejects(expand({ ...BASIC, ...change }), {
        name: "UserError",
        message: pattern,
      });
    });
  }
});

describe("the requests of a grid", () => {
  it("go stimulus by stimulus through all cells, each to its own model, with its own price", async () => {
    const other = { ...TINY, id: "big", model: "big", price: { input: 1, output: 2 } };
    const cells = await expandGrid({ ...BASIC, models: [TINY, other], samples: 2 }, "g.json");
    const source = await findStimuli("sample", "first");
    const price = priceGrid(cells);
    const keys = new Set<string>();
    const dialogues: string[] = [];
    for await (const { dialogue, key, body } of listGridRequests(cells, source)) {
      keys.add(key);
      dialogues.push(dialogue);
      assert.deepEqual(price(body), body.model === "big" ? other.price : undefined);
    }
    assert.equal(dialogues.length, 64 * 8 * 2);
    assert.equal(keys.size, dialogues.length);
    assert.ok(dialogues.every((dialogue, at) => dialogue === dialogues[at - (at % 16)]));
  });

  it("cannot be sent to a model that is in no cell", async () => {
    const provider = openGrid(await expandGrid(BASIC, "g.json"), {});
    const [template] = readPrompts();
    const body = { model: "other", prompt: `${template?.id}@1`, parameters: {} };
    assert.throws(
      () =>
        provider.ask(
          { ...body, provider: "openai-compatible", interface: "chat", shown: "all" },
          new AbortController().signal,
        ),
      /'openai-compatible other' is in no cell/,
    );
  });
});

describe("the schema of grids", () => {
  it("has the fields that the code reads", () => {
    const schema = JSON.parse(readFileSync(projectPath("data", "grid.schema.json"), "utf8"));
    const fields = Object.keys(schema.definitions.model.properties).sort();
    const full = { ...TINY, system: "gpt-4", provider: "openai", keyFrom: "K", interface: "chat" };
    const rest = {
      instructionIn: "user",
      shown: "all",
      topP: 1,
      maxTokens: 1,
      seed: 1,
      reasoning: "none",
    };
    const model = { ...full, ...rest, price: { input: 1, output: 1 } };
    assert.deepEqual(Object.keys(model).sort(), fields);
    assert.deepEqual(readGrid(written({ ...BASIC, models: [model] })).models, [model]);
  });
});
