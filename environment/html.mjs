// Turns notebooks into HTML pages with their figures, by nbconvert; --print leaves the prompts out and opens
// ready to be printed to PDF. Usage: npm run html -- [--print] [--output-dir FOLDER] [NOTEBOOK ...]
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findProgram, howToInstall, root } from "./jupyter.mjs";

const PACKAGES = {
  apt: "jupyter-nbconvert",
  dnf: "python3-nbconvert",
  brew: "jupyterlab",
  pip: "nbconvert",
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    print: { type: "boolean", default: false },
    "output-dir": { type: "string", default: join(root, "html") },
  },
});
const folder = resolve(values["output-dir"]);
const program = findProgram(["jupyter-nbconvert"]);
if (!program) {
  process.stderr.write(
    `empathy: nbconvert is not installed; install it with: ${howToInstall(PACKAGES)}\n`,
  );
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const result = spawnSync(
  program,
  [
    "--to=html",
    `--TemplateExporter.extra_template_basedirs=${join(root, "environment", "nbconvert")}`,
    "--template=empathy",
    `--output-dir=${folder}`,
    ...(values.print ? ["--no-prompt", "--HTMLExporter.theme=light"] : []),
    ...(positionals.length > 0 ? positionals.map((path) => resolve(path)) : allNotebooks()),
  ],
  { stdio: "inherit" },
);
process.exit(result.status ?? 1);

function allNotebooks() {
  const below = join(root, "notebooks");
  const names = readdirSync(below, { recursive: true }).map(String).sort();
  return names
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
    .map((name) => join(below, name));
}
