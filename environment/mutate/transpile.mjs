// Compiles the mutated sources of the copy in which it runs, one by one: mutants need not agree with their types.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

const { mutate } = JSON.parse(readFileSync("stryker.json", "utf8"));
const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node20,
  esModuleInterop: true,
};
for (const path of mutate) {
  const { outputText } = ts.transpileModule(readFileSync(path, "utf8"), { compilerOptions });
  const compiled = compiledPath(path);
  mkdirSync(dirname(compiled), { recursive: true });
  writeFileSync(compiled, outputText);
}

function compiledPath(path) {
  const [, folder, inner] = /^(packages\/[^/]+\/)?(.*)\.ts$/.exec(path);
  return join(folder ?? "", "dist", `${inner}.js`);
}
