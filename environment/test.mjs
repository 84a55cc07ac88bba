// Runs the tests: those that a newcomer waits for, or with --all the slow and the foreign too (R, Jupyter,
// Chromium, other Node versions). Types are checked by the compilation, style and format by Biome.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);

function run(program, args, env = process.env) {
  const { status } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

setUp();
const all = process.argv.includes("--all");
const rest = process.argv.slice(2).filter((word) => word !== "--all");
run(require.resolve("@biomejs/biome/bin/biome"), ["ci", "--error-on-warnings", "."]);
run(require.resolve("mocha/bin/mocha.js"), rest, {
  ...process.env,
  EMPATHY_TESTS: all ? "all" : "",
});
