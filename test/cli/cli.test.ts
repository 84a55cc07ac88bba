import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { itNeeds, mirror, patience } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { readSources } from "../../src/sources/source";

describe("the empathy command", function () {
  this.timeout(120_000);

  for (const command of [
    [],
    ["reproduce"],
    ["run"],
    ["data"],
    ["data", "list"],
    ["data", "fetch"],
    ["data", "verify"],
    ["score"],
    ["train"],
    ["ask"],
    ["report"],
    ["import"],
    ["fit"],
    ["meta"],
    ["agree"],
    ["power"],
    ["class"],
  ]) {
    it(`explains itself: empathy ${[...command, "--help"].join(" ")}`, async () => {
      const { status, stdout, stderr } = await runEmpathy([...command, "--help"]);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, new RegExp(`^Usage: empathy ${command.join(" ")}`));
      const name = command.join(" ");
      assert.match(stdout, new RegExp(`\n\nExamples:\n(  npx empathy ${name}.*\n){2}$`));
    });
  }

  const mistakes: [string[], RegExp][] = [
    [["reproduse"], /unknown command 'reproduse'\n\(Did you mean reproduce\?\)/],
    [["reproduce", "--chek"], /unknown option '--chek'\n\(Did you mean --check\?\)/],
    [["reproduce", "--from", "scratch"], /Allowed choices are scores, texts, models/],
    [["reproduce", "--timeout", "soon"], /positive number of seconds/],
    [["reproduce", "--timeout", "3000000"], /at most 2073600/],
    [["reproduce", "--from", "models"], /needs recorded replies/],
    [["run"], /missing required argument 'files'/],
    [["run", "absent.ipynb"], /absent\.ipynb: cannot be read \(ENOENT\)/],
    [["data", "fetch"], /name the sources to fetch/],
    [["data", "fetch", "edd"], /unknown source 'edd'; did you mean 'ed'\?/],
    [["ask", "--system", "gtp-4"], /unknown system 'gtp-4'; did you mean 'gpt-4'\?/],
    [["ask", "--as", "kmp"], /'kmp' is not in data\/systems.json; did you mean 'kemp'\?/],
    [
      ["ask", "--system", "falcon-7b", "--prompt", "papr"],
      /unknown prompt 'papr'; did you mean 'paper'\?/,
    ],
    [["score", "--scorer", "embeded"], /Allowed choices are .*\. Did you mean 'embedded'\?/],
    [["import", "--formt", "csv"], /^error: unknown option '--formt'\n\(Did you mean --format\?\)/],
    [["fit", "--dta", "x"], /^error: unknown option '--dta'\n\(Did you mean --data\?\)/],
    [
      ["fit", "--data", "x"],
      /^empathy: give the model with --formula "y ~ x \+ \(1 \| group\)", or/,
    ],
    [["data", "fetch", "ed-rebuilt"], /has no address to fetch: it was rebuilt from/],
    [["data", "verify", "edd"], /unknown source 'edd'/],
    [["study", "new", "con"], /^empathy: 'con' is a device, which Windows cannot hold as a folder/],
    ...["nul.txt", "Con.a", "a:b", "a ", "a\nb", "-a"].map((name): [string[], RegExp] => [
      ["study", "new", "--", name],
      /^empathy: '[^']+' cannot be a study's name, which has lower-case letters, digits and hyphens, [^\n]+\n$/,
    ]),
    [
      ["study", "export", "published"],
      /^empathy: the published study is this package; hand on [^\n]*\n$/,
    ],
    [["study", "export", "none"], /^empathy: no study is called 'none'/],
    [["study", "open", "none.tar.gz"], /^empathy: none\.tar\.gz: cannot be read \(ENOENT\)/],
    [["study", "new", "lpt1"], /'lpt1' is a device, .*; choose another name\n$/],
    [
      ["study", "new", "a".repeat(300)],
      /^empathy: 'a{60}' has more than 60 letters, which Windows/,
    ],
  ];
  for (const [args, pattern] of mistakes) {
    it(`answers \`empathy ${args.join(" ")}\` without a stack trace`, async () => {
      const { status, stdout, stderr } = await runEmpathy(args);
      assert.equal(status, 1);
      assert.equal(stdout, "");
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  const replies = join(temporaryFolder(), "replies.csv");
  before(() => writeFileSync(replies, "context,reply\nI lost my dog.,I am sorry.\n"));
  const unwritable: [string[], RegExp, NodeJS.ProcessEnv?][] = [
    [
      ["annotate", "plan", "--sample", "--budget", "80", "--raters", "2", "--out", "/dev/null/x"],
      /^empathy: \/dev\/null\/x\/rater-1\.html: cannot be written \(ENOTDIR\): a file stands where/,
    ],
    [
      ["score", "--in", replies, "--out", "/dev/null/x.csv"],
      /^empathy: \/dev\/null\/x\.csv: cannot be written \(ENOTDIR\): a file stands where a folder is/,
    ],
    [
      ["report", "--out", `/tmp/${"x".repeat(300)}.html`],
      /cannot be written \(ENAMETOOLONG\): the name is too long; choose a shorter one; nothing was/,
    ],
    [
      ["run", "notebooks/01-corpus.ipynb"],
      /^empathy: \/dev\/null\/x: cannot be written \(E\w+\); set TMPDIR to a folder that can\n$/,
      { TMPDIR: "/dev/null/x" },
    ],
  ];
  for (const [args, pattern, env] of unwritable) {
    it(`says in one line what \`empathy ${args[0]}\` cannot write`, async () => {
      const { status, stderr } = await runEmpathy(args, env ? { env } : {});
      assert.equal(status, 1);
      const [line] = stderr.split(/(?<=\n)/).slice(-1);
      assert.match(line ?? "", pattern);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  itNeeds(
    patience,
    "keeps the report in a folder, as one file that needs none beside it",
    async () => {
      const folder = temporaryFolder();
      const { status, stdout } = await runEmpathy(["report", "--out", folder], { cwd: folder });
      assert.deepEqual([status, stdout], [0, "report.html\n"]);
      const html = readFileSync(join(folder, "report.html"), "utf8");
      assert.doesNotMatch(
        html,
        /<script[^>]* src=|<link[^>]* rel="stylesheet"|<img[^>]* src="(?!data:)/,
      );
    },
  );

  // Other tests run commands one after the other in one process, which takes less time.
  const likeAUser: string[][] = [
    ["--version"],
    ["fit", "--help"],
    ["reproduce", "--chek"],
    ["study", "open", "none.tar.gz"],
    ["data", "list", "--json"],
    ["score", "--in", replies],
    [
      "fit",
      "--data",
      "data/example/simulated-replies.csv",
      "--formula",
      "er ~ family + (1 | system)",
    ],
    ["fit", "--data", "data/example/simulated-replies.csv", "--formula", "er ~ familly"],
    ["run", "absent.ipynb"],
  ];
  for (const args of likeAUser) {
    it(`prints in a process of its own what it prints after others: empathy ${args.slice(0, 2).join(" ")}`, async () => {
      assert.deepEqual(await runEmpathy(args, { alone: true }), await runEmpathy(args));
    });
  }

  it("lists every source with its place", async () => {
    const { stdout } = await runEmpathy(["data", "list", "--json"]);
    const rows = JSON.parse(stdout) as { id: string; place: string }[];
    assert.deepEqual(
      rows.map(({ id }) => id),
      readSources().map(({ id }) => id),
    );
    const plain = await runEmpathy(["data", "list"]);
    assert.match(
      plain.stdout,
      /^ed +(to fetch|cache) +EmpatheticDialogues, the official archive$/m,
    );
  });

  it("ends quietly when its reader closes the output early", async () => {
    const { status, stderr } = await runEmpathy(["data", "list"], {
      onStart: (child) => child.stdout?.destroy(),
    });
    assert.deepEqual([status, stderr], [0, ""]);
  });

  itNeeds(mirror, "verifies a mirror, and names both sums of a damaged file", async () => {
    const whole = await runEmpathy(["data", "verify"], { env: { EMPATHY_MIRROR: mirror.folder } });
    assert.equal(whole.status, 0, whole.stdout);
    assert.match(whole.stdout, /^kemp: sha256 holds$/m);
    const folder = temporaryFolder();
    const file = join(folder, "kemp", "KEMP.txt");
    mkdirSync(dirname(file));
    copyFileSync(join(mirror.folder, "kemp", "KEMP.txt"), file);
    writeFileSync(file, "one more line\n", { flag: "a" });
    const damaged = await runEmpathy(["data", "verify", "kemp"], {
      env: { EMPATHY_MIRROR: folder },
    });
    assert.equal(damaged.status, 1);
    assert.match(damaged.stdout, /expected sha256 a0f4a483[0-9a-f]+, found [0-9a-f]{64}; delete/);
  });

  itNeeds(mirror, "does not fetch what the mirror holds", async () => {
    const env = { EMPATHY_MIRROR: mirror.folder };
    const { status, stderr } = await runEmpathy(["data", "fetch", "kemp"], { env });
    assert.equal(status, 0);
    assert.match(stderr, /kemp: already in the mirror/);
  });
});
