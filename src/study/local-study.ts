// The published study is made of replies that anyone can have: the corpus's own, and those that stand in
// pinned sources. Whatever else was asked, imported and scored on this machine belongs to the local study,
// `studies/local/`: the same pipeline over the published systems and the machine's own, with tables, figures,
// notebooks and a report of its own, so that nothing published changes.
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keepFile } from "../keep-file";
import { readNotebook } from "../notebook/notebook-file";
import { isPublished } from "../systems/published-replies";
import { readSystems, type System } from "../systems/system";

/** The local study's folder, below a root. */
export const LOCAL_STUDY = join("studies", "local");

/** The file that makes a folder a study of its own, and names its systems. */
const STUDY_FILE = "study.json";

// What the pipeline writes anew for a study; everything else it takes from the published one.
const COPIED = ["corpus", "published", "validity", "claims.json", "systems.json", "sources.json"];

/** Whether a system's replies can be had by everyone, so that it belongs to the published study. */
export function isOfPublishedStudy(system: System): boolean {
  return system.replies.from === "corpus" || isPublished(system);
}

/** The systems that the study in a folder may hold: those that its file names, or the published ones. */
export function systemsOfStudy(root: string): System[] {
  const path = join(root, STUDY_FILE);
  if (!existsSync(path)) return readSystems().filter(isOfPublishedStudy);
  const { systems } = JSON.parse(readFileSync(path, "utf8")) as { systems: readonly string[] };
  return readSystems().filter(({ id }) => systems.includes(id));
}

/** The folder, below a root, whose study a system's scores belong to; empty for the published one. */
export function folderOfStudy(system: string): string {
  const entry = readSystems().find(({ id }) => id === system);
  return entry && isOfPublishedStudy(entry) ? "" : LOCAL_STUDY;
}

/** Identifiers of the systems that have scores in a root's local study. */
export function listLocalSystems(root: string): string[] {
  const published = publishedIds();
  const tables = scoreTablesBelow(join(root, LOCAL_STUDY, "data", "scores"));
  const ids = new Set(tables.map(({ system }) => system));
  return [...ids].filter((id) => !published.includes(id)).sort();
}

/**
 * Brings the local study up to date with the published one: its tables, its systems and its notebooks.
 *
 * @param systems identifiers of the machine's own systems.
 * @returns the study's folder.
 */
export function prepareLocalStudy(root: string, systems: readonly string[]): string {
  const folder = join(root, LOCAL_STUDY);
  for (const name of COPIED) {
    const from = join(root, "data", name);
    if (existsSync(from)) cpSync(from, join(folder, "data", name), { recursive: true });
  }
  const published = publishedIds();
  for (const { scorer, system } of scoreTablesBelow(join(root, "data", "scores"))) {
    const below = join("data", "scores", scorer, `${system}.csv`);
    if (published.includes(system)) cpSync(join(root, below), join(folder, below));
  }
  const study = { name: "local", systems: [...published, ...systems] };
  keepFile(join(folder, STUDY_FILE), `${JSON.stringify(study, null, 2)}\n`);
  copyNotebooks(join(root, "notebooks"), join(folder, "notebooks"));
  return folder;
}

// A notebook whose cells are the published one's keeps its own outputs, so that a rerun can be compared.
function copyNotebooks(from: string, to: string): void {
  for (const name of readdirSync(from).filter((one) => one.endsWith(".ipynb"))) {
    const own = join(to, name);
    if (existsSync(own) && sourcesOf(own) === sourcesOf(join(from, name))) continue;
    cpSync(join(from, name), own);
  }
}

function sourcesOf(path: string): string {
  return JSON.stringify(readNotebook(path).cells.map(({ source }) => source));
}

function publishedIds(): string[] {
  return readSystems()
    .filter(isOfPublishedStudy)
    .map(({ id }) => id);
}

/** Whose score tables are below a folder, `scorer/system.csv`. */
function scoreTablesBelow(folder: string): { scorer: string; system: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: scorer }) =>
      readdirSync(join(folder, scorer))
        .filter((file) => file.endsWith(".csv"))
        .map((file) => ({ scorer, system: file.slice(0, -".csv".length) })),
    );
}
