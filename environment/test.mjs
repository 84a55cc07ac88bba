// Runs the tests, room by room, two rooms side by side: those that a newcomer waits for, or with --all the slow and
// the foreign too (R, Jupyter, Chromium, other Node versions). The compiler checks types, Biome style and format.
// KEEP_COUNTS=FOLDER keeps each room's report there; TESTED=FOLDER, the folder of a run of the same sources just before,
// counts what passed there and runs the rest.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const SIDE_BY_SIDE = 2;
// What takes longest begins first, so that nobody waits for it at the end.
const LONGEST_FIRST = [
  "test/environment",
  "test/pipeline",
  "packages/mixed-models",
  "test/cli",
  "test/site",
  "test/notebook",
  "test/packages",
  "packages/run-notebooks",
  "test/asking",
  "test/scoring",
  "test/study",
  "test/systems",
];

const all = process.argv.includes("--all");
const rest = process.argv.slice(2).filter((word) => word !== "--all");
const kept = process.env.KEEP_COUNTS;
if (kept) mkdirSync(kept, { recursive: true });
const counts = kept ?? mkdtempSync(join(tmpdir(), "empathy-counts-"));
const tested = process.env.TESTED;

setUp(true);
const { status } = spawnSync(
  process.execPath,
  [require.resolve("@biomejs/biome/bin/biome"), "ci", "--error-on-warnings", "."],
  { cwd: root, stdio: "inherit" },
);
if (status !== 0) process.exit(status ?? 1);
const started = performance.now();
const queue = listRooms();
let failed = false;
const broken = [];
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
report();

// A package is a room, and so are a folder of test and the files directly in it.
function listRooms() {
  const below = (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  };
  const rooms = [
    ...below("packages").map((name) => ({
      name: `packages/${name}`,
      spec: `packages/${name}/dist/test/**/*.test.js`,
    })),
    ...below("dist/test").map((name) => ({
      name: `test/${name}`,
      spec: `dist/test/${name}/**/*.test.js`,
    })),
    { name: "test", spec: "dist/test/*.test.js" },
  ];
  const rank = ({ name }) => {
    const at = LONGEST_FIRST.indexOf(name);
    return at === -1 ? LONGEST_FIRST.length : at;
  };
  return rooms.sort((a, b) => rank(a) - rank(b));
}

async function work() {
  for (let room = queue.shift(); room !== undefined; room = queue.shift()) await test(room);
}

function test({ name, spec }) {
  const began = performance.now();
  const file = `${name.replace("/", "-")}.json`;
  const env = {
    ...process.env,
    EMPATHY_TESTS: all ? "all" : "",
    TEST_COUNTS: join(counts, file),
    TESTED: tested ? join(tested, file) : "",
  };
  const color = process.stdout.isTTY ? "--color" : "--no-color";
  const mocha = require.resolve("mocha/bin/mocha.js");
  const child = spawn(process.execPath, [mocha, color, "--spec", spec, ...rest], {
    cwd: root,
    env,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.once("close", (code) => {
      process.stdout.write(output);
      console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
      if (code !== 0) {
        failed = true;
        broken.push(name);
      }
      resolve();
    });
  });
}

function report() {
  const sum = { passes: 0, failures: 0, pending: 0 };
  const failedTests = [];
  for (const name of readdirSync(counts)) {
    const found = JSON.parse(readFileSync(join(counts, name), "utf8"));
    for (const key of Object.keys(sum)) sum[key] += found[key];
    failedTests.push(...found.failed);
  }
  if (!kept) rmSync(counts, { recursive: true, force: true });
  const before = tested ? passedIn(tested) : 0;
  sum.passes += before;
  const { passes, failures, pending } = sum;
  if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, JSON.stringify(sum));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  // Who sees the end of a long output only sees what failed.
  for (const test of failedTests) console.log(`\nFailed: ${test}`);
  if (failures === 0 && broken.length > 0)
    console.log(`\nEnded with an error outside of any test: ${broken.join(", ")}`);
  console.log(
    `\nAll rooms, ${seconds} s: ${passes} passing${before > 0 ? `, ${before} of them just before` : ""}, ${failures} failing, ${pending} pending`,
  );
  process.exitCode = failed || failures > 0 ? 1 : 0;
}

function passedIn(folder) {
  return readdirSync(folder)
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")).passed.length)
    .reduce((all, count) => all + count, 0);
}
