import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { itNeeds, mirror } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";
import { checksumOf } from "../../src/systems/reply";
import { readSample, recordsOf, WRITERS } from "../published-files";

async function writeFile(format: string, change: (text: string) => string = (text) => text) {
  const path = join(temporaryFolder(), `replies.${format}`);
  const made = recordsOf((await readSample()).slice(0, 5));
  writeFileSync(path, change((WRITERS[format] as (typeof WRITERS)[string])(made)));
  return { path, made };
}

describe("empathy import", () => {
  it("joins an author's own file and keeps its replies with their checksums", async () => {
    const { path, made } = await writeFile("csv");
    const target = projectPath("data", "replies", "test-import.imported.jsonl");
    rmSync(target, { force: true });
    try {
      const args = ["import", "--format", "csv", "--system", "test-import", path];
      const first = await runEmpathy([...args, "--json"]);
      assert.equal(first.status, 0, first.stderr);
      const report = JSON.parse(first.stdout);
      assert.deepEqual(
        [report.records, report.joined, report.left],
        [made.length, made.length, {}],
      );
      assert.match(first.stderr, /'test-import' is in no registry of systems yet/);
      const kept = readFileSync(target, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.equal(kept.length, made.length);
      for (const { reply, sha256, system } of kept) {
        assert.deepEqual([sha256, system], [checksumOf(reply), "test-import"]);
      }
      const again = await runEmpathy(args);
      assert.equal(again.status, 1);
      assert.match(again.stderr, /^empathy: .*was imported before; say --replace.*\n$/);
      assert.equal((await runEmpathy([...args, "--replace"])).status, 0);
      const before = readFileSync(target, "utf8");
      writeFileSync(path, "dialogue,turn,reply\n");
      const emptied = await runEmpathy([...args, "--replace"]);
      assert.equal(emptied.status, 1);
      assert.match(emptied.stderr, /^empathy: .*: holds no rows; .*\n$/);
      assert.equal(readFileSync(target, "utf8"), before);
    } finally {
      rmSync(target, { force: true });
    }
  });

  it("takes columns by the names that an author gives them, and joins by the context alone", async () => {
    const made = recordsOf((await readSample()).slice(0, 5));
    const path = join(temporaryFolder(), "replies.csv");
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const rows = made.map(({ dialogue, turn, context, reply }) =>
      [dialogue, turn, quoted(JSON.stringify(context)), quoted(reply)].join(),
    );
    writeFileSync(path, `which,n,said,text\n${rows.join("\n")}\n`);
    const base = [
      "import",
      "--format",
      "csv",
      "--system",
      "test-named",
      "--dry-run",
      "--json",
      path,
    ];
    const joinedOf = async (...more: string[]) => {
      const { stdout, stderr } = await runEmpathy([...base, ...more]);
      return stderr.startsWith("empathy: /") ? stderr : JSON.parse(stdout).joined;
    };
    const named = ["--reply-column", "text", "--context-column", "said"];
    assert.equal(await joinedOf(...named), made.length);
    const byId = ["--reply-column", "text", "--id-column", "which", "--turn", "2"];
    assert.equal(await joinedOf(...byId), made.length);
    assert.equal(await joinedOf(...byId.slice(0, 5), "3"), 0);
    assert.match(
      await joinedOf(...byId.slice(0, 4)),
      /should have a column 'turn', but this one has which, n/,
    );
    const other = await runEmpathy(["import", "--format", "kemp", "--system", "x", path, ...named]);
    assert.match(
      other.stderr,
      /belong to --format csv and jsonl; a kemp file has columns of its own/,
    );
  });

  it("reads a format that is a description in JSON, and strips what it declares", async () => {
    const made = recordsOf((await readSample()).slice(0, 5));
    const folder = temporaryFolder();
    const [path, format] = [join(folder, "replies.txt"), join(folder, "format.json")];
    const lines = made.map(({ dialogue, context, reply }) => {
      const said = context.join(" <eot> ");
      return JSON.stringify({ id: dialogue, said, out: `<listener><think>Hm.</think>${reply}` });
    });
    writeFileSync(path, `${lines.join("\n")}\n`);
    const declare = (change: object) =>
      writeFileSync(
        format,
        JSON.stringify({
          name: "mine",
          layout: "jsonl",
          context: "said",
          contextSeparator: "<eot>",
          replies: { out: "" },
          strip: ["</?listener>", "<think>[^]*?</think>"],
          ...change,
        }),
      );
    declare({});
    const target = projectPath("data", "replies", "test-declared.imported.jsonl");
    const args = ["import", "--format", format, "--system", "test-declared", path];
    try {
      const { status, stderr } = await runEmpathy(args);
      assert.equal(status, 0, stderr);
      assert.doesNotMatch(stderr, /holds|hold /);
      const kept = readFileSync(target, "utf8").trimEnd().split("\n");
      assert.deepEqual(
        kept.map((line) => JSON.parse(line).reply),
        made.map(({ reply }) => reply.trim()),
      );
      declare({ strip: undefined });
      const marked = await runEmpathy([...args, "--replace"]);
      assert.match(marked.stderr, new RegExp(`${made.length} replies hold reasoning`));
    } finally {
      rmSync(target, { force: true });
    }
    for (const [change, said] of [
      [{ context: undefined }, /should name 'dialogue' and 'turn', or 'context'/],
      [{ layout: "records", labels: ["said"] }, /'out' is not one of 'labels'/],
      [{ replies: { out: "a", said: "a" } }, /two of 'replies' have the name 'a'; rename one/],
      [{ layout: "table", delimiter: '"' }, /'delimiter' should be neither a quotation mark/],
      [
        { delimiter: "," },
        /'delimiter' belongs to the layout 'table', not to 'jsonl'; leave it out/,
      ],
      [{ labels: ["out"] }, /'labels' belongs to the layout 'records'/],
      [{ layout: "table", rule: "-" }, /'rule' belongs to the layout 'records'/],
      [{ strip: ["("] }, /'\(' is not a regular expression/],
      [{ colour: "red" }, /colour/],
      [{ context: "history" }, /replies\.txt:1: the context is neither a text nor a list/],
    ] as const) {
      declare(change);
      const { status, stderr } = await runEmpathy([...args, "--dry-run"]);
      assert.equal(status, 1);
      assert.match(stderr, said);
      assert.equal(stderr.split("\n").filter((line) => line.startsWith("empathy:")).length, 1);
    }
  });

  it("adds nothing on a dry run, and lists what it leaves out", async () => {
    const { path, made } = await writeFile("csv", (text) => text.replace("sample:2", "sample:999"));
    const args = ["import", "--format", "csv", "--system", "test-dry", "--dry-run", "--json", path];
    const { status, stdout } = await runEmpathy(args);
    assert.equal(status, 0);
    const report = JSON.parse(stdout);
    assert.deepEqual([report.records, report.joined], [made.length, made.length - 1]);
    assert.deepEqual(report.left, { "no such dialogue": 1 });
    assert.equal(report.leftRecords.length, 1);
    assert.equal(report.systems[0].written, null);
    assert.ok(!existsSync(projectPath("data", "replies", "test-dry.imported.jsonl")));
  });

  it("leaves out a row that stands there twice to the letter, unless its sample is numbered", async () => {
    const twice = (text: string) => `${text.trimEnd()}\n${text.trimEnd().split("\n").at(-1)}\n`;
    const { path, made } = await writeFile("csv", twice);
    const args = ["import", "--format", "csv", "--system", "test-dry", "--dry-run", "--json"];
    const { stdout } = await runEmpathy([...args, path]);
    const { joined, left } = JSON.parse(stdout);
    assert.deepEqual([joined, left], [made.length, { "the same row again": 1 }]);
    const numbered = join(temporaryFolder(), "numbered.csv");
    const rows = ["sample:1,2,1,I see.", "sample:1,2,2,I see."];
    writeFileSync(numbered, `dialogue,turn,sample,reply\n${rows.join("\n")}\n`);
    assert.equal(JSON.parse((await runEmpathy([...args, numbered])).stdout).joined, 2);
  });

  it("ends with 1 where nothing joins, and says first that the corpus is not here", async () => {
    const { path } = await writeFile("csv", (text) => text.replaceAll("sample:", "hit:"));
    const args = ["import", "--format", "csv", "--system", "test-none", "--dry-run", path];
    const { status, stderr } = await runEmpathy(args);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^empathy: note: EmpatheticDialogues is not on this machine, so only the sample's/,
    );
    assert.match(
      stderr,
      /none of the \d+ records joined: EmpatheticDialogues is not on this machine; `npx/,
    );
  });

  it("takes every system of a file that holds several, or the one that is named", async () => {
    const { path } = await writeFile("mime");
    const args = ["import", "--format", "mime", "--system", "made", "--dry-run", "--json", path];
    const all = JSON.parse((await runEmpathy(args)).stdout);
    assert.deepEqual(
      all.systems.map(({ id }: { id: string }) => id),
      ["made-topk", "made-beam", "made-greedy"],
    );
    const one = JSON.parse((await runEmpathy([...args, "--column", "Beam"])).stdout);
    assert.deepEqual(
      one.systems.map(({ id }: { id: string }) => id),
      ["made"],
    );
    const none = await runEmpathy([...args, "--column", "Best"]);
    assert.match(
      none.stderr,
      /^empathy: a mime file has no column 'Best'; it has 'Topk', 'Beam', 'Greedy'\n$/,
    );
  });

  it("adds nothing of a file that breaks in the middle", async () => {
    const { path } = await writeFile("jsonl", (text) => `${text}{"dialogue"`);
    const { status, stderr } = await runEmpathy([
      "import",
      "--format",
      "jsonl",
      "--system",
      "test-broken",
      path,
    ]);
    assert.equal(status, 1);
    assert.match(stderr, /^empathy: .*:\d+: is not JSON .*\n$/);
    assert.ok(!existsSync(projectPath("data", "replies", "test-broken.imported.jsonl")));
  });

  it("refuses an identifier that cannot be a file's name", async () => {
    const { path } = await writeFile("csv");
    const { status, stderr } = await runEmpathy([
      "import",
      "--format",
      "csv",
      "--system",
      "../x",
      path,
    ]);
    assert.equal(status, 1);
    assert.match(stderr, /--system \.\.\/x: an identifier is/);
  });

  describe("as docs/systems.md shows it", () => {
    const text = readFileSync(projectPath("docs", "systems.md"), "utf8");
    const shown = [...text.matchAll(/`npx (empathy import --format ([\w-]+) [^`]+)`/g)];

    it("is shown for six formats of published studies", () => assert.equal(shown.length, 6));

    for (const [, command, format] of shown as unknown as [string, string, string][]) {
      it(`works for ${format}`, async () => {
        const { path } = await writeFile(format);
        const args = command.split(" ").slice(1, -1);
        const { status, stdout, stderr } = await runEmpathy([...args, path, "--dry-run", "--json"]);
        if (format === "llama-factory" || format === "kemp-lines") {
          assert.match(stderr, /`npx empathy data fetch kemp`/);
          return;
        }
        assert.equal(status, 0, stderr);
        assert.ok(JSON.parse(stdout).joined > 0);
      });
    }
  });

  it("notes prompts that look chosen by the human reply, and others not", async () => {
    const dialogues = await readSample();
    const asked = recordsOf(dialogues).filter(({ reference }) => reference.includes("?"));
    for (const [made, isChosen] of [
      [asked, true],
      [recordsOf(dialogues), false],
    ] as const) {
      const path = join(temporaryFolder(), "replies.csv");
      writeFileSync(path, (WRITERS.csv as (typeof WRITERS)[string])(made));
      const args = [
        "import",
        "--format",
        "csv",
        "--system",
        "test-dry",
        "--dry-run",
        "--json",
        path,
      ];
      const { status, stdout, stderr } = await runEmpathy(args);
      assert.equal(status, 0, stderr);
      const [asking] = JSON.parse(stdout).prompts;
      assert.deepEqual([asking.by, asking.isChosen], ["asking", isChosen], stdout);
      const note = /note: .*its prompts look chosen by the human reply: 100 % of the human replies/;
      assert.equal(note.test(stderr), isChosen);
    }
  });

  itNeeds(mirror, "notes that Llama-2-13b's prompts were chosen by a question", async () => {
    const file = `${mirror.folder}/empo/Llama-2-13b-chat_test_generated_text.csv`;
    const args = ["import", "--format", "empo-csv", "--system", "llama-2-13b", "--dry-run", file];
    const { status, stderr } = await runEmpathy(args, { env: { EMPATHY_MIRROR: mirror.folder } });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /100 % of the human replies there ask, against 46 % at such turns/);
  });

  itNeeds(mirror, "joins KEMP's own file", async () => {
    const { status, stdout, stderr } = await runEmpathy(
      [
        "import",
        "--format",
        "kemp",
        "--system",
        "kemp",
        "--dry-run",
        "--json",
        `${mirror.folder}/kemp/KEMP.txt`,
      ],
      { env: { EMPATHY_MIRROR: mirror.folder } },
    );
    assert.equal(status, 0, stderr);
    const { records, joined, dialogues } = JSON.parse(stdout);
    assert.deepEqual([records, joined, dialogues], [5255, 5249, 2542]);
  });
});
