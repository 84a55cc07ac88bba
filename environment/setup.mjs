// Brings a fresh clone to the point where the `empathy` command runs: a recent Node, the locked
// packages, the compiled sources. Does nothing, quickly, where all three are already in place.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lock = join(root, ".setup-lock");

/** Sets the clone up; with `all` tests and benchmarks are compiled too. */
export function setUp(all = false) {
  requireNode();
  if (isInstalled() && isBuilt(all)) return;
  withLock(() => {
    if (!isInstalled()) install();
    if (!isBuilt(all)) build(all);
  });
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
    // A container's numbers come again: one's own stands for a run that is no more.
    if (pid === process.pid) return false;
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

// What the commands and the notebooks run, and with `all` the tests, the benchmarks and the site too.
const FOLDERS = ["src", "apps", "packages"];
const FOLDERS_OF_ALL = [...FOLDERS, "test", "bench", "site"];

function isBuilt(all) {
  return readStamp(all).inputs === buildInputs(all).inputs;
}

function stampPath(all) {
  return join(root, "dist", all ? "all.json" : "built.json");
}

// Without a stamp, or with one that a full disk cut off, everything is compiled.
function readStamp(all) {
  try {
    return JSON.parse(readFileSync(stampPath(all), "utf8"));
  } catch {
    return {};
  }
}

// The compiler keeps what has not changed, and what belongs to a source that is no more. Whoever compiles all
// has compiled what commands run, too.
function build(all) {
  note("Compiling the sources (tsc) …");
  // Taken before the compiler reads: what is saved meanwhile is compiled the next time.
  const stamps = [true, false].map((which) => ({ which, now: buildInputs(which) }));
  const isStale = ({ which, now }) => ![undefined, now.names].includes(readStamp(which).names);
  if (stamps.some(isStale)) removeCompiled();
  const project = join(root, all ? "tsconfig.json" : "apps");
  const result = spawnSync(process.execPath, [findCompiler(), "-b", project], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) fail("The sources do not compile; the compiler's messages stand above.");
  mkdirSync(join(root, "dist"), { recursive: true });
  for (const { which, now } of stamps) {
    if (which && !all) continue;
    writeFileSync(`${stampPath(which)}.part`, JSON.stringify(now));
    renameSync(`${stampPath(which)}.part`, stampPath(which));
  }
}

// The native compiler takes a fifth of the time. Where npm left its program out, as with `--omit=optional`, the one in
// JavaScript writes the same.
function findCompiler() {
  const { resolve } = createRequire(join(root, "package.json"));
  try {
    resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`);
    return join(dirname(resolve("@typescript/native/package.json")), "bin", "tsc");
  } catch {
    return resolve("typescript/bin/tsc");
  }
}

function removeCompiled() {
  for (const folder of ["dist", "test/support/dist", ...listPackages().map((one) => `${one}/dist`)])
    rmSync(join(root, folder), { recursive: true, force: true });
}

function listPackages() {
  return readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
}

// Sizes and times stand for contents, as in make: a command must not reread every source.
function buildInputs(all) {
  const hash = createHash("sha256");
  const names = createHash("sha256");
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    names.update(`${path}\n`);
    hash.update(`${path}\n${size}\n${mtimeMs}\n`);
  };
  for (const file of ["package-lock.json", "tsconfig.base.json"]) add(file);
  for (const folder of all ? FOLDERS_OF_ALL : FOLDERS) listSources(folder).map(add);
  return { inputs: hash.digest("hex"), names: names.digest("hex") };
}

function listSources(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const { name } = entry;
      const path = `${folder}/${name}`;
      if (name === "dist" || name === "node_modules") return [];
      if (entry.isDirectory()) return listSources(path);
      return /\.m?ts$|^(tsconfig|package)\.json$/.test(name) ? [path] : [];
    });
}

function note(message) {
  process.stderr.write(`${message}\n`);
}

function fail(message) {
  note(`empathy: ${message}`);
  process.exit(1);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  setUp(process.argv.includes("--all"));
}
