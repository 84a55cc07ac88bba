import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Cell,
  CellError,
  formatNotebook,
  KernelError,
  type LateLines,
  type Notebook,
  type Output,
  OutputCollector,
  type RunOptions,
  readNotebook,
  runNotebook,
  StrayError,
} from "run-notebooks";
import { codeCell, notebookOf } from "run-notebooks/test/notebook-of";
import { itNeeds, jupyter } from "test-support/needs";
import { type RunSettings, runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { completeFigure } from "../../apps/pipeline/complete-figure";
import { projectPath } from "../../src/project";

const cwd = projectPath("notebooks");

function run(cells: readonly Cell[], options: Partial<RunOptions> = {}): Promise<Notebook> {
  return runNotebook(notebookOf(...cells), { cwd, ...options });
}

function textOf(cell: Cell | undefined): string {
  return (cell?.outputs ?? [])
    .map((output) => (output.output_type === "stream" ? output.text : `<${output.output_type}>`))
    .join("");
}

// A folder of this test's own, so that other runs on the same machine do not show in it.
const temporary = temporaryFolder();
const { TMPDIR } = process.env;
before(() => {
  process.env.TMPDIR = temporary;
});
after(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
});

function foldersLeft(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith("empathy-kernel-"));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function eventually(condition: () => boolean, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) {
    if (condition()) return true;
  }
  return condition();
}

