// Draws mutants and tries each by the files of tests that reach it, a process each, the quickest first, until one fails.
// Stryker's own runner takes what runs while describe blocks load for a part of every test, and so repeats them all.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Instrumenter } from "@stryker-mutator/instrumenter";

const RECORDER = fileURLToPath(new URL("record-reached.cjs", import.meta.url));
const LEAST_MS = 20_000;
const TIMES_AS_LONG = 5;
const SILENT = { info() {}, debug() {}, warn: console.warn, isDebugEnabled: () => false };

let running;
// Before the copy is removed, into which it may write.
process.prependOnceListener("exit", () => running?.kill("SIGKILL"));

/**
 * Tries so many of the mutants of sources, each as likely as any other.
 *
 * @param sources paths below the copy, in the order in which mutants are numbered.
 * @param tests compiled files of tests, as paths below the copy.
 * @param compile compiles the sources of the copy.
 * @returns how many mutants there are, and those that were drawn, by source, in the form of Stryker's report.
 * @throws Error where a file of tests fails though nothing is changed.
 */
export async function trySample(copy, sources, tests, { size, seed, compile }) {
  const files = sources.map((name) => ({ name, content: readFileSync(join(copy, name), "utf8") }));
  const all = (await instrument(files.map((file) => ({ ...file, mutate: true })))).mutants;
  const drawn = draw(all, size, seed);
  // Only what was drawn is built into the sources, which would be slow with all; what lies within it comes along.
  const built = await instrument(
    files.map((file) => ({
      ...file,
      mutate: drawn
        .filter(({ fileName }) => fileName === file.name)
        .map(({ location }) => location),
    })),
  );
  for (const { name, content } of built.files) writeFileSync(join(copy, name), content);
  compile();
  const byKey = new Map(built.mutants.map((mutant) => [keyOf(mutant), mutant]));
  const mutants = drawn.map((mutant) => byKey.get(keyOf(mutant)));
  const reaches = [];
  for (const test of tests) {
    reaches.push(await reach(copy, test));
    const { ms, ids } = reaches.at(-1);
    const count = mutants.filter(({ id }) => ids.has(id)).length;
    process.stderr.write(`${test} reaches ${count} (${(ms / 1000).toFixed(1)} s)\n`);
  }
  reaches.sort((a, b) => a.ms - b.ms);
  const tried = [];
  for (const mutant of mutants) {
    tried.push({ ...mutant, ...(await tryMutant(copy, mutant, reaches)) });
    process.stderr.write(`${tried.length} of ${mutants.length}: ${tell(tried.at(-1))}\n`);
  }
  const report = files.map(({ name, content }) => {
    const own = tried.filter(({ fileName }) => fileName === name);
    return [name, { source: content, mutants: own.map(countFromOne) }];
  });
  return { count: all.length, files: Object.fromEntries(report) };
}

function instrument(files) {
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  return new Instrumenter(SILENT).instrument(files, options);
}

function keyOf({ fileName, location, mutatorName, replacement }) {
  return JSON.stringify([fileName, location, mutatorName, replacement]);
}

/** Draws without replacement; a smaller size draws the first ones of a larger. */
export function draw(list, size, seed) {
  const left = [...list];
  const uniform = createUniform(seed);
  const count = Math.min(size, left.length);
  return Array.from({ length: count }, () => {
    const at = Math.floor(uniform() * left.length);
    return left.splice(at, 1)[0];
  });
}

// mulberry32
function createUniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Wilson's interval of a share at 95 %, as [low, high]. */
export function wilson(successes, trials) {
  const z = 1.959963984540054;
  const share = successes / trials;
  const shrink = 1 + z ** 2 / trials;
  const centre = (share + z ** 2 / (2 * trials)) / shrink;
  const variance = (share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2);
  const half = (z * Math.sqrt(variance)) / shrink;
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

async function reach(copy, test) {
  const list = join(copy, "reached.json");
  rmSync(list, { force: true });
  const began = performance.now();
  const code = await runTests(copy, test, { MUTANTS_REACHED: list });
  if (code !== 0) throw new Error(`${test} fails though nothing is changed.`);
  const ids = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
  return { test, ms: performance.now() - began, ids: new Set(ids) };
}

async function tryMutant(copy, { id }, reaches) {
  const reaching = reaches.filter(({ ids }) => ids.has(id));
  for (const { test, ms } of reaching) {
    const limit = Math.round(LEAST_MS + TIMES_AS_LONG * ms);
    const code = await runTests(copy, test, { __STRYKER_ACTIVE_MUTANT__: id }, limit);
    if (code !== 0) return { status: code === null ? "Timeout" : "Killed", killedBy: [test] };
  }
  return { status: reaching.length > 0 ? "Survived" : "NoCoverage" };
}

// The exit code; null where it took longer than so many milliseconds.
function runTests(copy, test, environment, timeout) {
  const program = join(copy, "node_modules", "mocha", "bin", "mocha.js");
  const hooks = join(copy, "test", "support", "dist", "hooks.js");
  const options = ["--no-config", "--no-package", "--bail", "--timeout", "0", "--reporter", "min"];
  const required = ["--require", hooks, "--require", RECORDER];
  running = spawn(process.execPath, [program, ...options, ...required, "--spec", test], {
    cwd: copy,
    stdio: "ignore",
    env: { ...process.env, ...environment },
    timeout,
    killSignal: "SIGKILL",
  });
  return new Promise((done) => running.once("close", done));
}

function tell({ status, fileName, location, killedBy = [] }) {
  const { line, column } = location.start;
  return [`${fileName}:${line + 1}:${column + 1}`, status.toLowerCase(), ...killedBy].join(" ");
}

function countFromOne({ location: { start, end }, ...mutant }) {
  const shift = ({ line, column }) => ({ line: line + 1, column: column + 1 });
  return { ...mutant, location: { start: shift(start), end: shift(end) } };
}
