// Says which small changes to the sources of a place no test notices. Stryker makes them, in a copy of this clone below
// the system's temporary folder; it is installed into environment/mutate when it is first asked for.
import { spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { setUp } from "./setup.mjs";

const USAGE = `Usage: npm run mutate -- PLACE… [--tests FILE…] [--sample N [--seed S]] [--report FILE]

PLACE is a source, or a folder of sources: packages/mixed-models/src/meta, apps/annotate/strata.ts.
--tests FILE   run this compiled test (dist/test/…/x.test.js) rather than all that reach the place; may be repeated
--sample N     try N changes that are drawn at random, and say in which interval the share of all lies
--seed S       draw others; 1 by default, which draws the same ones each time
--report FILE  also write Stryker's whole report, as JSON`;

const root = fileURLToPath(new URL("..", import.meta.url));
const home = join(root, "environment", "mutate");
const stryker = join(home, "node_modules", "@stryker-mutator");

const { positionals, values } = readArguments();
const sources = [...new Set(positionals.flatMap(listSources))].sort();
const size = values.sample && readWhole("sample", 1);
const seed = readWhole("seed", 0);
setUp(true);
install();
const { default: ts } = await import("typescript");
const tests = (values.tests ?? listTests(sources)).map(fromRoot);
if (tests.length === 0) fail("No test reaches these sources.");
const copy = mkdtempSync(join(tmpdir(), "empathy-mutate-"));
process.once("exit", () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
copyClone();
if (size) await mutateSample();
else {
  process.exitCode = await mutate();
  if (process.exitCode === 0) report(readReport());
}

function readArguments() {
  const options = {
    tests: { type: "string", multiple: true },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    report: { type: "string" },
  };
  try {
    const given = parseArgs({ options, allowPositionals: true });
    if (given.positionals.length > 0) return given;
  } catch (error) {
    fail(`${error.message}\n${USAGE}`);
  }
  return fail(USAGE);
}

function readWhole(name, least) {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= least) return number;
  return fail(`--${name} is a whole number, at least ${least}, not '${values[name]}'.`);
}

function fromRoot(path) {
  return relative(root, resolve(path)).split(sep).join("/");
}

function listSources(place) {
  const path = fromRoot(place);
  if (!existsSync(join(root, path))) fail(`${place} does not exist.`);
  const isFolder = statSync(join(root, path)).isDirectory();
  const found = isFolder ? listBelow(path) : [path];
  const compiled = found.filter(isSource);
  if (compiled.length === 0) fail(`${place} holds no source of packages/*/src, src or apps.`);
  return compiled;
}

function listBelow(folder) {
  const names = readdirSync(join(root, folder), { recursive: true });
  return names.map((name) => `${folder}/${name.split(sep).join("/")}`);
}

function isSource(path) {
  return /^(packages\/[^/]+\/src|src|apps)\/.*(?<!\.d)\.ts$/.test(path);
}

function install() {
  if (existsSync(stryker)) return;
  process.stderr.write("Installing Stryker into environment/mutate (npm ci) …\n");
  const shell = process.platform === "win32";
  const { status } = spawnSync("npm", ["ci"], { cwd: home, stdio: ["ignore", 2, 2], shell });
  if (status !== 0)
    fail("npm ci failed; its message stands above. Is the npm registry within reach?");
}

// A package's tests, its own and those of test/ that import it; where the folder is an entry of its own to the package,
// those that use this entry. Of src and apps, the tests that import from the folder.
function listTests(sources) {
  const all = ["dist/test", ...listFolders("packages").map((name) => `packages/${name}/dist/test`)]
    .flatMap((folder) => listBelow(folder))
    .filter((path) => path.endsWith(".test.js"));
  const wanted = sources.map((path) => {
    const [, name, room] = /^packages\/([^/]+)\/src\/(?:([^/]+)\/)?/.exec(path) ?? [];
    if (!name) return new RegExp(`/${dirname(path)}/`);
    const { exports } = JSON.parse(
      readFileSync(join(root, "packages", name, "package.json"), "utf8"),
    );
    const entry = exports[`./${room}`] ? `${name}/${room}` : `${name}`;
    return new RegExp(`require\\("(${entry}(/node)?"|[./]+/src/${room ?? ""})`);
  });
  return all.filter((path) => {
    const code = readFileSync(join(root, path), "utf8");
    return wanted.some((pattern) => pattern.test(code));
  });
}

function listFolders(folder) {
  return readdirSync(join(root, folder)).filter((name) =>
    existsSync(join(root, folder, name, "dist", "test")),
  );
}

// Workspaces are links of node_modules into the clone: in the copy they lead into the copy, and all else leads here.
function copyClone() {
  const listed = spawnSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  if (listed.status !== 0) fail(`git cannot list the files of this clone: ${listed.stderr}`);
  for (const path of listed.stdout.split("\0").filter(Boolean)) {
    if (!existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    copyFileSync(join(root, path), join(copy, path));
  }
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/dist`);
  for (const folder of ["dist", "test/support/dist", ...packages]) {
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
  }
  linkModules("node_modules");
  for (const path of sources) {
    writeFileSync(join(copy, path), blankAssertions(readFileSync(join(root, path), "utf8")));
  }
}

// Stryker turns `(counts[at] as number)++` into what no compiler can read: in the copy nothing is asserted of types.
function blankAssertions(code) {
  const characters = code.split("");
  const visit = (node) => {
    if (ts.isNonNullExpression(node) || ts.isAsExpression(node)) {
      for (let at = node.expression.end; at < node.end; at++) {
        if (characters[at] !== "\n") characters[at] = " ";
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", code, ts.ScriptTarget.ES2022));
  return characters.join("");
}

function linkModules(folder) {
  mkdirSync(join(copy, folder));
  for (const name of readdirSync(join(root, folder))) {
    const path = join(folder, name);
    const isLink = lstatSync(join(root, path)).isSymbolicLink();
    if (name.startsWith("@")) linkModules(path);
    else symlinkSync(isLink ? readlinkSync(join(root, path)) : join(root, path), join(copy, path));
  }
}

async function mutateSample() {
  const { trySample, wilson } = await import("./mutate/sample.mjs");
  writeFileSync(join(copy, "stryker.json"), JSON.stringify({ mutate: sources }));
  copyFileSync(join(home, "transpile.mjs"), join(copy, "transpile.mjs"));
  const compile = () => {
    const { status } = spawnSync(process.execPath, ["transpile.mjs"], {
      cwd: copy,
      stdio: [0, 2, 2],
    });
    if (status !== 0) fail("The changed sources do not compile.");
  };
  const { count, files } = await trySample(copy, sources, tests, { size, seed, compile });
  if (values.report) writeFileSync(resolve(values.report), JSON.stringify({ files }));
  report(files);
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const killed = mutants.filter((mutant) => !isAlive(mutant)).length;
  const percent = (share) => (100 * share).toFixed(1);
  const [low, high] = wilson(killed, mutants.length).map(percent);
  console.log(
    `Tests notice ${killed} of ${mutants.length} changes drawn of ${count} (seed ${seed}): ` +
      `${percent(killed / mutants.length)} %, 95 % interval ${low} to ${high} % (Wilson)`,
  );
}

function mutate() {
  const config = {
    mutate: sources,
    inPlace: true,
    ignorePatterns: ["**", ...sources.map((path) => `!${path}`)],
    buildCommand: "node transpile.mjs",
    plugins: [pathToFileURL(join(stryker, "mocha-runner", "dist", "src", "index.js")).href],
    testRunner: "mocha",
    mochaOptions: {
      "no-config": true,
      "no-package": true,
      require: [join(copy, "test", "support", "dist", "hooks.js")],
      spec: tests,
    },
    coverageAnalysis: "perTest",
    concurrency: 1,
    dryRunTimeoutMinutes: 30,
    reporters: ["progress-append-only", "json"],
    jsonReporter: { fileName: "mutation.json" },
    allowConsoleColors: false,
  };
  writeFileSync(join(copy, "stryker.json"), JSON.stringify(config));
  copyFileSync(join(home, "transpile.mjs"), join(copy, "transpile.mjs"));
  const program = join(stryker, "core", "bin", "stryker.js");
  const child = spawn(process.execPath, [program, "run", "stryker.json"], {
    cwd: copy,
    stdio: ["ignore", 2, 2],
  });
  process.once("exit", () => child.kill());
  return new Promise((done) => child.once("close", (code) => done(code ?? 1)));
}

function readReport() {
  const file = join(copy, "mutation.json");
  if (values.report) copyFileSync(file, resolve(values.report));
  return JSON.parse(readFileSync(file, "utf8")).files;
}

function report(files) {
  const rows = Object.entries(files)
    .filter(([, file]) => file.mutants.length > 0)
    .map(([path, { source, mutants }]) => ({
      path,
      lines: source.split("\n"),
      mutants: mutants.filter(({ status }) => status !== "Ignored"),
    }));
  for (const row of rows) for (const mutant of row.mutants.filter(isAlive)) describe(row, mutant);
  console.log("");
  for (const { path, mutants } of rows) console.log(scoreOf(path, mutants));
  if (rows.length > 1) {
    const all = rows.flatMap(({ mutants }) => mutants);
    console.log(scoreOf("all", all));
  }
}

function isAlive({ status }) {
  return status === "Survived" || status === "NoCoverage";
}

function describe({ path, lines }, { status, location: { start, end }, replacement }) {
  const text = lines.slice(start.line - 1, end.line);
  text[text.length - 1] = text.at(-1).slice(0, end.column - 1);
  text[0] = text[0].slice(start.column - 1);
  const inLine = (code) => {
    const one = code.replace(/\s+/g, " ");
    return one.length > 60 ? `${one.slice(0, 59)}…` : one;
  };
  const unreached = status === "NoCoverage" ? " (no test runs it)" : "";
  const place = `${path}:${start.line}:${start.column}`;
  console.log(`${place}  ${inLine(text.join(" "))}  →  ${inLine(replacement)}${unreached}`);
}

function scoreOf(name, mutants) {
  const alive = mutants.filter(isAlive).length;
  const percent = ((100 * (mutants.length - alive)) / mutants.length).toFixed(1).padStart(5);
  return `${percent} %  ${alive} of ${mutants.length} survive  ${name}`;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
