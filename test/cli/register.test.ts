import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FaultServer } from "test-support/fault-server";
import { copyClone, runCopy } from "test-support/run-copy";
import { temporaryFolder } from "test-support/temporary";
import { completeFields, type EntryFields } from "../../apps/cli/entry-fields";
import { readPrompts } from "../../src/asking/registries";
import { projectPath } from "../../src/project";
import { OWN_REGISTRY, readSystems } from "../../src/systems/system";

const FIELDS: EntryFields = {
  name: "My system",
  family: "tuned-llm",
  model: "my-7b",
  publication: "unpublished",
  instruction: "to listen",
  shown: "all",
  selection: "first turns of the sample",
  licence: "CC-BY-4.0",
  citation: "Me (2026), My system",
};

function flags(fields: Partial<EntryFields> = FIELDS): string[] {
  return Object.entries(fields).flatMap(([field, value]) => [`--${field}`, value]);
}

function writeReplies(): string {
  const path = join(temporaryFolder(), "replies.csv");
  writeFileSync(path, "conv_id;turn;sample;response\nsample:1;2;1;I see.\nsample:1;2;2;Oh.\n");
  return path;
}

describe("empathy import --register", function () {
  this.timeout(60_000);
  let root: string;
  const registry = () => join(root, OWN_REGISTRY);
  const entries = () => (existsSync(registry()) ? readSystems(registry()) : []);
  const register = (...more: string[]) =>
    runCopy(root, [
      "import",
      "--format",
      "csv",
      "--system",
      "mine",
      writeReplies(),
      "--register",
      ...more,
    ]);

  beforeEach(() => {
    root = copyClone();
  });

  it("writes the entry that its options describe, with the samples that were found", async () => {
    const { status, stderr } = await register(...flags());
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^empathy: note: 'mine' was added to studies\/local\/systems\.json$/m);
    assert.ok(existsSync(join(root, "data", "replies", "mine.imported.jsonl")));
    const [entry, ...others] = entries();
    assert.deepEqual(others, []);
    assert.deepEqual(entry, {
      id: "mine",
      ...FIELDS,
      inPaper: false,
      samples: 2,
      replies: {
        from: "published",
        format: "csv",
        how: "npx empathy import --format csv --system mine FILE, with the authors' own file",
      },
    });
  });

  it("leaves the same entry as it is, and refuses another of that name", async () => {
    await register(...flags());
    const before = readFileSync(registry(), "utf8");
    assert.equal((await register("--replace")).status, 0);
    const other = await register("--replace", "--family", "llm");
    assert.equal(other.status, 1);
    assert.match(other.stderr, /^empathy: 'mine' is a system already, with another 'family'/);
    assert.equal(readFileSync(registry(), "utf8"), before);
  });

  it("names the options that are missing where there is no terminal, and keeps nothing", async () => {
    const { family: _, citation: __, ...rest } = FIELDS;
    const { status, stderr } = await register(...flags(rest));
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "empathy: --register needs --family (human, ecs, llm, tuned-llm), --citation; name them, or answer on a terminal\n",
    );
    assert.deepEqual(entries(), []);
    assert.ok(!existsSync(join(root, "data", "replies")));
  });

  it("writes nothing on a dry run", async () => {
    const { status, stderr } = await register("--dry-run", ...flags());
    assert.equal(status, 0, stderr);
    assert.match(stderr, /'mine' would be added/);
    assert.deepEqual(entries(), []);
  });

  it("wants one system, and its options beside it", async () => {
    const args = ["import", "--format", "mime", "--system", "mine", writeReplies()];
    const several = await runCopy(root, [...args, "--register", ...flags()]);
    assert.match(several.stderr, /--register adds one entry; say with --column/);
    const without = await runCopy(root, [...args, "--family", "llm"]);
    assert.match(without.stderr, /--family belongs to --register; add that/);
  });

  it("is shown in docs/systems.md with the entry that it writes", async () => {
    const text = readFileSync(projectPath("docs", "systems.md"), "utf8");
    const [, shown = ""] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
    const [, command = ""] =
      /```sh\nnpx empathy (import [^`]*--register[^`]*?)\n```/.exec(text) ?? [];
    const words = [...command.replaceAll("\\\n", " ").matchAll(/"([^"]*)"|(\S+)/g)];
    const args = words.map(([, quoted, plain = ""]) => quoted ?? plain);
    const path = writeReplies();
    const { status, stderr } = await runCopy(
      root,
      args.map((word) => (word === "replies.csv" ? path : word)),
    );
    assert.equal(status, 0, stderr);
    assert.deepEqual(entries().at(-1), JSON.parse(shown));
  });
});

