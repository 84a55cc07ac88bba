import { existsSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { KERNEL_HOST } from "run-notebooks";
import { kernelSpec } from "../pipeline/kernel-spec";
import { addExamples } from "./empathy-command";

interface Flags {
  readonly name: string;
}

/** Adds `empathy kernel install` and `kernel remove`. */
export function defineKernel(command: Command): void {
  const install = command
    .command("install")
    .description("let your own Jupyter run notebooks in any folder with this clone's kernel")
    .option(
      "--name <name>",
      "what Jupyter calls the kernel; notebooks of this package ask for tslab",
      "tslab",
    )
    .action(({ name }: Flags) => installKernel(name));
  addExamples(install, ["empathy kernel install", "empathy kernel install --name empathy"]);
  const remove = command
    .command("remove")
    .description("take the kernel out of your Jupyter again")
    .option("--name <name>", "what Jupyter calls it", "tslab")
    .action(({ name }: Flags) => removeKernel(name));
  addExamples(remove, ["empathy kernel remove", "empathy kernel remove --name empathy"]);
}

function installKernel(name: string): void {
  const file = fileOf(name);
  if (existsSync(file) && !isOurs(file)) {
    throw new UserError(
      `${file}: another kernel is called '${name}'; choose another name with --name, such as --name empathy`,
    );
  }
  keepFile(file, `${JSON.stringify(kernelSpec(), null, 2)}\n`);
  process.stdout.write(
    `${file}\nJupyter runs notebooks in any folder with it; \`import … from "empathy-notebooks"\` leads to this clone. Run this again where the clone or Node has moved.\n`,
  );
}

function removeKernel(name: string): void {
  const file = fileOf(name);
  if (!existsSync(file)) throw new UserError(`${file}: no such kernel; there is nothing to remove`);
  if (!isOurs(file)) {
    throw new UserError(`${file}: that kernel was not installed by this command; it stays`);
  }
  rmSync(dirname(file), { recursive: true });
  process.stdout.write(`${dirname(file)}: removed\n`);
}

const NAME = /^[A-Za-z0-9._-]+$/;

function fileOf(name: string): string {
  if (NAME.test(name)) return join(jupyterData(), "kernels", name, "kernel.json");
  throw new UserError(
    `--name '${name}': Jupyter's kernels are called by letters, digits, '.', '_' and '-'; choose another name`,
  );
}

// Where Jupyter looks for what belongs to one user: `jupyter --paths`.
function jupyterData(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32" && APPDATA) return join(APPDATA, "jupyter");
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

// Of this clone or of another: its kernel is started by the same program.
function isOurs(file: string): boolean {
  const spec = readFileSync(file, "utf8");
  return [basename(KERNEL_HOST), "run-notebooks"].every((part) => spec.includes(part));
}
