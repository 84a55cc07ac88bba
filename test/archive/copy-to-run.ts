import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectPath } from "test-support/project";
import { copyClone } from "test-support/run-copy";

/** A clone in which studies run to their report, with one short notebook; its cells import this copy. */
export function copyToRun(): string {
  const root = copyClone();
  rmSync(join(root, "node_modules"));
  mkdirSync(join(root, "node_modules"));
  for (const name of readdirSync(projectPath("node_modules"))) {
    const target = name === "empathy-notebooks" ? root : projectPath("node_modules", name);
    symlinkSync(target, join(root, "node_modules", name), "junction");
  }
  symlinkSync(projectPath("packages"), join(root, "packages"), "junction");
  for (const file of ["package-lock.json", "CITATION.cff"])
    cpSync(projectPath(file), join(root, file));
  // The copy has no tables of the published study's scores.
  rmSync(join(root, "data", "croissant.json"));
  mkdirSync(join(root, "notebooks"));
  writeFileSync(join(root, "notebooks", "01-names.ipynb"), JSON.stringify(NOTEBOOK));
  return root;
}

/** A code cell, as a notebook file has it. */
export const codeCell = (id: string, source: string) => ({
  cell_type: "code",
  id,
  execution_count: null,
  metadata: {},
  outputs: [],
  source: [source],
});

const CODE =
  'import { openStudy, systemsOfStudy } from "empathy-notebooks";\n' +
  'console.log(systemsOfStudy(openStudy()).map(({ name }) => name).join(", "));';

const NOTEBOOK = {
  cells: [
    { cell_type: "markdown", id: "title", metadata: {}, source: ["# Names"] },
    codeCell("names", CODE),
  ],
  metadata: { kernelspec: { name: "tslab", language: "typescript", display_name: "TypeScript" } },
  nbformat: 4,
  nbformat_minor: 5,
};
