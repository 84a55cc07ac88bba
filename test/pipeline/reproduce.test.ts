import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import type { Cell, CellProgress } from "run-notebooks";
import { itNeeds, mirror, mirrorAndPatience, otherNodes, patience } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { DifferenceFound } from "../../apps/pipeline/ledger";
import { type Noticed, type ReproduceOptions, reproduce } from "../../apps/pipeline/reproduce";
import { STAGES } from "../../apps/pipeline/stages";
import { projectPath } from "../../src/project";
import { listScoredSystems } from "../../src/study/scored-replies";
import { readStudy } from "../../src/study/study";

const NOWHERE = { mirror: undefined, cache: "/does/not/exist" };

/**
 * Copies what a run reads and writes into a folder from which cells still find their imports: of the
 * notebooks the first, of the scores one system's, and no claims, so that a run is short.
 */
function copyOfProject(): string {
  const root = projectPath("dist", "test-copy");
  rmSync(root, { recursive: true, force: true });
  const wanted = [
    "notebooks/01-corpus.ipynb",
    "data/corpus",
    "data/published",
    "data/scores/embedded-roberta/kemp.csv",
  ];
  for (const part of wanted) cpSync(projectPath(part), join(root, part), { recursive: true });
  shorten(join(root, "notebooks", "01-corpus.ipynb"));
  const figures = readdirSync(projectPath("figures")).filter((name) => name.startsWith("01-"));
  for (const name of figures) cpSync(projectPath("figures", name), join(root, "figures", name));
  const sums = readFileSync(projectPath("figures", "checksums.txt"), "utf8").split(/(?<=\n)/);
  writeFileSync(
    join(root, "figures", "checksums.txt"),
    sums.filter((line) => / 01-/.test(line)).join(""),
  );
  writeFileSync(join(root, "data", "claims.json"), '{"claims":[]}\n');
  mkdirSync(join(root, "data", "results"));
  for (const name of readdirSync(projectPath("data", "results"))) {
    const [header] = readFileSync(projectPath("data", "results", name), "utf8").split("\n");
    writeFileSync(join(root, "data", "results", name), `${header}\n`);
  }
  return root;
}

// A table, a check and the figure: what a run can do with a notebook, in a quarter of the time.
function shorten(path: string): void {
  const notebook = JSON.parse(readFileSync(path, "utf8"));
  const wanted = [
    "imports",
    "load",
    "load-check",
    "sentiment",
    "grouping",
    "grouping-search",
    "emotion-figure",
  ];
  notebook.cells = notebook.cells.filter(({ id }: { id: string }) => wanted.includes(id));
  for (const [at, cell] of notebook.cells.entries()) cell.execution_count = at + 1;
  writeFileSync(path, `${JSON.stringify(notebook, null, 1)}\n`);
}

function snapshot(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true }) as string[];
  const files = names.filter(
    (name) => /\.(ipynb|csv|json|svg|png|txt)$/.test(name) && !name.endsWith("stamps.json"),
  );
  return new Map(files.map((name) => [name, readFileSync(join(root, name), "base64")]));
}

function run(root: string, options: ReproduceOptions = {}) {
  return reproduce({ root, places: NOWHERE, from: "scores", ...options });
}

