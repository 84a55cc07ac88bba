import { spawn } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { projectPath } from "./project";
import type { Outcome } from "./run-empathy";
import { temporaryFolder } from "./temporary";

/** Copies the clone's code and registries to a folder of its own, where a command may change them. */
export function copyClone(): string {
  const root = temporaryFolder();
  const isTable = (path: string) =>
    !/[\\/]data[\\/](cache|replies|scores|weights|people)/.test(path);
  for (const part of ["src", "apps"])
    cpSync(projectPath("dist", part), join(root, "dist", part), { recursive: true });
  for (const app of ["annotate", "report", "view"])
    cpSync(projectPath("apps", app, "page"), join(root, "apps", app, "page"), { recursive: true });
  cpSync(projectPath("data"), join(root, "data"), { recursive: true, filter: isTable });
  cpSync(projectPath("package.json"), join(root, "package.json"));
  symlinkSync(projectPath("node_modules"), join(root, "node_modules"), "junction");
  return root;
}

const MAIN = "require('./dist/apps/cli/main.js').main(process.argv.slice(1))";

/** Runs the `empathy` command with an error stream that takes itself for a terminal. */
export function runOnTerminal(args: readonly string[]): Promise<Outcome> {
  return runScript(projectPath(), `process.stderr.isTTY = true; ${MAIN}`, args);
}

/** Runs the `empathy` command of such a copy. */
export function runCopy(root: string, args: readonly string[]): Promise<Outcome> {
  return runScript(root, MAIN, args);
}

function runScript(root: string, script: string, args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, ["-e", script, "--", ...args], {
    cwd: root,
    env: { ...process.env, EMPATHY_MIRROR: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const outcome = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    outcome.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    outcome.stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, ...outcome }));
  });
}
