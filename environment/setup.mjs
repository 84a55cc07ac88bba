// Brings a fresh clone to the point where the `empathy` command runs: a recent Node, the locked
// packages, the compiled sources. Does nothing, quickly, where all three are already in place.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lock = join(root, ".setup-lock");

export function setUp() {
  requireNode();
  if (isReady()) return;
  withLock(() => {
    if (!isInstalled()) install();
    if (!isBuilt()) build();
  });
}

function isReady() {
  return isInstalled() && isBuilt();
}

// The ranges that package.json names; older ones cannot load all packages.
function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const oldestMinor = { 20: 19, 22: 13 }[major] ?? (major >= 24 ? 0 : Number.POSITIVE_INFINITY);
  if (minor >= oldestMinor) return;
  fail(`Node 20.19, 22.13, 24 or later is needed; this is Node ${process.versions.node}.`);
}

// Two first runs in one clone must not install over each other.
function withLock(work) {
  for (let told = false; !takeLock(); told = true) {
    if (!told) note("Another run is setting this clone up; waiting for it …");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  process.once("exit", releaseLock);
  work();
  process.removeListener("exit", releaseLock);
  releaseLock();
}

function takeLock() {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code !== "EEXIST")
      fail(`This clone cannot be written (${error.code}); make it writable.`);
    if (isHeld()) return false;
    releaseLock();
    return takeLock();
  }
  writeFileSync(join(lock, "pid"), String(process.pid));
  return true;
}

// A lock without a living owner is left over from a run that was killed.
function isHeld() {
  try {
    const pid = Number(readFileSync(join(lock, "pid"), "utf8"));
    if (pid > 0) process.kill(pid, 0);
    return pid > 0 || isFresh();
  } catch (error) {
    return error.code === "EPERM" || (error.code === "ENOENT" && isFresh());
  }
}

function isFresh() {
  return existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 2000;
}

function releaseLock() {
  rmSync(lock, { recursive: true, force: true });
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

function isBuilt() {
  const stamp = join(root, "dist", "inputs.sha256");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === buildInputs();
}

function build() {
  note("Compiling the sources (tsc) …");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const tsc = createRequire(join(root, "package.json")).resolve("typescript/bin/tsc");
  const result = spawnSync(process.execPath, [tsc, "-p", root], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) fail("The sources do not compile; the compiler's messages stand above.");
  writeFileSync(join(root, "dist", "inputs.sha256"), buildInputs());
}

// Sizes and times stand for contents, as in make: a command must not reread every source.
function buildInputs() {
  const hash = createHash("sha256");
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\n${size}\n${mtimeMs}\n`);
  };
  for (const file of ["package-lock.json", "tsconfig.json"]) add(file);
  for (const folder of ["src", "test", "bench"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (/\.m?ts$/.test(entry)) add(join(folder, entry));
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