describe("empathy score --system", function () {
  this.timeout(30_000);

  it("names the recorded system that is nearest to an unknown one", async () => {
    const root = copyClone();
    mkdirSync(join(root, "data", "replies"));
    writeFileSync(join(root, "data", "replies", "my-system.jsonl"), "");
    const { status, stderr } = await runCopy(root, ["score", "--system", "my-sytem"]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^empathy: no replies of 'my-sytem' are .*; did you mean 'my-system'\?; ask/,
    );
  });
});

describe("empathy ask --register", function () {
  this.timeout(60_000);

  it("writes the entry of what it asks, once", async () => {
    const server = await FaultServer.start();
    try {
      const root = copyClone();
      const args = [
        "ask",
        "--base-url",
        server.url,
        "--model",
        "tiny",
        "--as",
        "mine",
        "--limit",
        "2",
        "--prompt",
        "short",
        "--temperature",
        "0.5",
        "--register",
        "--name",
        "Mine",
        "--family",
        "llm",
        "--publication",
        "unpublished",
        "--licence",
        "MIT",
        "--citation",
        "Me (2026)",
      ];
      const first = await runCopy(root, args);
      assert.equal(first.status, 0, first.stderr);
      assert.equal(first.stderr, "empathy: note: 'mine' was added to studies/local/systems.json\n");
      const entry = readSystems(join(root, OWN_REGISTRY)).at(-1);
      assert.deepEqual(entry, {
        id: "mine",
        name: "Mine",
        family: "llm",
        inPaper: false,
        model: "tiny",
        publication: "unpublished",
        instruction:
          "The study's request in one sentence, with a limit on length (template `short`)",
        temperature: 0.5,
        maxTokens: 256,
        shown: "all",
        samples: 1,
        selection: "first turns of the package's sample, the first 2",
        licence: "MIT",
        citation: "Me (2026)",
        replies: {
          from: "asked",
          provider: "openai-compatible",
          model: "tiny",
          prompt: "short",
          parameters: { maxTokens: 256, temperature: 0.5 },
          served: "On a server of its authors' own; name one with --base-url",
        },
      });
      const again = await runCopy(root, args);
      assert.deepEqual([again.status, again.stderr], [0, ""]);
      assert.match(again.stdout, /2 answered before/);
      assert.equal(server.seen.length, 2);
    } finally {
      await server.stop();
    }
  });
});