describe("runNotebook", function () {
  this.timeout(60_000);

  it("keeps every kind of output in order, counts cells from 1, and leaves the others alone", async () => {
    const text: Cell = { id: "t", cell_type: "markdown", source: "# Hi", metadata: {} };
    const notebook = await run([
      text,
      codeCell('console.log("a"); console.error("b"); console.log("c")'),
      codeCell('import { display } from "tslab";\ndisplay.html("<i>x</i>"); console.log("after")'),
      codeCell("1 + 1"),
      codeCell(""),
    ]);
    assert.equal(notebook.cells[0], text);
    assert.deepEqual(
      notebook.cells.map((cell) => cell.execution_count),
      [undefined, 1, 2, 3, 4],
    );
    assert.deepEqual(
      notebook.cells[1]?.outputs?.map((output) => output.output_type === "stream" && output.text),
      ["a\n", "b\n", "c\n"],
    );
    assert.equal(textOf(notebook.cells[2]), "<display_data>after\n");
    assert.equal(textOf(notebook.cells[3]), "2\n");
    assert.equal(textOf(notebook.cells[4]), "");
    assert.deepEqual(foldersLeft(), []);
  });

  it("gives cells a fixed time zone and locale and little else of the caller's environment", async () => {
    process.env.EMPATHY_TEST_SECRET = "planted";
    const code = `console.log(new Date(0).getTimezoneOffset(), (1234.5).toLocaleString(),
      process.env.EMPATHY_TEST_SECRET, process.env.GIVEN)`;
    const notebook = await run([codeCell(code)], { env: { GIVEN: "yes" } });
    delete process.env.EMPATHY_TEST_SECRET;
    assert.equal(textOf(notebook.cells[0]), "0 1,234.5 undefined yes\n");
  });

  it("drops the times that front ends record", async () => {
    const cell = { ...codeCell("1"), metadata: { execution: { started: "now" }, tags: ["keep"] } };
    const notebook = await run([cell]);
    assert.deepEqual(notebook.cells[0]?.metadata, { tags: ["keep"] });
  });

  it("keeps output apart by cell, merged, when a cell prints much", async () => {
    const code = 'for (let i = 0; i < 20_000; i++) console.log(i + "é".repeat(20))';
    const notebook = await run([codeCell(code), codeCell('console.log("next")')]);
    assert.equal(notebook.cells[0]?.outputs?.length, 1);
    assert.equal(textOf(notebook.cells[0]).split("\n").length, 20_001);
    assert.equal(textOf(notebook.cells[1]), "next\n");
  });

  async function failure(source: string, options: Partial<RunOptions> = {}): Promise<CellError> {
    const started = run([codeCell("const before = 1"), codeCell(source)], options);
    const error = await started.then(
      () => assert.fail("the cell should fail"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof CellError, String(error));
    assert.equal(error.cellNumber, 2);
    assert.deepEqual(foldersLeft(), []);
    return error;
  }

  it("stops at a cell that throws, with the message and the cell, and without the kernel's frames", async () => {
    const { message } = await failure('const x = 1;\nthrow new Error("out of beans");');
    assert.match(message, /^cell 2: .*Error: out of beans/s);
    assert.match(message, / {3}2 \| throw new Error\("out of beans"\);/);
    assert.match(message, /\n {4}at cell 2, line 2\n/);
    assert.doesNotMatch(message, /tslab|node:|evalmachine/);
  });

  it("stops at a type error, at a failed check and at a rejected promise", async () => {
    assert.match(
      (await failure('const n: number = "one"')).message,
      /Type 'string' is not assignable/,
    );
    const check = 'import assert from "node:assert"; assert.equal(1 + 1, 3, "sums")';
    assert.match((await failure(check)).message, /AssertionError.*sums/s);
    assert.match((await failure('await Promise.reject(new Error("later"))')).message, /later/);
  });

  it("stops at an error that nobody awaited", async () => {
    const { reason } = await failure(
      '(async () => { await null; throw new Error("unawaited") })(); 1',
    );
    assert.match(reason, /^UnhandledPromiseRejection: Error: unawaited\n {4}at cell 2$/);
    const late =
      'setTimeout(() => { throw new Error("late") }, 5); await new Promise((r) => setTimeout(r, 50))';
    assert.match((await failure(late)).reason, /^UncaughtException: Error: late\n/);
  });

  it("blames the cell that began what failed, also where what was thrown is no error", async () => {
    const wait = "await new Promise((r) => setTimeout(r, 300))";
    for (const thrown of [
      "Promise.reject({ a: 1 })",
      "setTimeout(() => { throw { a: 1 } }, 150)",
    ]) {
      await assert.rejects(run([codeCell(thrown), codeCell(wait)]), (error: CellError) => {
        assert.equal(error.cellNumber, 1, thrown);
        return /^Un.*: \{ a: 1 \}$/.test(error.reason);
      });
    }
  });

  it("blames no cell where nobody knows which began what failed", async () => {
    const registered = `const registry = new FinalizationRegistry(() => { throw { a: 1 } });
      (() => registry.register({}, 1))();`;
    const collected = `import v8 from "node:v8"; import vm from "node:vm"; v8.setFlagsFromString("--expose-gc");
      for (let i = 0; i < 5; i++) { vm.runInNewContext("gc")(); await new Promise((r) => setTimeout(r, 50)) }`;
    await assert.rejects(run([codeCell(registered), codeCell(collected)]), (error) => {
      assert.ok(error instanceof StrayError, String(error));
      return error.message === "UncaughtException: { a: 1 }";
    });
  });

  it("keeps lines of a message that look like a frame, and drops the head of a compiled file", async () => {
    const { reason } = await failure('throw new Error("rows:\\n  at row 3: broken")');
    assert.match(reason, /rows:\n {2}at row 3: broken\n {4}at cell 2, line 1$/);
    const code = `import { readCorpusTable } from "empathy-notebooks"; readCorpusTable("none.csv")`;
    assert.match((await failure(code)).reason, /^UserError: none\.csv: no such file/);
  });

  it("names the cell whose figure cannot be drawn", async () => {
    const code = `import { display } from "tslab";
display.raw("application/vnd.plotly.v1+json", { data: [{ type: "barr", x: [1], y: [1] }], layout: {} } as any);`;
    const complete: RunOptions["complete"] = (bundle) => completeFigure(bundle, () => {});
    assert.match((await failure(code, { complete })).reason, /^figure figure: .*barr/);
  });

  it("updates a display that an earlier cell made, as Jupyter does", async () => {
    const notebook = await run([
      codeCell('import { newDisplay } from "tslab"; const shown = newDisplay(); shown.html("one")'),
      codeCell('shown.html("two")'),
    ]);
    const [output] = notebook.cells[0]?.outputs ?? [];
    assert.deepEqual(output, {
      output_type: "display_data",
      data: { "text/html": "two" },
      metadata: {},
    });
    assert.deepEqual(notebook.cells[1]?.outputs, []);
  });

  it("gives no cell what a timer of an earlier one prints or shows", async () => {
    const wait = "await new Promise((resolve) => setTimeout(resolve, 120));";
    const notebook = await run([
      codeCell(`import { display } from "tslab"; console.log("early");
        setInterval(() => { console.log("late"); display.html("late"); }, 20); ${wait}`),
      codeCell(`${wait} setTimeout(() => console.log("own"), 5); ${wait}`),
      codeCell('console.log("done")'),
    ]);
    const [first, ...others] = notebook.cells.map(textOf);
    assert.match(first ?? "", /^early\n(late\n<display_data>)+$/);
    assert.deepEqual(others, ["own\n", "done\n"]);
  });

  it("counts what work that a later cell awaits has printed, and gives it to no cell", async () => {
    const late: LateLines[] = [];
    const notebook = await run(
      [
        codeCell(`import { display } from "tslab"; const p = (async () => {
          await new Promise((r) => setTimeout(r, 300));
          console.log("from p"); process.stdout.write("1\\n2"); process.stdout.write("\\n3\\n"); display.html("<i></i>"); return 5 })();`),
        codeCell('const v = await p; console.log("v", v)'),
        codeCell('console.log("done")'),
      ],
      { onLate: (lines) => late.push(lines) },
    );
    assert.deepEqual(notebook.cells.map(textOf), ["", "v 5\n", "done\n"]);
    assert.deepEqual(late, [{ cellNumber: 1, lines: 5 }]);
  });

  it("leaves a cell with the tag skip-execution as it is, and goes on after one that may raise", async () => {
    const tagged = (cell: Cell, tag: string): Cell => ({ ...cell, metadata: { tags: [tag] } });
    const kept = [{ output_type: "stream", name: "stdout", text: "kept" }] as const;
    const skipped = tagged(codeCell('throw new Error("never run")', kept), "skip-execution");
    const raising = tagged(codeCell('throw new RangeError("on purpose")'), "raises-exception");
    const escaping = tagged(
      codeCell('void (async () => { await null; throw new Error("unawaited") })()'),
      "raises-exception",
    );
    const notebook = await run([
      codeCell("const a = 1"),
      skipped,
      raising,
      escaping,
      codeCell("console.log(a)"),
    ]);
    const [, untouched, raised, escaped, last] = notebook.cells;
    assert.equal(untouched, skipped);
    assert.deepEqual(raised?.outputs, [
      {
        output_type: "error",
        ename: "RangeError",
        evalue: "on purpose",
        traceback: ["RangeError: on purpose", "    at cell 2, line 1"],
      },
    ]);
    const [output] = escaped?.outputs ?? [];
    assert.ok(output?.output_type === "error");
    assert.deepEqual(
      [output.ename, output.evalue],
      ["UnhandledPromiseRejection", "Error: unawaited"],
    );
    assert.deepEqual([textOf(last), last?.execution_count], ["1\n", 4]);
  });

  it("does not take words on stderr for an error", async () => {
    const words = "UncaughtException: UnhandledPromiseRejection: only words";
    const notebook = await run([codeCell(`console.error("${words}")`), codeCell("1 + 1")]);
    assert.deepEqual(notebook.cells.map(textOf), [`${words}\n`, "2\n"]);
  });

  it("runs a for await at the top of a cell, and refuses one in a function that is not async", async () => {
    const values = "async function* values() { yield 1; yield 2 }";
    const loop = "for await (const value of values()) console.log(value);";
    const notebook = await run([codeCell(`${values}\n${loop}`), codeCell(loop)]);
    assert.deepEqual(notebook.cells.map(textOf), ["1\n2\n", "1\n2\n"]);
    const { reason } = await failure(`${values}\nfunction inner() { ${loop} }`);
    assert.match(reason, /for await|Unexpected reserved word/);
  });

  it("says where in the cells an error was thrown, and no more", async () => {
    const first =
      "const unit = 2;\nfunction halve(x: number) {\n  // a comment\n  throw new Error('bad ' + x);\n}";
    const started = run([codeCell(first), codeCell("const y = 3;\nhalve(y);")]);
    await assert.rejects(started, (error: CellError) => {
      assert.match(
        error.reason,
        /^Error: bad 3\n {4}at halve \(cell 1, line 4\)\n {4}at cell 2(, line 2)?$/,
      );
      return true;
    });
    assert.match(
      (await failure('import { showTable } from "empathy-notebooks"; showTable(3 as any)')).reason,
      /^TypeError: showTable: was given a number; give it a DataFrame, or rows such as .*\n {4}at cell 2$/,
    );
  });

  it("shows at most a dozen lines of a long cell", async () => {
    const { message } = await failure(`${"// line\n".repeat(30)}throw new Error("x")`);
    assert.match(message, /… 19 more lines$/);
  });

  it("stops at a kernel that dies, saying how", async () => {
    assert.match((await failure("process.exit(3)")).reason, /the kernel ended with status 3/);
    const suicide = 'process.kill(process.pid, "SIGKILL")';
    assert.match((await failure(suicide)).reason, /the kernel was ended by SIGKILL/);
  });

  it("stops at a cell that hangs, busy or waiting, when its time is up", async () => {
    const busy = await failure("while (true) {}", { cellTimeoutMs: 1500 });
    assert.match(busy.reason, /no answer within 1.5 s/);
    const waiting = await failure("await new Promise(() => {})", { cellTimeoutMs: 1500 });
    assert.match(waiting.reason, /no answer within 1.5 s/);
  });

  it("ends what a cell has started, with the kernel", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "pid");
    await run([
      codeCell(`import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
const child = spawn("sleep", ["60"]); writeFileSync(${JSON.stringify(file)}, String(child.pid));`),
    ]);
    const pid = Number(readFileSync(file, "utf8"));
    assert.ok(await eventually(() => !isAlive(pid), 3000), "the child is gone");
  });

  for (const [when, afterMs] of [
    ["before it starts", 0],
    ["while the kernel starts", 200],
    ["in a busy cell", 4000],
  ] as const) {
    it(`stops at once when it is told to ${when}`, async () => {
      const controller = new AbortController();
      const reason = new Error("enough");
      if (afterMs === 0) controller.abort(reason);
      else setTimeout(() => controller.abort(reason), afterMs);
      const started = performance.now();
      await assert.rejects(
        run([codeCell("while (true) {}")], { signal: controller.signal }),
        reason,
      );
      assert.ok(performance.now() - started < afterMs + 10_000);
      assert.deepEqual(foldersLeft(), []);
    });
  }

  it("answers a kernel that does not start, or starts and says nothing", async () => {
    const none = run([codeCell("1")], { command: ["/does/not/exist"] });
    await assert.rejects(
      none,
      (error) => error instanceof KernelError && /did not start/.test(error.message),
    );
    const silent = run([codeCell("1")], { command: ["sh", "-c", "sleep 60"], startTimeoutMs: 700 });
    await assert.rejects(silent, /the kernel did not answer within 700 ms/);
    const broken = run([codeCell("1")], { command: ["node", "-e", 'throw new Error("no tslab")'] });
    await assert.rejects(broken, /the kernel ended with status 1, saying: .*no tslab/s);
    assert.deepEqual(foldersLeft(), []);
  });
});

