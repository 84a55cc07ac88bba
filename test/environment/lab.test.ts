// `npm run lab` from start to end, and where there is no Jupyter.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { itNeeds, jupyterServer } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { projectPath } from "../../src/project";
import { startJupyter } from "./jupyter-server";

const lab = projectPath("environment", "lab.mjs");

function openLab(programs: Readonly<Record<string, string>>, ...args: string[]) {
  const folder = temporaryFolder();
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(folder, name));
  return spawnSync(process.execPath, [lab, ...args], {
    encoding: "utf8",
    env: { PATH: folder, HOME: folder },
  });
}

function processesThatName(folder: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, "utf8").includes(folder);
  });
}

describe("npm run lab", () => {
  it("says in one line how to get Jupyter where it is missing", () => {
    const { status, stderr } = openLab({});
    assert.equal(status, 1);
    assert.equal(
      stderr,
      "empathy: Jupyter is not installed; install it with: python3 -m pip install --user jupyterlab\n",
    );
  });

  it("names the system's own package where there is one", () => {
    const manager = existsSync("/bin/true") ? "/bin/true" : "/usr/bin/true";
    assert.match(openLab({ dnf: manager }).stderr, /: sudo dnf install jupyterlab\n$/);
    assert.match(openLab({ brew: manager }).stderr, /: brew install jupyterlab\n$/);
    assert.match(
      openLab({ "apt-get": manager }).stderr,
      /: sudo apt-get install jupyter-notebook\n$/,
    );
  });

  it("copies the lessons for a student, keeps what was typed, and makes fresh ones when asked", async () => {
    const { copyLessons } = await import(
      pathToFileURL(projectPath("environment", "lessons.mjs")).href
    );
    const root = temporaryFolder();
    mkdirSync(join(root, "notebooks", "teaching"), { recursive: true });
    writeFileSync(join(root, "notebooks", "teaching", "01-a.ipynb"), "committed");
    const copy = join(root, "notebooks", "lessons", "01-a.ipynb");
    assert.deepEqual(copyLessons(root, false), ["01-a.ipynb: copied"]);
    writeFileSync(copy, "typed");
    assert.deepEqual(copyLessons(root, false), ["01-a.ipynb: kept as you left it"]);
    assert.equal(readFileSync(copy, "utf8"), "typed");
    assert.deepEqual(copyLessons(root, true), [
      "01-a.ipynb: fresh; your old one is 01-a.old-1.ipynb",
    ]);
    assert.equal(readFileSync(copy, "utf8"), "committed");
    assert.equal(readFileSync(copy.replace("01-a", "01-a.old-1"), "utf8"), "typed");
  });

  it("says that --reset and --without-answers go with --copy", () => {
    assert.match(openLab({}, "--reset").stderr, /^empathy: --reset goes with --copy/);
    assert.match(
      openLab({}, "--without-answers").stderr,
      /^empathy: --without-answers goes with --copy/,
    );
  });

  it("gives VS Code the kernel's place, and opens the clone in it", () => {
    const folder = temporaryFolder();
    const program = join(folder, "stand-in");
    writeFileSync(
      program,
      `#!${process.execPath}\nconsole.log(process.env.JUPYTER_PATH, ...process.argv.slice(2));\n`,
      { mode: 0o755 },
    );
    const { stdout } = openLab({ code: program }, "--vscode");
    assert.match(stdout, new RegExp(`^${projectPath(".jupyter")} ${projectPath()}/?\n$`));
  });

  itNeeds(
    jupyterServer,
    "ends with Ctrl-C at once, and leaves neither server nor kernel",
    async () => {
      const server = await startJupyter();
      const kernel = await server.call("/api/kernels", { name: "tslab" });
      assert.equal(kernel.name, "tslab");
      assert.ok(processesThatName(server.home).length >= 2);
      await server.interrupt();
      assert.equal(server.child.exitCode, 0, server.said());
      assert.deepEqual(processesThatName(server.home), []);
    },
    60_000,
  );
});
