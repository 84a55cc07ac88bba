// Packs packages as they are published: `npm run pack -- FOLDER [name ...]` writes one tarball each. What a package uses of
// kit, which is private, is copied into it. CommonJS is what the compiler wrote; for `import` there is a second entry:
// modules that a browser's bundler can take apart where the manifest says `"publish": { "browser": true }`, re-exports elsewhere.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const load = createRequire(import.meta.url);
const SPECIFIER = /((?:from|require\(|import\(|import)\s*")([^"]+)(")/g;
const COMPILED = /\.(m?js|d\.m?ts)$/;

/** The packages that are published. */
export function listPublished() {
  return readdirSync(join(root, "packages")).filter((name) => name !== "kit");
}

/** Lays a package out as it is published. */
export async function layOut(name, target) {
  const source = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const entries = listEntries(manifest);
  copyCompiled(join(source, "dist", "src"), join(target, "dist"));
  copyKit(join(target, "dist"));
  for (const file of ["README.md", "CHANGELOG.md"]) cpSync(join(source, file), join(target, file));
  cpSync(join(root, "LICENSE"), join(target, "LICENSE"));
  const { browser, data } = manifest.publish ?? {};
  if (data) {
    const [from, to] = data;
    cpSync(join(source, from), join(target, to), { recursive: true });
  }
  if (browser) await bundleModules(source, entries, target);
  else writeReexports(source, entries, target);
  writeFileSync(join(target, "esm", "package.json"), '{ "type": "module" }\n');
  writeFileSync(
    join(target, "package.json"),
    `${JSON.stringify(toPublished(manifest, entries), null, 2)}\n`,
  );
}

// By name of the entry: its file, without folder and ending.
function listEntries({ exports }) {
  return Object.entries(exports)
    .filter(([, entry]) => typeof entry === "object" && !entry.default.includes("*"))
    .map(([path, entry]) => ({ path, file: /^\.\/dist\/src\/(.*)\.js$/.exec(entry.default)[1] }));
}

function copyCompiled(from, to) {
  for (const path of readdirSync(from, { recursive: true })) {
    if (COMPILED.test(path)) copyText(join(from, path), join(to, path));
  }
}

function copyText(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from, "utf8").replace(/^\/\/# sourceMappingURL=.*\n?/m, ""));
}

// Follows what the package imports of kit, file by file.
function copyKit(target) {
  const kit = join(root, "packages", "kit");
  const { exports } = JSON.parse(readFileSync(join(kit, "package.json"), "utf8"));
  const copied = new Set();
  const copy = (module) => {
    if (copied.has(module)) return;
    copied.add(module);
    for (const ending of [".js", ".d.ts"]) {
      const from = join(kit, "dist", "src", module + ending);
      copyText(from, join(target, "kit", module + ending));
      for (const [, , specifier] of readFileSync(from, "utf8").matchAll(SPECIFIER)) {
        if (specifier.startsWith("node:")) continue;
        if (!specifier.startsWith("."))
          throw new Error(`kit's ${module} needs ${specifier}, which the package does not declare`);
        copy(posix.join(posix.dirname(module), specifier).replace(/\.js$/, ""));
      }
    }
  };
  for (const path of readdirSync(target, { recursive: true })) {
    if (!COMPILED.test(path)) continue;
    const file = join(target, path);
    const text = readFileSync(file, "utf8").replace(
      SPECIFIER,
      (whole, before, specifier, after) => {
        if (specifier !== "kit" && !specifier.startsWith("kit/")) return whole;
        const { default: entry } = exports[specifier.replace(/^kit/, ".")];
        const module = entry.replace(/^\.\/dist\/src\/(.*)\.js$/, "$1");
        copy(module);
        const to = relative(dirname(path), join("kit", module)).split(sep).join("/");
        return `${before}${to.startsWith(".") ? to : `./${to}`}${after}`;
      },
    );
    writeFileSync(file, text);
  }
}

// Named exports of CommonJS, as Node finds them, are the same objects for `import` and `require`.
function writeReexports(source, entries, target) {
  for (const { file } of entries) {
    const names = Object.keys(load(join(source, "dist", "src", `${file}.js`))).sort();
    writeModule(
      target,
      file,
      `export { ${names.join(", ")} } from "${back(file)}dist/${file}.js";\n`,
    );
  }
}

async function bundleModules(source, entries, target) {
  const { build } = await import("esbuild");
  const workers = readdirSync(join(source, "src"), { recursive: true })
    .filter((path) => path.endsWith("-worker.ts"))
    .map((path) => join(source, "src", path));
  await build({
    entryPoints: [...entries.map(({ file }) => join(source, "src", `${file}.ts`)), ...workers],
    // A worker is started from beside the module that asks for it.
    entryNames: "[dir]/[name]",
    chunkNames: "chunk-[hash]",
    outbase: join(source, "src"),
    outdir: join(target, "esm"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*"],
    alias: { kit: join(root, "packages", "kit", "src", "index.ts") },
    define: { __dirname: "import.meta.dirname" },
    logLevel: "warning",
  });
  for (const worker of workers) {
    const below = relative(join(source, "src"), worker).split(sep).join("/");
    const path = below.replace(/\.ts$/, ".js");
    if (posix.dirname(path) === ".") continue;
    writeFileSync(join(target, "esm", posix.basename(path)), `import "./${path}";\n`);
  }
  for (const { file } of entries) writeModule(target, file);
}

function writeModule(target, file, text) {
  const path = join(target, "esm", `${file}.js`);
  mkdirSync(dirname(path), { recursive: true });
  if (text !== undefined) writeFileSync(path, text);
  writeFileSync(
    join(target, "esm", `${file}.d.ts`),
    `export * from "${back(file)}dist/${file}.js";\n`,
  );
}

function back(file) {
  return "../".repeat(file.split("/").length);
}

function toPublished(manifest, entries) {
  const { name, version, description, license, keywords, dependencies = {} } = manifest;
  const { kit: _bundled, ...others } = dependencies;
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const exports = entries.map(({ path, file }) => [
    path,
    {
      import: { types: `./esm/${file}.d.ts`, default: `./esm/${file}.js` },
      require: { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` },
    },
  ]);
  const subpaths = entries.filter(({ path }) => path !== ".");
  return {
    name,
    version,
    description,
    keywords,
    license,
    engines,
    type: "commonjs",
    sideEffects: false,
    main: "dist/index.js",
    types: "dist/index.d.ts",
    exports: { ...Object.fromEntries(exports), "./package.json": "./package.json" },
    // For compilers that do not read `exports`, such as tslab's.
    typesVersions:
      subpaths.length === 0
        ? undefined
        : {
            "*": Object.fromEntries(
              subpaths.map(({ path, file }) => [path.slice(2), [`dist/${file}.d.ts`]]),
            ),
          },
    files: ["dist", "esm", ...(manifest.publish?.data?.slice(1) ?? []), "CHANGELOG.md"],
    dependencies: Object.keys(others).length === 0 ? undefined : others,
  };
}

/** Packs a package; returns the tarball's path. */
export async function pack(name, folder) {
  const stage = mkdtempSync(join(tmpdir(), "empathy-pack-"));
  try {
    await layOut(name, stage);
    const printed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: stage,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
      shell: process.platform === "win32",
    });
    return join(folder, JSON.parse(printed)[0].filename);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [folder, ...names] = process.argv.slice(2);
  const published = listPublished();
  const unknown = names.filter((name) => !published.includes(name));
  if (folder === undefined || unknown.length > 0) {
    const problem = unknown.length > 0 ? `unknown package '${unknown[0]}'` : "name a folder";
    console.error(`pack: ${problem}; usage: npm run pack -- FOLDER [${published.join("|")} ...]`);
    process.exit(1);
  }
  setUp(true);
  mkdirSync(folder, { recursive: true });
  for (const name of names.length > 0 ? names : published) {
    console.log(await pack(name, resolve(folder)));
  }
}