describe("empathy run", function () {
  this.timeout(60_000);
  const folder = projectPath("dist", "test-notebooks");
  before(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, ...sources: string[]): string {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, name);
    writeFileSync(path, formatNotebook(notebookOf(...sources.map((source) => codeCell(source)))));
    return path;
  }

  it("stores the outputs, and finds them the same when it checks", async () => {
    const path = write("good.ipynb", 'console.log("hello")');
    const first = await runEmpathy(["run", path]);
    assert.deepEqual([first.status, first.stdout], [0, ""]);
    assert.match(first.stderr, /good\.ipynb: new outputs/);
    assert.equal(textOf(readNotebook(path).cells[0]), "hello\n");
    const second = await runEmpathy(["run", "--check", path]);
    assert.equal(second.status, 0);
    assert.match(second.stderr, /same outputs/);
  });

  it("says of which cell output came too late, also when it checks", async () => {
    const begin =
      "const p = new Promise<void>((r) => setTimeout(() => { console.log(1); r() }, 200))";
    const path = write("late.ipynb", begin, "await p");
    const note = /late\.ipynb: cell 1 printed 1 line after it had ended; it is in no output\n/;
    for (const flags of [[], ["--check"]]) {
      const { status, stderr } = await runEmpathy(["run", ...flags, path]);
      assert.equal(status, 0);
      assert.match(stderr, note);
    }
  });

  it("fails a check with both sides, and changes nothing", async () => {
    const path = write("random.ipynb", "console.log(process.hrtime.bigint())");
    await runEmpathy(["run", path]);
    const before = readFileSync(path, "utf8");
    const { status, stderr } = await runEmpathy(["run", "--check", path]);
    assert.equal(status, 1);
    assert.match(stderr, /cell 1, output 1 \(stdout\)\n {2}in the file: \d+n\s+rerun: +\d+n/);
    assert.equal(readFileSync(path, "utf8"), before);
  });

  it("refuses a notebook in another language, and leaves its kernel as it was", async () => {
    const path = write("python.ipynb");
    const python = {
      kernelspec: { display_name: "Python 3", language: "python", name: "python3" },
      language_info: { name: "python" },
    };
    for (const metadata of [python, { language_info: { name: "R" } }]) {
      const before = formatNotebook({ ...notebookOf(), metadata });
      writeFileSync(path, before);
      const { status, stderr } = await runEmpathy(["run", path]);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^empathy: .*python\.ipynb: is a notebook in (python|R), and is left as it is/,
      );
      assert.equal(readFileSync(path, "utf8"), before);
    }
  });

  it("leaves a notebook alone that was saved while it ran", async () => {
    const path = write(
      "saved.ipynb",
      'require("node:fs").writeFileSync("saved.ipynb", "saved meanwhile")',
    );
    const { status, stderr } = await runEmpathy(["run", path]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /saved\.ipynb: was changed after this run had read it, and is left as it is/,
    );
    assert.equal(readFileSync(path, "utf8"), "saved meanwhile");
  });

  it("leaves the notebook as it was when a cell fails", async () => {
    const path = write("bad.ipynb", "1", 'throw new Error("stop here")');
    const before = readFileSync(path, "utf8");
    const { status, stderr } = await runEmpathy(["run", path]);
    assert.equal(status, 1);
    assert.match(stderr, /bad\.ipynb, cell 2: .*stop here/s);
    assert.doesNotMatch(stderr, /\n\s+at (?!cell )/);
    assert.equal(readFileSync(path, "utf8"), before);
  });

  async function interrupted(name: string, signals: readonly NodeJS.Signals[]) {
    const pidFile = join(folder, `${name}.pid`);
    const busy = `import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(`${pidFile}.child`)}, String(spawn("sleep", ["60"]).pid));
writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); while (true) {}`;
    const path = write(`${name}.ipynb`, busy);
    const before = readFileSync(path, "utf8");
    const settings: RunSettings = {
      onStart: async (child) => {
        await eventually(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "", 20_000);
        for (const signal of signals) child.kill(signal);
      },
    };
    const outcome = await runEmpathy(["run", path], settings);
    const pid = Number(readFileSync(pidFile, "utf8"));
    assert.ok(await eventually(() => !isAlive(pid), 3000), "the kernel is gone");
    const child = Number(readFileSync(`${pidFile}.child`, "utf8"));
    assert.ok(await eventually(() => !isAlive(child), 3000), "what the cell started is gone");
    assert.equal(readFileSync(path, "utf8"), before, "the notebook is untouched");
    assert.ok(await eventually(() => foldersLeft().length === 0, 3000), "no folder is left");
    assert.deepEqual(
      readdirSync(folder).filter((file) => file.includes("partial")),
      [],
    );
    return outcome;
  }

  it("stops on Ctrl-C with status 130, and leaves no kernel and no half-written notebook", async () => {
    const { status, stderr } = await interrupted("sigint", ["SIGINT"]);
    assert.equal(status, 130);
    assert.equal(stderr.trim(), "empathy: stopped by SIGINT");
  });

  it("stops on SIGTERM with status 143, and leaves no kernel", async () => {
    assert.equal((await interrupted("sigterm", ["SIGTERM"])).status, 143);
  });

  it("stops with status 129 when its terminal is closed", async () => {
    assert.equal((await interrupted("sighup", ["SIGHUP"])).status, 129);
  });

  it("leaves no kernel even when it is killed itself", async () => {
    assert.equal((await interrupted("sigkill", ["SIGKILL"])).status, null);
  });
});

