// `npm run lab` from start to end, and where there is no Jupyter.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectPath } from "../../src/project";
import { startJupyter } from "../support/jupyter-server";
import { itNeeds, jupyterServer } from "../support/needs";
import { temporaryFolder } from "../support/temporary";

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
