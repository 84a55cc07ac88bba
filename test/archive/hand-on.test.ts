// A study goes from one clone to another: what the archive holds, and that it comes out there as it was.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyClone, runCopy } from "test-support/run-copy";
import { temporaryFolder } from "test-support/temporary";
import { type Files, packFiles, readFiles } from "../../apps/archive/tar-file";
import { formatManifest, listFile, parseManifest } from "../../apps/pipeline/manifest";
import { readPrompts } from "../../src/asking/registries";
import { checksumOf } from "../../src/systems/reply";
import { findSystem, readSystems, type System } from "../../src/systems/system";
import { journalLine } from "../study/journal-line";
import { codeCell, copyToRun } from "./copy-to-run";

const REPLY = "Oh no! What happened then?";
const PROMPT = {
  ...readPrompts().find(({ id }) => id === "short"),
  id: "brief",
  title: "Be brief",
};
const falcon = findSystem(readSystems(), "falcon-7b");
const MINE: System = {
  ...falcon,
  id: "mine",
  name: "My Falcon",
  inPaper: false,
  replies: { ...falcon.replies, prompt: PROMPT.id } as System["replies"],
};

function put(root: string, file: string, content: unknown): void {
  mkdirSync(join(root, file, ".."), { recursive: true });
  writeFileSync(
    join(root, file),
    typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`,
  );
}

// An import: somebody's file, of which nobody knows who may hand it on.
const OTHER: System = {
  ...MINE,
  id: "other",
  name: "Another",
  replies: { from: "published", format: "csv", how: "from its authors" },
};

/** A clone on which a system of one's own has answered the sample corpus. */
function cloneWithReplies(): string {
  const root = copyToRun();
  put(root, "studies/local/systems.json", { systems: [MINE, OTHER, { ...MINE, id: "unused" }] });
  put(root, "studies/local/prompts.json", { prompts: [PROMPT, { ...PROMPT, id: "unused" }] });
  const lines = Array.from({ length: 64 }, (_, at) =>
    journalLine({ dialogue: `sample:${at + 1}`, system: "mine", key: `${at}`, reply: REPLY }),
  );
  put(root, "data/replies/mine.jsonl", lines.join(""));
  const [dialogue, reply] = ["sample:1", "I see."];
  const imported = { dialogue, turn: 2, sample: 1, reply, sha256: checksumOf(reply) };
  put(root, "data/replies/other.imported.jsonl", `${JSON.stringify(imported)}\n`);
  const study = { systems: ["human", "own"], corpus: "sample", fewestReplies: 5 };
  put(root, "studies/trial/study.json", { ...study, claims: ["er-above-human"] });
  return root;
}

async function command(root: string, ...args: string[]) {
  const { status, stdout, stderr } = await runCopy(root, args);
  assert.doesNotMatch(stderr, /\n\s+at /);
  return { status, stdout, stderr };
}

/** Writes an archive of other files, with a manifest that fits them. */
async function repack(files: Files, changes: Readonly<Record<string, string>>): Promise<string> {
  const changed = new Map(files);
  for (const [path, text] of Object.entries(changes)) changed.set(path, Buffer.from(text));
  const manifest = parseManifest(String(files.get("manifest.json")), "manifest.json");
  changed.delete("manifest.json");
  const listed = [...changed].map(([path, content]) => listFile(path, content));
  changed.set("manifest.json", Buffer.from(formatManifest({ ...manifest, files: listed })));
  const path = join(temporaryFolder(), "changed.tar.gz");
  writeFileSync(path, await packFiles(changed));
  return path;
}

describe("a study that is handed on", function () {
  this.timeout(120_000);

  let author = "";
  let reader = "";
  // Where nothing was opened yet.
  const clean = copyClone();
  let archive = "";
  let files: Files = new Map();

  before(async () => {
    author = cloneWithReplies();
    reader = copyToRun();
    archive = join(author, "trial.tar.gz");
  });

  const text = (path: string) => String(files.get(path));
  const namesIn = (root: string, folder: string) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).sort() : [];

  it("is refused before it was run, and where its file was changed since", async () => {
    const early = await command(author, "study", "export", "trial");
    assert.equal(
      early.stderr,
      "empathy: studies/trial: has no results yet; run `npm run reproduce -- --study trial` first\n",
    );
    assert.equal((await command(author, "reproduce", "--study", "trial")).status, 0);
    const path = join(author, "studies", "trial", "study.json");
    const study = readFileSync(path, "utf8");
    writeFileSync(path, study.replace('"fewestReplies": 5', '"fewestReplies": 6'));
    const late = await command(author, "study", "export", "trial");
    assert.match(late.stderr, /^empathy: studies\/trial\/data\/results: is older than .* first\n$/);
    writeFileSync(path, study);
    assert.equal(existsSync(archive), false);
  });

  it("holds its systems by name, what they were asked with, and of replies no text", async () => {
    const { status, stdout, stderr } = await command(
      author,
      "study",
      "export",
      "trial",
      "--out",
      archive,
    );
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /trial\.tar\.gz: 3 systems, \d+ files, \d+ kB, no texts; \d+ tables of the package/,
    );
    files = await readFiles(archive);
    assert.deepEqual(JSON.parse(text("study.json")).systems, ["human", "mine", "other"]);
    assert.deepEqual(JSON.parse(text("claims.json")).claims.length, 1);
    assert.deepEqual(JSON.parse(text("systems.json")), { systems: [MINE, OTHER] });
    assert.deepEqual(JSON.parse(text("prompts.json")), { prompts: [PROMPT] });
    assert.equal(files.has("prices.json"), false);
    assert.match(text("data/replies/mine.csv"), /^sample:1,2,1,ok,falcon,falcon-0301,2026-/m);
    for (const [path, content] of files) {
      assert.ok(!content.includes("What happened then"), path);
      assert.ok(!content.includes(author), path);
    }
    const again = await command(author, "study", "export", "trial", "--out", archive);
    assert.match(again.stderr, /exists already; move it away, or name another file with --out\n$/);
  });

  it("has the texts that its author may hand on, where that is asked, and the same bytes each time", async () => {
    const [first, second] = ["one.tar.gz", "two.tar.gz"].map((name) => join(author, name));
    for (const out of [first, second] as string[]) {
      const { stderr } = await command(author, "study", "export", "trial", "--texts", "--out", out);
      assert.match(stderr, /note: the texts of 'mine' go along; its entry says of their licence: /);
      assert.match(
        stderr,
        /note: the texts of 'other' do not go along: they were not asked for on this/,
      );
    }
    assert.deepEqual(readFileSync(first as string), readFileSync(second as string));
    const packed = await readFiles(first as string);
    assert.ok(![...packed.values()].some((content) => content.includes("I see.")));
    const replies = String(packed.get("data/replies/mine.csv"));
    assert.equal(replies.split(`,${REPLY}\n`).length, 65);
  });

  it("comes out in another clone as it was, with its own registries and nobody else's touched", async () => {
    const { status, stdout, stderr } = await command(reader, "study", "open", archive);
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^No difference: results, 1 notebook, 0 figures and report of 'trial' came out/,
    );
    assert.match(
      readFileSync(join(reader, "studies/trial/notebooks/01-names.ipynb"), "utf8"),
      /My Falcon/,
    );
    assert.deepEqual(namesIn(reader, "studies"), ["opened.json", "trial"]);
    const check = await command(reader, "reproduce", "--study", "trial", "--check");
    assert.match(check.stdout, /^No differences: 1 notebook rerun/);
  });

  it("is opened under another name, and names the row, the column and both values of a first difference", async () => {
    const table = "data/scores/embedded-readings/mine.csv";
    const scores = text(table).replace(
      /^(sample:\d+,2,1,\d+,)(\d)/gm,
      (_, start, level) => `${start}${level === "0" ? 1 : 0}`,
    );
    const changed = await repack(files, { [table]: scores });
    const args = ["study", "open", changed, "--as", "theirs", "--no-notebooks"];
    const { status, stdout } = await command(reader, ...args);
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^data\/results\/\w+\.csv differs in row \d+ \(.*\): .*\n {2}in the file: .*\n {2}rerun: .*\n$/,
    );
    assert.match(
      readFileSync(join(reader, "studies/theirs/notebooks/01-names.ipynb"), "utf8"),
      /The study `theirs`/,
    );
  });

  it("keeps what it was computed from: a run names a table that is gone or was edited", async () => {
    const path = join(reader, "studies/theirs/data/scores/embedded-roberta/human.csv");
    writeFileSync(path, "edited");
    const { status, stderr } = await command(reader, "reproduce", "--study", "theirs");
    assert.equal(status, 1);
    assert.match(
      stderr,
      /human\.csv: is another than the manifest lists, and an opened study stays as it is; /,
    );
  });

  // What stands against a study that was opened before, or beside a notebook that is here.
  const HERE = [
    "a name that is taken",
    "an entry that this machine has otherwise",
    "code that is not the package's",
  ];

  const refusals: readonly (readonly [string, () => Promise<string[]>, RegExp])[] = [
    ["a name that is taken", async () => [archive], /trial: is there already; .* --as NAME\n$/],
    [
      "a file that the manifest lists and the archive lacks",
      async () => [await without("data/scores/embedded-roberta/human.csv")],
      /'data\/scores\/embedded-roberta\/human\.csv' is missing; have the study exported again\n$/,
    ],
    [
      "a smaller study whose manifest fits it",
      async () => [await repackWithout(/^data\/scores\/.*mine\.csv$/)],
      /'data\/scores\/embedded-readings\/mine\.csv' is missing/,
    ],
    [
      "a system without an entry",
      async () => [await repackWithout(/^systems\.json$/)],
      /'systems' names 'mine', which is not in data\/systems\.json/,
    ],
    [
      "a prompt without an entry",
      async () => [await repackWithout(/^prompts\.json$/)],
      /'mine' was asked with the prompt 'brief', which is in no registry/,
    ],
    [
      "an entry that this machine has otherwise",
      async () => {
        const systems = [{ ...MINE, name: "Her Falcon" }, OTHER];
        return [
          await repack(files, { "systems.json": JSON.stringify({ systems }) }),
          "--as",
          "hers",
        ];
      },
      /systems\.json: the system 'mine' is on this machine with another 'name'/,
    ],
    [
      "code that is not the package's",
      async () => {
        const notebook = JSON.parse(text("notebooks/01-names.ipynb"));
        const cells = [...notebook.cells, codeCell("mine", "console.log(1)")];
        return [
          await repack(files, { "notebooks/my-own.ipynb": JSON.stringify({ ...notebook, cells }) }),
          "--as",
          "hers",
        ];
      },
      /'notebooks\/my-own\.ipynb' holds code that is not this package's and would run/,
    ],
    [
      "a table of the package that this clone has otherwise",
      async () => {
        const manifest = parseManifest(text("manifest.json"), "manifest.json");
        const read = manifest.read.map((file) => ({ ...file, sha256: "0".repeat(64) }));
        const other = new Map(files).set(
          "manifest.json",
          Buffer.from(formatManifest({ ...manifest, read })),
        );
        return [await write(other)];
      },
      /^empathy: data\/.*\.csv: is another than the manifest lists, in this clone; .* check that version out/,
    ],
    [
      "tables of the package in places that are none",
      async () => {
        const manifest = parseManifest(text("manifest.json"), "manifest.json");
        const copied = [{ ...listFile("data/../../x.csv", Buffer.from("")) }];
        const other = new Map(files).set(
          "manifest.json",
          Buffer.from(formatManifest({ ...manifest, copied })),
        );
        return [await write(other)];
      },
      /'data\/\.\.\/\.\.\/x\.csv' is no place of a study's file/,
    ],
  ];

  async function write(of: Files): Promise<string> {
    const path = join(temporaryFolder(), "other.tar.gz");
    writeFileSync(path, await packFiles(of));
    return path;
  }

  function without(path: string): Promise<string> {
    return write(new Map([...files].filter(([one]) => one !== path)));
  }

  function repackWithout(pattern: RegExp): Promise<string> {
    return repack(new Map([...files].filter(([path]) => !pattern.test(path))), {});
  }

  for (const [what, args, message] of refusals) {
    it(`is not opened with ${what}: one line, and nothing unpacked`, async () => {
      const given = await args();
      const root = HERE.includes(what) ? reader : clean;
      const before = namesIn(root, "studies");
      const { status, stdout, stderr } = await command(root, "study", "open", ...given);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, /^empathy: [^\n]*\n$/);
      assert.match(stderr, message);
      assert.deepEqual(namesIn(root, "studies"), before);
      assert.deepEqual(
        namesIn(root, "data/cache").filter((one) => one.startsWith("opening")),
        [],
      );
    });
  }

  it("leaves no entry behind where its folders are deleted", async () => {
    const args = ["study", "new", "later", "--systems", "human,mine"];
    const known = await command(reader, ...args);
    assert.equal(known.status, 0, known.stderr);
    for (const name of ["trial", "theirs", "later"]) {
      rmSync(join(reader, "studies", name), { recursive: true });
    }
    const { stderr } = await command(reader, ...args);
    assert.match(stderr, /'systems' names 'mine', which is not in data\/systems\.json/);
  });

  it("is not looked for where the list of opened studies was broken: one line names it", async () => {
    put(clean, "studies/opened.json", { studies: ["../gone"] });
    const { stderr } = await command(clean, "study", "list");
    assert.match(stderr, /^empathy: .*opened\.json: is not \{"studies": \[NAMES\]\}; [^\n]*\n$/);
  });
});