describe("reproduce", function () {
  this.timeout(120_000);

  it("reruns everything from the committed tables and leaves every byte as it was", async () => {
    const root = copyOfProject();
    const before = snapshot(root);
    const report = await run(root);
    assert.deepEqual(report.differences, []);
    assert.equal(report.from, "scores");
    assert.ok(report.notebooks.includes("01-corpus.ipynb"));
    assert.ok(report.figures.includes("01-emotions"));
    assert.deepEqual(snapshot(root), before);
  });

  it("repeats nothing of which nothing has changed, and what a change concerns", async () => {
    const root = copyOfProject();
    await run(root);
    const again = await run(root);
    assert.deepEqual([again.notebooks, again.current], [[], ["01-corpus.ipynb"]]);
    assert.ok(again.figures.includes("01-emotions"));
    const path = join(root, "data", "corpus", "test.csv");
    writeFileSync(path, `${readFileSync(path, "utf8")} `.trimEnd());
    const changed = await run(root);
    assert.deepEqual(changed.notebooks, ["01-corpus.ipynb"]);
    rmSync(join(root, "figures", "01-emotions.png"));
    const mended = await run(root);
    assert.deepEqual(mended.notebooks, ["01-corpus.ipynb"]);
    assert.deepEqual((await run(root, { all: true })).notebooks, ["01-corpus.ipynb"]);
  });

  it("runs a stage again when one of its inputs is added, changed or removed, and no other stage", async () => {
    const root = copyOfProject();
    const lister = readFileSync(join(root, "notebooks", "01-corpus.ipynb"), "utf8");
    const cells = JSON.parse(lister);
    cells.cells = [
      {
        cell_type: "code",
        id: "list",
        execution_count: null,
        metadata: {},
        outputs: [],
        source: [
          'import { existsSync, readdirSync } from "node:fs";\n',
          'readdirSync("../data/scores/embedded-roberta").length + Number(existsSync("../data/mine.csv"))',
        ],
      },
    ];
    writeFileSync(join(root, "notebooks", "02-list.ipynb"), JSON.stringify(cells));
    const work = async () => {
      const { stages, notebooks } = await run(root);
      return [...stages.filter((name) => name === "results" || name === "report"), ...notebooks];
    };
    const scores = join(root, "data", "scores", "embedded-roberta");
    const [one, other] = [join(scores, "kemp.csv"), join(scores, "moel.csv")];
    await work();
    assert.deepEqual(await work(), []);
    for (const [change, expected] of [
      [() => cpSync(one, other), ["results", "02-list.ipynb"]],
      [() => writeFileSync(other, readFileSync(one, "utf8").replace(/\n.*\n$/, "\n")), ["results"]],
      [() => rmSync(other), ["results", "02-list.ipynb"]],
      [() => writeFileSync(join(root, "data", "mine.csv"), ""), ["02-list.ipynb"]],
      [
        () => writeFileSync(join(root, "data", "claims.json"), '{"claims":[ ]}'),
        ["results", "report"],
      ],
      [() => writeFileSync(join(root, "data", "results", "shares.csv"), "damaged"), ["results"]],
      [() => rmSync(join(root, "report.html")), ["report"]],
      [() => rmSync(join(root, "figures", "01-emotions.svg")), ["01-corpus.ipynb"]],
    ] as const) {
      change();
      assert.deepEqual(await work(), expected, String(change));
      assert.deepEqual(await work(), [], String(change));
    }
  });

  it("keeps systems of one's own out of the published study, and gives them a study beside it", async () => {
    const root = copyOfProject();
    await run(root);
    const before = snapshot(root);
    const scores = join(root, "studies", "local", "data", "scores", "embedded-roberta");
    mkdirSync(scores, { recursive: true });
    cpSync(join(root, "data/scores/embedded-roberta/kemp.csv"), join(scores, "gpt-4.csv"));
    const { stages, differences, local } = await run(root);
    assert.deepEqual([stages.includes("results"), differences], [false, []]);
    assert.deepEqual([local?.folder, local?.systems], [join("studies", "local"), ["gpt-4"]]);
    assert.ok(local?.stages.includes("results") && local.notebooks.includes("01-corpus.ipynb"));
    for (const name of ["report.html", "data/results/shares.csv", "figures/01-emotions.svg"]) {
      assert.ok(existsSync(join(root, "studies", "local", name)), name);
    }
    const after = [...snapshot(root)].filter(([name]) => !name.startsWith("studies"));
    assert.deepEqual(new Map(after), before);
    assert.equal((await run(root)).local?.stages.includes("results"), false);
    assert.deepEqual(
      listScoredSystems(readStudy(root), "embedded-roberta").map(({ id }) => id),
      ["kemp"],
    );
    assert.deepEqual(
      listScoredSystems(readStudy(join(root, "studies", "local")), "embedded-roberta").map(
        ({ id }) => id,
      ),
      ["gpt-4", "kemp"],
    );
  });

  it("runs a study by its name, alone and in its own folder", async () => {
    const root = copyOfProject();
    const folder = join(root, "studies", "mine");
    mkdirSync(folder, { recursive: true });
    const study = { name: "mine", systems: ["kemp"], scorers: ["embedded-roberta"] };
    writeFileSync(join(folder, "study.json"), JSON.stringify(study));
    const before = snapshot(root);
    const done = await run(root, { study: "mine" });
    assert.deepEqual(done.study, { name: "mine", folder: join("studies", "mine"), systems: [] });
    assert.ok(done.stages.includes("results") && done.notebooks.includes("01-corpus.ipynb"));
    for (const name of ["report.html", "data/results/shares.csv", "figures/01-emotions.svg"]) {
      assert.ok(existsSync(join(folder, name)), name);
    }
    const after = [...snapshot(root)].filter(([name]) => !name.startsWith("studies"));
    assert.deepEqual(
      new Map(after),
      new Map([...before].filter(([name]) => !name.startsWith("studies"))),
    );
    assert.deepEqual((await run(root, { study: "mine" })).notebooks, []);
    await assert.rejects(run(root, { study: "mien" }), /did you mean 'mine'\?/);
    await assert.rejects(run(root, { study: "mine", check: true }), /--check holds the published/);
  });

  it("warns of replies that are in no table", async () => {
    const root = copyOfProject();
    mkdirSync(join(root, "data", "replies"));
    writeFileSync(join(root, "data", "replies", "nobody.jsonl"), "");
    const said: string[] = [];
    await run(root, { onStage: (text) => said.push(text) });
    assert.ok(said.some((text) => /'nobody' is in no registry of systems/.test(text)));
    assert.ok(said.some((text) => /nobody that may not be scored yet; --from models/.test(text)));
  });

  it("names the cell and shows both sides when a check finds a difference, and changes nothing", async () => {
    const root = copyOfProject();
    const path = join(root, "notebooks", "01-corpus.ipynb");
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace("<caption>Test dialogues by", "<caption>Tests by"),
    );
    const before = snapshot(root);
    await assert.rejects(run(root, { check: true }), (error) => {
      assert.ok(error instanceof DifferenceFound);
      const { file, where, stored, rerun } = error.difference;
      assert.equal(file, "notebooks/01-corpus.ipynb");
      assert.match(where, /^cell \d+, output 1 \(text\/html\)$/);
      assert.match(stored, /Tests by sentiment/);
      assert.match(rerun, /Test dialogues by sentiment/);
      return true;
    });
    assert.deepEqual(snapshot(root), before);
  });

  it("regenerates a figure that is missing or changed, removes one that nothing draws, and reports each", async () => {
    const root = copyOfProject();
    const before = snapshot(root);
    const figures = join(root, "figures");
    rmSync(join(figures, "01-emotions.svg"));
    writeFileSync(join(figures, "01-emotions.png"), "not a picture");
    writeFileSync(join(figures, "00-old.svg"), "<svg/>");
    writeFileSync(join(figures, "my-own.svg"), "<svg/>");
    const list = join(figures, "checksums.txt");
    writeFileSync(list, `${"0".repeat(64)}  00-old.svg\n${readFileSync(list, "utf8")}`);
    const report = await run(root);
    assert.deepEqual(
      report.differences.map(({ file, where }) => `${file}: ${where}`),
      [
        "figures/01-emotions.svg: the file",
        "figures/01-emotions.png: the checksum",
        "figures/00-old.svg: the file",
        "figures/checksums.txt: the text",
      ],
    );
    assert.equal(existsSync(join(figures, "00-old.svg")), false);
    assert.equal(existsSync(join(figures, "my-own.svg")), true);
    rmSync(join(figures, "my-own.svg"));
    assert.deepEqual(snapshot(root), before);
  });

  it("stops at a failing cell with the notebook's name, and leaves the notebook alone", async () => {
    const root = copyOfProject();
    const path = join(root, "notebooks", "01-corpus.ipynb");
    const broken = readFileSync(path, "utf8").replace("rows.length, 2546", "rows.length, 2545");
    writeFileSync(path, broken);
    await assert.rejects(run(root), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^notebooks\/01-corpus\.ipynb, cell \d+: .*AssertionError/s);
      return true;
    });
    assert.equal(readFileSync(path, "utf8"), broken);
  });

  it("names a committed table that was edited, and the row, before anything is computed from it", async () => {
    const root = copyOfProject();
    const manifest = JSON.parse(readFileSync(projectPath("data", "croissant.json"), "utf8"));
    const isCopied = ({ contentUrl }: { contentUrl: string }) =>
      /^(corpus|published|results)\/|^scores\/embedded-roberta\/kemp/.test(contentUrl);
    manifest.distribution = manifest.distribution.filter(isCopied);
    writeFileSync(join(root, "data", "croissant.json"), JSON.stringify(manifest));
    assert.ok((await run(root)).stages.includes("results"));
    const before = snapshot(root);
    const edit = (file: string, change: (lines: string[]) => void) => {
      const lines = readFileSync(join(root, file), "utf8").split("\n");
      change(lines);
      writeFileSync(join(root, file), lines.join("\n"));
    };
    const kemp = "data/scores/embedded-roberta/kemp.csv";
    const original = readFileSync(join(root, kemp));
    const said: string[] = [];
    const refused = async (message: RegExp, options: ReproduceOptions = {}) => {
      const onStage = (text: string) => said.push(text);
      await assert.rejects(run(root, { onStage, ...options }), (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        return true;
      });
    };
    edit(kemp, (lines) => {
      lines[1] = (lines[1] as string).replace(/^([^,]+,\d+,\d+,\d+),./, "$1,1");
    });
    const named =
      /^data\/scores\/embedded-roberta\/kemp\.csv:2: was edited: 'er' is 1, and its most/;
    for (const check of [false, true]) await refused(named, { check });
    writeFileSync(join(root, kemp), original);
    edit(kemp, (lines) => lines.splice(7, 1));
    await refused(
      /^data\/scores\/embedded-roberta\/kemp\.csv: is not the committed table; restore/,
    );
    writeFileSync(join(root, kemp), original);
    edit(kemp, (lines) => {
      lines[4] = `${lines[4]},1`;
    });
    await refused(/^data\/scores\/embedded-roberta\/kemp\.csv:5: has more or fewer cells than the/);
    rmSync(join(root, kemp));
    await refused(/^data\/scores\/embedded-roberta\/kemp\.csv: is missing; restore it with `git/);
    writeFileSync(join(root, kemp), original);
    edit("data/corpus/test.csv", (lines) => lines.reverse());
    await refused(/^data\/corpus\/test\.csv: is not the committed table; restore it with `git/);
    writeFileSync(
      join(root, "data/corpus/test.csv"),
      readFileSync(projectPath("data/corpus/test.csv")),
    );
    assert.equal(
      said.some((text) => /^(results|notebooks)/.test(text)),
      false,
      said.join(),
    );
    assert.deepEqual(snapshot(root), before);
    assert.deepEqual((await run(root)).notebooks, []);
  });

  it("does not certify a notebook when a file was changed after its cells had read it", async () => {
    const root = copyOfProject();
    const path = join(root, "data", "corpus", "test.csv");
    const [text, saved] = [readFileSync(path, "utf8"), statSync(path)];
    // The same rows, and an edit that is taken back: what the cells read can be seen by nobody any more.
    for (const edit of [
      () => writeFileSync(path, text.trimEnd()),
      () => {
        writeFileSync(path, "");
        writeFileSync(path, text);
        utimesSync(path, saved.atime, new Date());
      },
    ]) {
      writeFileSync(path, text);
      const onCell = (_: string, { count, seconds }: CellProgress) => {
        if (count === 3 && seconds !== undefined) edit();
      };
      const { changedInputs } = await run(root, { all: true, onCell });
      const changed = { step: "notebooks/01-corpus.ipynb", file: "data/corpus/test.csv" };
      assert.deepEqual(changedInputs, [changed]);
      const again = await run(root);
      assert.deepEqual([again.notebooks, again.changedInputs], [["01-corpus.ipynb"], []]);
    }
    const onCell = () => writeFileSync(path, text);
    await assert.rejects(run(root, { check: true, onCell }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /^data\/corpus\/test\.csv: was changed while .* was checked; check/,
      );
      return true;
    });
  });

  it("leaves a notebook that was saved while it was rerun as it was saved, and says so", async () => {
    const root = copyOfProject();
    const path = join(root, "notebooks", "01-corpus.ipynb");
    const saved = readFileSync(path, "utf8").replace("import {", "// mine\\nimport {");
    const claims = join(root, "data", "claims.json");
    const onCell = () => {
      writeFileSync(path, saved);
      writeFileSync(claims, '{ "claims": [] }\n');
    };
    const noticed: Noticed[] = [];
    const onUnfinished = (found: Noticed) => noticed.push(found);
    await assert.rejects(run(root, { onCell, onUnfinished }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /01-corpus\.ipynb: was changed after this run had read it/);
      return true;
    });
    assert.equal(readFileSync(path, "utf8"), saved);
    assert.deepEqual(
      noticed.map(({ changedInputs }) => changedInputs),
      [[{ step: "results", file: "data/claims.json" }]],
    );
  });

  it("reports what a notebook's cell printed after it had ended", async () => {
    const root = copyOfProject();
    const path = join(root, "notebooks", "01-corpus.ipynb");
    const notebook = JSON.parse(readFileSync(path, "utf8"));
    const [model] = notebook.cells.filter((cell: Cell) => cell.cell_type === "code");
    const sources = [
      "const p = new Promise<void>((r) => setTimeout(() => { console.log(1); r() }, 200))",
      "await p",
    ];
    notebook.cells = sources.map((source, at) => ({ ...model, id: `c${at}`, source, outputs: [] }));
    writeFileSync(path, JSON.stringify(notebook));
    const { lateOutputs } = await run(root);
    assert.deepEqual(lateOutputs, [{ file: "notebooks/01-corpus.ipynb", cellNumber: 1, lines: 1 }]);
  });

  it("insists on the texts, and says how to have them", async () => {
    await assert.rejects(
      run(copyOfProject(), { from: "texts" }),
      /`npx empathy data fetch ed`, or set EMPATHY_MIRROR/,
    );
  });

  itNeeds(
    mirrorAndPatience,
    "rebuilds the tables from the mirrored texts, byte for byte",
    async () => {
      const root = copyOfProject();
      cpSync(projectPath("data"), join(root, "data"), { recursive: true });
      writeFileSync(join(root, "data", "claims.json"), '{"claims":[]}\n');
      const places = { mirror: mirror.folder, cache: NOWHERE.cache };
      writeFileSync(join(root, "data/corpus/test.csv"), "damaged\n");
      const report = await run(root, { from: "texts", places });
      assert.deepEqual([report.from, report.archive], ["texts", "ed-rebuilt"]);
      const fromTexts = STAGES.filter(({ needs }) => needs === "texts").map(({ name }) => name);
      assert.deepEqual(
        fromTexts.filter((name) => !report.stages.includes(name)),
        [],
      );
      const changed = report.differences.map(({ file }) => file);
      // No claims were estimated here, so their tables are others.
      const tables = ["claims", "multiverse", "without", "shares"];
      const results = tables.map((name) => `data/results/${name}.csv`);
      assert.deepEqual(changed, ["data/corpus/test.csv", ...results]);
      const table = "data/corpus/test.csv";
      assert.equal(
        readFileSync(join(root, table), "utf8"),
        readFileSync(projectPath(table), "utf8"),
      );
    },
    600_000,
  );
});

