// How long a command and a notebook wait before anything happens: bare Node, importing the package, --help.
import { spawnSync } from "node:child_process";
import { projectPath } from "../src/project";

const RUNS = 7;
const PACKAGE = projectPath("dist", "src", "index.js");

const tasks: Readonly<Record<string, readonly string[]>> = {
  "bare Node": ["-e", "0"],
  "importing the package": ["-e", `require(${JSON.stringify(PACKAGE)})`],
  "empathy --help": [projectPath("environment", "empathy.mjs"), "--help"],
  "empathy reproduce --help": [projectPath("environment", "empathy.mjs"), "reproduce", "--help"],
};

function time(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with status ${status}`);
  return (performance.now() - started) / 1000;
}

for (const [name, args] of Object.entries(tasks)) {
  const seconds = Array.from({ length: RUNS }, () => time(args)).sort((one, other) => one - other);
  const median = seconds[(RUNS - 1) / 2] as number;
  console.log(`${name.padEnd(26)} ${median.toFixed(2)} s (median of ${RUNS} processes)`);
}