const FIXTURE = [
  'console.log("out"); console.error("err"); console.log("out again"); 41 + 1',
  'import { display, newDisplay } from "tslab"; const shown = newDisplay(); shown.html("one")',
  'display.markdown("*x*"); shown.html("two"); console.log("three")',
  "",
  '({ a: [1, "two"], b: new Map([[1, 2]]) })',
];

describe("Jupyter's own nbclient", () => {
  itNeeds(
    jupyter,
    "finds the same outputs as this runner, cell by cell",
    async () => {
      const folder = temporaryFolder();
      const kernels = join(folder, "kernels", "tslab");
      mkdirSync(kernels, { recursive: true });
      const argv = [
        process.execPath,
        projectPath("packages/run-notebooks/dist/src/kernel-host.js"),
        "{connection_file}",
      ];
      const specification = { argv, display_name: "TypeScript (tslab)", language: "typescript" };
      writeFileSync(join(kernels, "kernel.json"), JSON.stringify(specification));
      const fixture = join(folder, "fixture.ipynb");
      const rerun = await runNotebook(notebookOf(...FIXTURE.map((code) => codeCell(code))), {
        cwd,
      });
      writeFileSync(fixture, formatNotebook(rerun));
      // The classic notebook runs all of them: test/environment.
      for (const file of [fixture, join(cwd, "01-corpus.ipynb"), join(cwd, "06-claims.ipynb")]) {
        const output = join(folder, "theirs.ipynb");
        const client = spawnSync(
          "/usr/bin/python3",
          [projectPath("packages", "run-notebooks", "test", "run-nbclient.py"), file, output],
          { env: { ...process.env, JUPYTER_PATH: folder, TZ: "UTC" }, encoding: "utf8" },
        );
        assert.equal(client.status, 0, client.stderr);
        const [theirs, ours] = [readNotebook(output), readNotebook(file)];
        assert.equal(theirs.cells.length, ours.cells.length);
        for (const [at, cell] of ours.cells.entries()) {
          assert.deepEqual(
            mergeStreams(theirs.cells[at]?.outputs),
            withoutPictures(cell).outputs,
            `cell ${at + 1}`,
          );
        }
      }
    },
    300_000,
  );
});

// This nbclient stores a stream's chunks as they come, and how they come differs from run to run.
function mergeStreams(outputs: readonly Output[] | undefined): readonly Output[] | undefined {
  if (!outputs) return undefined;
  const collector = new OutputCollector();
  for (const { output_type, ...content } of outputs) {
    collector.take({ header: { msg_type: output_type }, content });
  }
  return collector.outputs;
}

// The runner adds a picture and a text to a figure; the kernel, and so nbclient, gives the figure alone.
function withoutPictures(cell: Cell): Cell {
  if (!cell.outputs) return cell;
  const outputs = cell.outputs.map((output) => {
    if (!("data" in output) || !output.data["application/vnd.plotly.v1+json"]) return output;
    const { "image/svg+xml": _svg, "text/plain": _text, ...data } = output.data;
    return { ...output, data };
  });
  return { ...cell, outputs };
}
