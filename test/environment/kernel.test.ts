// The kernel specification that `npm run lab` writes, asked by Jupyter's own client.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { MimeBundle } from "run-notebooks";
import { itNeeds, jupyter } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";
import { openJupyterFolder } from "./jupyter-server";

interface Answers {
  readonly matches: readonly string[];
  readonly statuses: readonly string[];
  readonly outputs: readonly { name?: string; text?: string; data?: MimeBundle }[];
  readonly inspected: { readonly found: boolean; readonly data: MimeBundle };
}

async function askKernel(complete: string, execute: readonly string[]): Promise<Answers> {
  const { jupyterEnvironment } = await openJupyterFolder();
  return askIn(projectPath("notebooks"), jupyterEnvironment(), complete, execute);
}

async function askIn(
  folder: string,
  env: NodeJS.ProcessEnv,
  complete: string,
  execute: readonly string[],
): Promise<Answers> {
  const script = projectPath("test", "environment", "ask-kernel.py");
  const child = spawn("/usr/bin/python3", [script, folder], {
    env: { HOME: temporaryFolder(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(JSON.stringify({ complete, execute }));
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const COMPLETED = 'import * as study from "empathy-notebooks"; study.fitM';
const FIGURE = `emotionCountsFigure(
  [{ emotion: "sad", sentiment: "negative", dialogues: 3 }], "Hand-written counts")`;

describe("the kernel that Jupyter finds in this clone", () => {
  let answers: Promise<Answers> | undefined;
  const ask = () => {
    answers ??= askKernel(COMPLETED, [
      'import { emotionCountsFigure, fitMixed, showFigure } from "empathy-notebooks";',
      `showFigure(${FIGURE});`,
      "console.log(new Date(0).getTimezoneOffset());",
      'const wrong: number = "a text"; fitMixed(1);',
    ]);
    return answers;
  };

  itNeeds(
    jupyter,
    "completes what the package exports",
    async () => {
      assert.deepEqual((await ask()).matches, ["fitMeta", "fitMixed", "fitMultilevelMeta"]);
    },
    60_000,
  );

  itNeeds(jupyter, "reports a type error in a cell, and one in a call of the package", async () => {
    const { outputs, statuses } = await ask();
    assert.deepEqual(statuses, ["ok", "ok", "ok", "error"]);
    const said = outputs.filter(({ name }) => name === "stderr").map((one) => one.text);
    assert.match(said.join("\n"), /Type 'string' is not assignable to type 'number'/);
    assert.match(said.join("\n"), /Expected 2-3 arguments, but got 1/);
  });

  itNeeds(jupyter, "explains a function with its types", async () => {
    const { inspected } = await ask();
    assert.match(String(inspected.data["text/plain"]), /fitMixed\(/);
  });

  itNeeds(jupyter, "completes a figure with its picture, as a rerun does", async () => {
    const { outputs } = await ask();
    const [figure] = outputs.flatMap(({ data }) => (data ? [data] : []));
    const kinds = ["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"];
    assert.deepEqual(Object.keys(figure ?? {}).sort(), kinds);
    assert.match(String(figure?.["image/svg+xml"]), /^<svg role="img"/);
  });

  itNeeds(jupyter, "sees the time zone that a rerun sees", async () => {
    const [printed] = (await ask()).outputs.filter(({ name }) => name === "stdout");
    assert.equal(printed?.text, "0\n");
  });

  it("is written anew each time, to a folder that git ignores", async () => {
    const { writeJupyterFolder } = await openJupyterFolder();
    writeJupyterFolder();
    const spec = JSON.parse(
      readFileSync(projectPath(".jupyter", "kernels", "tslab", "kernel.json"), "utf8"),
    );
    assert.equal(spec.argv[0], process.execPath);
    assert.equal(
      spec.argv[1],
      projectPath("packages", "run-notebooks", "dist", "src", "kernel-host.js"),
    );
    assert.match(readFileSync(projectPath(".gitignore"), "utf8"), /^\.jupyter\/$/m);
  });
});

describe("empathy kernel", function () {
  this.timeout(60_000);
  const kernel = (home: string, ...args: string[]) =>
    runEmpathy(["kernel", ...args], { env: { JUPYTER_DATA_DIR: home } });

  itNeeds(jupyter, "install lets a notebook in any folder use this clone", async () => {
    const home = temporaryFolder();
    const { status, stdout } = await kernel(home, "install");
    assert.equal(status, 0);
    assert.match(stdout, /kernels.tslab.kernel\.json\n/);
    const env = { PATH: process.env.PATH, JUPYTER_DATA_DIR: home };
    const { statuses, matches, inspected } = await askIn(temporaryFolder(), env, COMPLETED, [
      'import { fitMixed, openStudy } from "empathy-notebooks";',
      "const first: string = openStudy().scorers[0];",
      "const wrong: number = openStudy().scorers[0];",
    ]);
    assert.deepEqual(statuses, ["ok", "ok", "error"]);
    assert.ok(matches.includes("fitMixed"), String(matches));
    assert.equal(inspected.found, true);
    assert.equal((await kernel(home, "remove")).status, 0);
    assert.match(
      (await kernel(home, "remove")).stderr,
      /no such kernel; there is nothing to remove/,
    );
  });

  it("leaves a kernel alone that is somebody else's, and says how to go on", async () => {
    const home = temporaryFolder();
    const file = join(home, "kernels", "tslab", "kernel.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{"argv": ["tslab", "kernel"]}');
    for (const [args, said] of [
      [["install"], /another kernel is called 'tslab'; choose another name with --name/],
      [["remove"], /was not installed by this command; it stays/],
      [["install", "--name", "a b"], /choose another name/],
    ] as const) {
      const { status, stderr } = await kernel(home, ...args);
      assert.equal(status, 1);
      assert.match(stderr, said);
    }
    assert.equal(readFileSync(file, "utf8"), '{"argv": ["tslab", "kernel"]}');
    assert.equal((await kernel(home, "install", "--name", "empathy")).status, 0);
  });
});
