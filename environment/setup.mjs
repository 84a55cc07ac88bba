// Brings a fresh clone to the point where the `empathy` command runs: a recent Node, the locked
// packages, the compiled sources. Does nothing, quickly, where all three are already in place.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const oldestNode = [20, 19];

export function setUp() {
  requireNode();
  if (!isInstalled()) install();
  const inputs = buildInputs();
  const stamp = join(root, "dist", "inputs.sha256");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== inputs) build(stamp, inputs);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`Node ${oldestNode.join(".")} or later is needed; this is Node ${process.versions.node}.`);
}

// npm writes what it installed to a hidden lockfile; it lists the same packages as ours.
function isInstalled() {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const found = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" ||
      entry.optional ||
      (found[path] !== undefined && found[path].version === entry.version),
  );
}

function install() {
  note("Installing the locked packages (npm ci) …");
  const result = spawnSync("npm", ["ci"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    fail("npm ci failed; its message stands above. Is the npm registry within reach?");
  }
}

function build(stamp, inputs) {
  note("Compiling the sources (tsc) …");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const tsc = createRequire(join(root, "package.json")).resolve("typescript/bin/tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", root], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) fail("The sources do not compile; the compiler's messages stand above.");
  writeFileSync(stamp, inputs);
}

// Sizes and times stand for contents, as in make: a command must not reread every source.
function buildInputs() {
  const hash = createHash("sha256");
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\n${size}\n${mtimeMs}\n`);
  };
  for (const file of ["package-lock.json", "tsconfig.json"]) add(join(root, file));
  for (const folder of ["src", "test", "bench"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (entry.endsWith(".ts")) add(join(root, folder, entry));
    }
  }
  return hash.digest("hex");
}

function note(message) {
  process.stderr.write(`${message}\n`);
}

function fail(message) {
  note(`empathy: ${message}`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
