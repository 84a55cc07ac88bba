// Makes one archive for a class without a network: this clone's tracked files, the packages for the students' machines, and
// the compiled sources. `npm run class -- --platform win32-x64` makes it for Windows; by default for this machine's kind. What
// else a class needs (--collect, --slides, --minutes, --links) `empathy class` does.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./jupyter.mjs";
import { keepWithoutAnswers, writeWithoutAnswers } from "./lessons.mjs";
import { setUp } from "./setup.mjs";

const PLATFORMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];
const NAME = "empathy-notebooks";

const OPTIONS = {
  platform: { type: "string" },
  out: { type: "string" },
  "without-answers": { type: "boolean" },
  lessons: { type: "string" },
};

const HELP = `npm run class                     packs an archive for a class without a network
  --platform PLATFORM             for ${PLATFORMS.join(", ")} (default: this machine's)
  --out FILE                      where to (default: class/)
  --without-answers               with lessons that lack the answers, and without their solutions
npm run class -- --lessons FOLDER writes such lessons to a new folder, and no archive

The rest is \`empathy class\`:

`;

const given = process.argv.slice(2);
const isArchive = given.every(
  (one) => !one.startsWith("--") || Object.hasOwn(OPTIONS, one.slice(2).split("=")[0]),
);
if (!isArchive || given.includes("--help")) {
  if (given.includes("--help")) process.stdout.write(HELP);
  setUp();
  createRequire(import.meta.url)("../dist/apps/cli/main.js").main(["class", ...given]);
} else {
  const { platform, out, "without-answers": isBare, lessons } = readOptions();
  if (lessons === undefined) packArchive(platform, out, isBare);
  else writeLessons(resolve(lessons));
}

function packArchive(platform, out, isBare) {
  const folder = mkdtempSync(join(tmpdir(), "empathy-class-"));
  try {
    const stage = join(folder, NAME);
    copyTracked(stage);
    if (isBare) keepWithoutAnswers(stage);
    install(stage, platform);
    // Compiled beside its sources, whose times are whole seconds: unpacked, it counts as compiled.
    run(process.execPath, ["environment/setup.mjs"], stage);
    writeFileSync(join(stage, "CLASS.md"), instructions(platform));
    mkdirSync(join(out, ".."), { recursive: true });
    note(`Packing ${out} …`);
    run("tar", ["-czf", out, "-C", folder, NAME], root);
    const size = Math.round(statSync(out).size / 2 ** 20);
    process.stdout.write(
      `${out}: ${size} MB, for ${platform}; CLASS.md in it says what students do\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeLessons(folder) {
  try {
    for (const path of writeWithoutAnswers(root, folder)) process.stdout.write(`${path}\n`);
  } catch ({ code, path }) {
    fail(`${path}: cannot be written (${code}); name a folder that is empty or new`);
  }
}

function readOptions() {
  let values;
  try {
    values = parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    fail(
      `${error.message}; for an archive the options are --platform, --out and --without-answers`,
    );
  }
  const { platform = `${process.platform}-${process.arch}`, out, ...others } = values;
  if (!PLATFORMS.includes(platform)) {
    fail(`--platform ${platform}: choose one of ${PLATFORMS.join(", ")}`);
  }
  const file = out ?? join(root, "class", `${NAME}-${platform}.tgz`);
  return { ...others, platform, out: resolve(file) };
}

function copyTracked(stage) {
  const { status, stdout } = spawnSync("git", ["ls-files", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0)
    fail("this folder is not a git clone, so which files belong to it is not known");
  const time = Math.floor(Date.now() / 1000);
  for (const file of stdout.split("\0").filter(Boolean)) {
    cpSync(join(root, file), join(stage, file));
    utimesSync(join(stage, file), time, time);
  }
}

function install(stage, platform) {
  const [os, cpu] = platform.split("-");
  note(`Installing the locked packages for ${platform} (npm ci) …`);
  run("npm", ["ci", "--ignore-scripts", `--os=${os}`, `--cpu=${cpu}`], stage);
}

function instructions(platform) {
  return `# For a class without a network

Packed for ${platform}. Nothing here needs the internet.

1. **Node** 20.19, 22.13, 24 or later has to be installed (nodejs.org has installers; \`node --version\` says which there is).
2. **Jupyter**, for working in the browser: \`python3 -m pip install jupyterlab\`. Without a network, carry its wheels along:
   \`python3 -m pip download -d wheels jupyterlab\` on a machine of the same kind with a network, then
   \`python3 -m pip install --no-index --find-links wheels jupyterlab\`. VS Code with its Jupyter extension will do as well.
3. Unpack the archive: \`tar -xzf ${NAME}-${platform}.tgz\` (Windows 10 and later have \`tar\`, too).
4. In the folder: \`npm run lab -- --copy\` copies the lessons to \`notebooks/lessons/\` and opens them there.
   \`npm run lab -- --copy --reset\` gives fresh copies and keeps the old ones beside them.

Without Jupyter, a lesson can be edited in any editor and run with \`npx empathy run notebooks/lessons/01-mechanisms.ipynb\`.
docs/teaching.md has the plans of the lessons.
`;
}

function run(command, args, cwd) {
  const shell = process.platform === "win32" && command === "npm";
  const result = spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2], shell });
  if (result.error) fail(`${command} did not start: ${result.error.message}`);
  if (result.status !== 0) fail(`${command} ${args.join(" ")} failed; its message stands above`);
}

function note(message) {
  process.stderr.write(`${message}\n`);
}

function fail(message) {
  note(`empathy: ${message}`);
  process.exit(1);
}