describe("empathy ask --grid --register", function () {
  this.timeout(60_000);

  it("writes an entry for every cell, once, and leaves the published registry alone", async () => {
    const server = await FaultServer.start();
    try {
      const root = copyClone();
      const published = readFileSync(join(root, "data", "systems.json"), "utf8");
      const grid = join(root, "heat.json");
      const models = [{ id: "own", baseUrl: server.url, model: "tiny", maxTokens: 32 }];
      const design = { id: "heat", models, prompts: ["paper", "short"], temperatures: [0, 1] };
      writeFileSync(grid, JSON.stringify({ ...design, stimuli: "sample", limit: 1 }));
      const said = ["--publication", "unpublished", "--licence", "MIT", "--citation", "Me (2026)"];
      const args = ["ask", "--grid", grid, "--register", ...said];
      const named = await runCopy(root, [...args, "--name", "Mine"]);
      assert.match(named.stderr, /'--grid <file>' cannot be used with option '--name/);
      const first = await runCopy(root, args);
      assert.equal(first.status, 0, first.stderr);
      const entries = readSystems(join(root, OWN_REGISTRY));
      assert.deepEqual(
        entries.map(({ id, name, family, temperature }) => [id, name, family, temperature]),
        ["paper", "short"].flatMap((prompt) =>
          [0, 1].map((heat) => [
            `heat-own-${prompt}-t${heat}`,
            `tiny, ${prompt}, temperature ${heat}`,
            "llm",
            heat,
          ]),
        ),
      );
      const again = await runCopy(root, args);
      assert.deepEqual([again.status, again.stderr], [0, ""]);
      assert.equal(readSystems(join(root, OWN_REGISTRY)).length, 4);
      assert.equal(readFileSync(join(root, "data", "systems.json"), "utf8"), published);
    } finally {
      await server.stop();
    }
  });
});

describe("empathy ask --prompt FILE", function () {
  this.timeout(60_000);

  it("asks with a template of one's own, and keeps it beside the package's", async () => {
    const server = await FaultServer.start();
    try {
      const root = copyClone();
      const [short] = readPrompts().filter(({ id }) => id === "short");
      const file = join(root, "mine.json");
      const instruction = "Antworte in einem Satz.";
      const mine = { ...short, id: "mine-de", language: "de", title: "Ein Satz", instruction };
      const ask = (prompts: readonly object[]) => {
        writeFileSync(file, JSON.stringify({ prompts }));
        const whom = ["--base-url", server.url, "--model", "tiny", "--as", "mine", "--limit", "1"];
        return runCopy(root, ["ask", ...whom, "--prompt", file]);
      };
      const first = await ask([mine]);
      assert.equal(first.status, 0, first.stderr);
      assert.match(first.stderr, /'mine-de' was added to studies\/local\/prompts\.json/);
      assert.match(JSON.stringify(server.seen), /Antworte in einem Satz/);
      assert.deepEqual(readPrompts(join(root, "studies", "local", "prompts.json")), [mine]);
      assert.doesNotMatch((await ask([mine])).stderr, /was added/);
      const changed = await ask([{ ...mine, instruction: "Antworte." }]);
      assert.match(changed.stderr, /another prompt is called 'mine-de'; give yours another 'id'/);
      assert.match((await ask([])).stderr, /mine\.json: holds 0 prompts; --prompt takes one/);
      assert.equal(
        readPrompts().some(({ id }) => id === "mine-de"),
        false,
      );
    } finally {
      await server.stop();
    }
  });
});

describe("the registry of one's own", function () {
  this.timeout(30_000);

  it("gives no name that the published one has", async () => {
    const root = copyClone();
    const [kemp] = readSystems().filter(({ id }) => id === "kemp");
    mkdirSync(join(root, "studies", "local"), { recursive: true });
    writeFileSync(join(root, OWN_REGISTRY), JSON.stringify({ systems: [kemp] }));
    const { status, stderr } = await runCopy(root, ["study", "new", "mine"]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^empathy: .*systems\.json: 'kemp' is a system of data\/systems\.json, too; give yours another/,
    );
  });
});

describe("completeFields", () => {
  it("asks for what is missing only, and again where an answer is none of the choices", async () => {
    const answers = ["cat", "", "ecs", "  ", "Me (2026)"];
    const asked: string[] = [];
    const { family: _, citation: __, ...rest } = FIELDS;
    const found = await completeFields(rest, async (question) => {
      asked.push(question.split(" ", 1)[0] ?? "");
      return answers.shift() ?? "";
    });
    assert.deepEqual(found, { ...FIELDS, family: "ecs", citation: "Me (2026)" });
    assert.deepEqual(asked, ["family", "family", "family", "citation", "citation"]);
  });
});
