// Jupyter for this clone: a folder that Jupyter is pointed to by environment variables, with the kernel
// and what shows figures in the classic notebook. The user's own Jupyter is not changed.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, ".jupyter");
const load = createRequire(join(root, "package.json"));

/** Writes the folder anew: the clone may have moved, or Node. */
export function writeJupyterFolder() {
  writeKernel();
  writeFigureExtension();
}

function writeKernel() {
  const { kernelSpec } = load("./dist/apps/pipeline/kernel-spec.js");
  writeJson("kernels/tslab/kernel.json", kernelSpec());
}

// The classic notebook draws no plotly; JupyterLab and VS Code have extensions of their own.
function writeFigureExtension() {
  const target = join(folder, "nbextensions", "empathy-figures");
  mkdirSync(target, { recursive: true });
  copyFileSync(join(root, "environment", "classic-figures.js"), join(target, "main.js"));
  copyFileSync(load.resolve("plotly.js-dist-min"), join(target, "plotly.js"));
  writeJson("config/nbconfig/notebook.d/empathy-figures.json", {
    load_extensions: { "empathy-figures/main": true },
  });
}

function writeJson(path, value) {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** The caller's environment, with this clone's kernel and extension put before the user's own. */
export function jupyterEnvironment() {
  const before = (path, name) => [path, process.env[name]].filter(Boolean).join(delimiter);
  return {
    ...process.env,
    JUPYTER_PATH: before(folder, "JUPYTER_PATH"),
    JUPYTER_CONFIG_PATH: before(join(folder, "config"), "JUPYTER_CONFIG_PATH"),
  };
}

/** The first of some programs that runs. */
export function findProgram(names) {
  return names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

/** How to get Jupyter on this system: one command. */
export function howToInstall(packages) {
  const managers = [
    ["apt-get", `sudo apt-get install ${packages.apt}`],
    ["dnf", `sudo dnf install ${packages.dnf}`],
    ["brew", `brew install ${packages.brew}`],
  ];
  const found = managers.find(([program]) => findProgram([program]));
  return found?.[1] ?? `python3 -m pip install --user ${packages.pip}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setUp();
  writeJupyterFolder();
  console.log(`JUPYTER_PATH=${folder}`);
}