describe("empathy reproduce --check", function () {
  this.timeout(400_000);
  // One run shows that neither the first of them nor time zone and locale change a byte.
  const [first, ...others] = otherNodes.met ? otherNodes.programs : [];
  const nameOf = (node: string) => /node-\d+/.exec(node)?.[0] ?? node;

  itNeeds(
    patience,
    `finds nothing to report in another time zone, under another locale${first ? ` and ${nameOf(first)}` : ""}`,
    async () => {
      const env = {
        TZ: "Asia/Kolkata",
        LANG: "de_DE.UTF-8",
        LC_ALL: "de_DE.UTF-8",
        FORCE_COLOR: "1",
      };
      const args = ["reproduce", "--check", "--verbose", "--from", "scores"];
      const { status, stdout } = await runEmpathy(args, { env, ...(first ? { node: first } : {}) });
      assert.equal(status, 0, stdout);
      assert.match(stdout, /^No differences: \d+ notebooks rerun, 0 unchanged, \d+ figures, in /);
      assert.match(stdout, /\n {2}er-above-ecs +\w/);
      assert.match(stdout, /Notebooks rerun: +\d+ \(01-corpus\.ipynb/);
      assert.match(stdout, /Figures compared: +\d+ \(01-emotions/);
      assert.match(stdout, /Built from: +scores\n/);
    },
    400_000,
  );

  it("stops on Ctrl-C with status 130, and changes nothing", async () => {
    const before = snapshot(projectPath("notebooks"));
    const { status, stdout, stderr } = await runEmpathy(
      ["reproduce", "--from", "scores", "--all"],
      {
        onStart: (child) => setTimeout(() => child.kill("SIGINT"), 2500),
      },
    );
    assert.deepEqual([status, stdout], [130, ""]);
    assert.match(stderr, /empathy: stopped by SIGINT/);
    assert.deepEqual(snapshot(projectPath("notebooks")), before);
  });

  for (const node of otherNodes.met ? others : ["another Node"]) {
    itNeeds(
      otherNodes,
      `gives the same bytes under ${nameOf(node)}`,
      async () => {
        const { status, stdout, stderr } = await runEmpathy(["reproduce", "--check", "--json"], {
          node,
        });
        assert.equal(status, 0, stdout + stderr);
        assert.deepEqual(JSON.parse(stdout).differences, []);
      },
      400_000,
    );
  }
});
