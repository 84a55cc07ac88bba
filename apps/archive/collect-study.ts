// The files of a study that has been run, as they go into its archive.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { readClaimsFile } from "../../src/claims/claim";
import { projectPath } from "../../src/project";
import { STUDY_FILE, type Study } from "../../src/study/study";
import type { System } from "../../src/systems/system";
import { DATA_FOLDERS, type ListedFile, listFile } from "../pipeline/manifest";
import { filesBelow, Stamps } from "../pipeline/stamps";
import { CLAIMS_FILE } from "../pipeline/study-claims";
import { requirePlace } from "./places";
import type { Files } from "./tar-file";

/** What an archive holds of a study's folder, and what it names instead, since every clone has it. */
export interface Collected {
  readonly files: Files;
  readonly copied: readonly ListedFile[];
  readonly read: readonly ListedFile[];
}

/**
 * Collects tables, figures, notebooks and the report of a study, with the systems, scorers and claims that it holds.
 *
 * A table that is the package's own, byte by byte, is named by its checksum and not repeated.
 *
 * @throws UserError if a file's name can be none in an archive.
 */
export function collectStudy(study: Study, systems: readonly System[]): Collected {
  const { root } = study;
  const files = new Map([
    [STUDY_FILE, Buffer.from(freeze(study, systems))],
    [CLAIMS_FILE, Buffer.from(claimsOf(root))],
  ]);
  const copied: ListedFile[] = [];
  for (const path of listPaths(root)) {
    const content = readFileSync(join(root, path));
    if (isPackages(path, content)) copied.push(listFile(path, content));
    else files.set(path, content);
  }
  for (const path of files.keys()) requirePlace(path, root);
  return { files, copied, read: listRead(root) };
}

// Whatever it leaves to groups, or to what is usual, it says in full: both may be others elsewhere, and later.
function freeze(study: Study, systems: readonly System[]): string {
  const { name, title, corpus, scorers, formula, fewestReplies } = study;
  const frozen = {
    $schema: "../../data/study.schema.json",
    name,
    title,
    corpus,
    systems: systems.map(({ id }) => id),
    scorers,
    formula,
    fewestReplies,
  };
  return `${JSON.stringify(frozen, null, 2)}\n`;
}

function claimsOf(root: string): string {
  const claims = readClaimsFile(join(root, "data", "claims.json"));
  const $schema = "../../data/claims.schema.json";
  return `${JSON.stringify({ $schema, claims }, null, 2)}\n`;
}

function listPaths(root: string): string[] {
  const data = DATA_FOLDERS.flatMap((folder) => filesBelow(root, `data/${folder}`));
  const notebooks = readdirSync(join(root, "notebooks"))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => `notebooks/${name}`);
  return [...data, ...notebooks, ...filesBelow(root, "figures"), "report.html"];
}

// What a run makes is the study's own, whatever it equals.
function isPackages(path: string, content: Buffer): boolean {
  if (!path.startsWith("data/") || path.startsWith("data/results/")) return false;
  try {
    return readFileSync(projectPath(path)).equals(content);
  } catch {
    return false;
  }
}

// Registries and code belong to the version; of the tables that were read where they lie, the results are made.
function listRead(root: string): ListedFile[] {
  const below = (path: string) => relative(projectPath(), join(root, path)).split(sep).join("/");
  const paths = new Stamps(root)
    .filesRead()
    .map(below)
    .filter((path) => /^data\/.*\.csv$/.test(path));
  return [...new Set(paths)].map((path) => listFile(path, readFileSync(projectPath(path))));
}
