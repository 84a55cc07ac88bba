// Counts the code by place: `npm run count`. Lines of .ts, .mts, .mjs and .js files that git knows, tests apart.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((name) => /\.(ts|mts|mjs|js)$/.test(name) && existsSync(join(root, name)));

function placeOf(file) {
  if (/(^|\/)test\//.test(file)) return "tests";
  const [first, second] = file.split("/");
  return first === "packages" ? `${first}/${second}` : first;
}

const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
const lines = (text) => text.split("\n").length - 1;
const places = new Map();
for (const file of files) {
  const place = placeOf(file);
  places.set(place, [...(places.get(place) ?? []), file]);
}

const sum = (list) => list.reduce((total, file) => total + lines(texts.get(file)), 0);
const report = (name, list) =>
  console.log(
    `${name.padEnd(26)} ${String(list.length).padStart(4)} files ${String(sum(list)).padStart(7)} lines`,
  );
for (const place of [...places.keys()].sort()) report(place, places.get(place));
const code = files.filter(
  (file) => /^(packages|apps|src)\//.test(file) && placeOf(file) !== "tests",
);
report("packages, apps and src", code);

const sizes = code.map((file) => lines(texts.get(file))).sort((a, b) => a - b);
const at = (share) => sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))];
console.log(`lines of a file: median ${at(0.5)}, 90 % at most ${at(0.9)}, longest ${sizes.at(-1)}`);

const casts = (pattern) =>
  code.reduce((total, file) => total + (texts.get(file).match(pattern)?.length ?? 0), 0);
const asCasts = casts(
  /\bas (?!const\b)(?:unknown|readonly|[A-Z{([]|number|string|typeof|never|object)/g,
);
console.log(`casts: ${asCasts} with 'as', ${casts(/[\w\])]!(?=[.;,)\s\]])/g)} with '!'`);

const imports = new Map();
for (const file of code) {
  for (const [, target] of texts
    .get(file)
    .matchAll(/(?:from |import\(|require\()\s*"(\.[^"]+)"/g)) {
    const to = posix.join(posix.dirname(file), target);
    const found = [to, `${to}.ts`, `${to}.mts`, `${to}/index.ts`].find((one) => texts.has(one));
    if (found) imports.set(found, (imports.get(found) ?? new Set()).add(file));
  }
}
const single = [...imports.values()].filter((users) => users.size === 1).length;
console.log(`files with exactly one importer: ${single}`);
console.log(`circles of files: ${countCircles()}`);

// Strongly connected sets of two files or more (Tarjan 1972).
function countCircles() {
  const targets = new Map(code.map((file) => [file, []]));
  for (const [to, users] of imports) for (const user of users) targets.get(user)?.push(to);
  const state = new Map();
  const stack = [];
  let [next, circles] = [0, 0];
  const visit = (file) => {
    const own = { index: next, low: next++, open: true };
    state.set(file, own);
    stack.push(file);
    for (const to of targets.get(file) ?? []) {
      const other = state.get(to) ?? visit(to);
      if (other.open) own.low = Math.min(own.low, other.low);
    }
    if (own.low === own.index) {
      const members = stack.splice(stack.indexOf(file));
      for (const member of members) state.get(member).open = false;
      if (members.length > 1) circles++;
    }
    return own;
  };
  for (const file of code) if (!state.has(file)) visit(file);
  return circles;
}
