import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "test-support/temporary";
import ts from "typescript";
import { projectPath } from "../../src/project";

/** A package as users get it: its tarball, and an empty project that it is installed in. */
export interface Packed {
  readonly tarball: string;
  readonly project: string;
}

/** Packs a package and installs it where nothing else is. */
export async function packAndInstall(name: string): Promise<Packed> {
  const script = pathToFileURL(projectPath("environment", "pack.mjs")).href;
  const { pack } = (await import(script)) as {
    pack(name: string, folder: string): Promise<string>;
  };
  const folder = temporaryFolder();
  const project = join(folder, "project");
  mkdirSync(project);
  const tarball = await pack(name, folder);
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  execFileSync("npm", ["install", ...flags, tarball], { cwd: project, stdio: "ignore" });
  return { tarball, project };
}

/** The first example of a package's README, and what it says that it prints. */
export function firstExample(name: string): { readonly code: string; readonly prints: string } {
  const readme = readFileSync(projectPath("packages", name, "README.md"), "utf8");
  const block = (language: string) =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? "";
  return { code: block("ts"), prints: block("text") };
}

/** Runs TypeScript in a project, as a module or as CommonJS; returns what it prints. */
export function runTypeScript(project: string, code: string, module: "esm" | "cjs"): string {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: module === "esm" ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
    },
  });
  const folder = join(project, module);
  mkdirSync(folder);
  const file = join(folder, `example.${module === "esm" ? "mjs" : "cjs"}`);
  writeFileSync(file, outputText);
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What the compiler says of a file, as it resolves a package's types. */
export function checkTypes(
  project: string,
  code: string,
  resolution: "node16" | "bundler" | "node10",
  isNode: boolean,
): string {
  const file = join(project, resolution === "node16" ? "types.mts" : "types.ts");
  writeFileSync(file, code);
  const moduleOf = { node16: "node16", bundler: "esnext", node10: "commonjs" };
  const result = spawnSync(
    process.execPath,
    [
      // tslab brings an older compiler, whose way to resolve types a newer one no longer knows.
      resolution === "node10"
        ? projectPath("node_modules", "@tslab", "typescript-for-tslab", "bin", "tsc")
        : projectPath("node_modules", "typescript", "bin", "tsc"),
      ..."--noEmit --strict --target es2022 --lib es2023,dom,dom.iterable".split(" "),
      ...`--module ${moduleOf[resolution]} --moduleResolution ${resolution}`.split(" "),
      "--typeRoots",
      isNode ? projectPath("node_modules", "@types") : join(project, "no-types"),
      ...(isNode ? ["--types", "node", "--skipLibCheck"] : []),
      file,
    ],
    { cwd: project, encoding: "utf8" },
  );
  return result.stdout + result.stderr;
}

/** Names of the packages in a project, by folder. */
export function installedPackages(project: string): string[] {
  const lock = join(project, "node_modules", ".package-lock.json");
  if (!existsSync(lock)) return [];
  const { packages } = JSON.parse(readFileSync(lock, "utf8")) as { packages: object };
  return Object.keys(packages).map((path) => path.replace(/^node_modules\//, ""));
}
