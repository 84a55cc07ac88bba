// Opens the notebooks in JupyterLab or the classic notebook, whichever is here, with this clone's kernel.
// Arguments are passed on to Jupyter. With --vscode first, opens VS Code so that it finds the kernel. With --copy, copies the
// lessons for a student first, and opens the copies; --reset makes them fresh, --without-answers leaves the answers out.
import { spawn } from "node:child_process";
import {
  findProgram,
  howToInstall,
  jupyterEnvironment,
  root,
  writeJupyterFolder,
} from "./jupyter.mjs";
import { copyLessons } from "./lessons.mjs";
import { setUp } from "./setup.mjs";

const PACKAGES = {
  apt: "jupyter-notebook",
  dnf: "jupyterlab",
  brew: "jupyterlab",
  pip: "jupyterlab",
};

setUp();
writeJupyterFolder();
const given = process.argv.slice(2);
const isCopy = given.includes("--copy");
const OF_COPY = ["--reset", "--without-answers"];
for (const one of OF_COPY.filter((one) => given.includes(one) && !isCopy))
  fail(`${one} goes with --copy: npm run lab -- --copy ${one}`);
if (isCopy) {
  const done = copyLessons(root, given.includes("--reset"), given.includes("--without-answers"));
  for (const line of done) process.stderr.write(`notebooks/lessons/${line}\n`);
}
const args = given.filter((one) => one !== "--copy" && !OF_COPY.includes(one));
const start = isCopy ? "notebooks/lessons" : "notebooks";
const [program, ...options] =
  args[0] === "--vscode" ? openEditor(args.slice(1)) : openJupyter(args);
run(program, options);

function openJupyter(given) {
  const names = ["jupyter-lab", "jupyter-nbclassic", "jupyter-notebook"];
  const name = findProgram(names);
  if (!name) fail(`Jupyter is not installed; install it with: ${howToInstall(PACKAGES)}`);
  const startPage = {
    "jupyter-lab": [`--LabApp.default_url=/lab/tree/${start}`],
    "jupyter-nbclassic": [`--NotebookApp.default_url=/tree/${start}`],
    // Called NotebookApp by version 6, and JupyterNotebookApp by version 7.
    "jupyter-notebook": [
      `--NotebookApp.default_url=/tree/${start}`,
      `--JupyterNotebookApp.default_url=/tree/${start}`,
    ],
  }[name];
  return [name, ...startPage, ...given];
}

function openEditor(given) {
  const name = findProgram(["code", "codium"]);
  if (!name)
    fail("VS Code's command is not in the PATH; in VS Code run: Shell Command: Install 'code'");
  return [name, ...given, root];
}

// In a process group of its own, Jupyter gets one signal from here, and not another from the terminal;
// without a terminal to read from, it ends at once in place of asking whether it should.
function run(name, options) {
  const child = spawn(name, options, {
    cwd: root,
    env: jupyterEnvironment(),
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill("SIGTERM"));
  }
  child.once("error", (error) => fail(`${name} did not start: ${error.message}`));
  child.once("exit", (status) => process.exit(status ?? 0));
}

function fail(message) {
  process.stderr.write(`empathy: ${message}\n`);
  process.exit(1);
}
