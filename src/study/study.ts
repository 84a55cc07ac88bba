// A study: which systems, scorers and claims its tables, figures and notebooks are of. The published one is the project
// itself, and holds replies that anyone can have; every other lies in `studies/NAME/`, with a file of its own.
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { didYouMean, listNames, UserError } from "kit";
import { checkRegistry, type RegistryPlace, readCheckedFile } from "kit/registry";
import { columnsOfFormula, parseFormula } from "mixed-models";
import { projectPath } from "../project";

export { studyPath } from "../project";

import { isPublished } from "../systems/published-replies";
import { readSystems, type System } from "../systems/system";
import { systemsOf } from "../systems/unit";

/** A study: what it is of, and where it lies. It is handed to whatever reads its tables or answers for it. */
export interface Study extends StudyFile {
  /** Absolute path of the folder that holds its data and figures. */
  readonly root: string;
}

/** What a study's file says; where it says nothing, the study is as the published one. */
export interface StudyFile {
  /** The name of its folder below `studies`; `published` for the project's own. */
  readonly name: string;
  readonly title?: string;
  /** On whose prompts: EmpatheticDialogues, or the sample corpus, whose texts come with the package. */
  readonly corpus: "ed" | "sample";
  /** Identifiers of systems, or groups of them: see `data/study.schema.json`. */
  readonly systems: readonly string[];
  /** Of the group `own`: only systems that were asked with one of these prompts. */
  readonly prompts?: readonly string[];
  /** Folders of score tables; the first makes the main analysis. */
  readonly scorers: readonly [string, ...string[]];
  /** Identifiers of claims; all by default. */
  readonly claims?: readonly string[];
  /** The study's own model, for counts of replies. */
  readonly formula: string;
  /** With fewer replies to prompts of a sentiment, a system is in no claim on that sentiment. */
  readonly fewestReplies: number;
}

/** Below a root, the folder of all studies but the published one. */
export const STUDIES = "studies";

/** The name of the study of everything on this machine, which needs no file. */
export const LOCAL_NAME = "local";

/** Its folder, below a root. */
export const LOCAL_STUDY = join(STUDIES, LOCAL_NAME);

/** The file that makes a folder a study. */
export const STUDY_FILE = "study.json";

/** In a study's folder, the tables of scorers that scored its systems for it alone: `SCORER/SYSTEM.csv`. */
export const STUDY_SCORES = "scores";

/** The project's own study; what another study's file does not say is as it is here. */
export const PUBLISHED_STUDY: StudyFile = {
  name: "published",
  corpus: "ed",
  systems: ["published"],
  scorers: ["embedded-readings", "embedded-roberta", "embedded-epitome"],
  formula: "share ~ family * sentiment + (1 | system)",
  fewestReplies: 20,
};

/**
 * Reads the study in a folder.
 *
 * @param root the project's root, or a folder of `studies`.
 * @throws UserError naming every fault of its file.
 */
export function readStudy(root: string): Study {
  const path = join(root, STUDY_FILE);
  if (!existsSync(path)) return { ...PUBLISHED_STUDY, root };
  const { $schema: _, ...own } = readCheckedFile<Partial<StudyFile> & { $schema?: string }>(
    placeOf(path),
  );
  refuseUnknown(own, path);
  return { ...PUBLISHED_STUDY, name: basename(root), ...own, root };
}

/**
 * Checks what a study's file holds, or is about to.
 *
 * @param systems those that it may name, beside groups; by default all that this machine knows.
 * @throws UserError naming every fault, or what it names and is not there.
 */
export function checkStudy(
  given: object,
  path: string,
  systems?: readonly Pick<System, "id">[],
): asserts given is Partial<StudyFile> {
  checkRegistry(given, placeOf(path));
  refuseUnknown(given, path, systems);
}

// A study is no list: its faults name fields only.
function placeOf(path: string): RegistryPlace {
  const schemaPath = projectPath("data", "study.schema.json");
  return { path, schemaPath, list: "studies", noun: "study" };
}

// Heads are called by what they imitate.
const RENAMED_SCORERS: Readonly<Record<string, string>> = {
  "embedded-dialogue": "embedded-roberta",
  "embedded-support": "embedded-epitome",
};

// What a schema cannot know.
function refuseUnknown(
  study: Partial<StudyFile>,
  path: string,
  systems: readonly Pick<System, "id">[] = readSystems(),
): void {
  if (study.name !== undefined && study.name !== basename(dirname(path))) {
    throw new UserError(
      `${path}: 'name' is '${study.name}'; a study is called as its folder, '${basename(dirname(path))}'`,
    );
  }
  for (const scorer of study.scorers ?? []) {
    const now = RENAMED_SCORERS[scorer];
    if (now) throw new UserError(`${path}: 'scorers' names '${scorer}', which is now '${now}'`);
  }
  const known = [...GROUPS, ...systems.map(({ id }) => id)];
  for (const id of study.systems ?? []) {
    if (known.includes(id)) continue;
    const hint = didYouMean(id, known) || `; the groups are ${listNames(GROUPS)}`;
    throw new UserError(
      `${path}: 'systems' names '${id}', which is not in data/systems.json${hint}`,
    );
  }
  if (study.formula !== undefined) checkFormula(study.formula, path);
}

// What the model's rows hold: counts of replies by system and sentiment.
const MODEL_COLUMNS = ["share", "replies", "family", "sentiment", "system"];

function checkFormula(formula: string, path: string): void {
  let names: readonly string[] = [];
  try {
    names = columnsOfFormula(parseFormula(formula));
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${path}: 'formula': ${error.message}`);
    throw error;
  }
  const unknown = names.find((name) => !MODEL_COLUMNS.includes(name));
  if (unknown === undefined) return;
  const hint =
    didYouMean(unknown, MODEL_COLUMNS) || `; its columns are ${listNames(MODEL_COLUMNS)}`;
  throw new UserError(
    `${path}: 'formula' names '${unknown}', which is not one of their columns${hint}`,
  );
}

/** Groups of systems that a study may name. */
export const GROUPS = ["published", "study", "own"] as const;

/** Whether a system's replies can be had by everyone, so that it belongs to the published study. */
export function isOfPublishedStudy(system: System): boolean {
  return system.replies.from === "corpus" || isPublished(system);
}

/**
 * The systems of a study, in the registry's order.
 *
 * @param own identifiers of the machine's own systems.
 */
export function systemsIn(study: StudyFile, own: readonly string[] = []): System[] {
  const all = readSystems();
  const published = all.filter(isOfPublishedStudy);
  const groups: Readonly<Record<string, readonly System[]>> = {
    published,
    study: [
      ...published.filter(({ family }) => family === "human"),
      ...systemsOf("study", published),
    ],
    own: all.filter((system) => own.includes(system.id) && isAskedAs(system, study.prompts)),
  };
  const chosen = new Set(
    study.systems.flatMap((name) => groups[name]?.map(({ id }) => id) ?? [name]),
  );
  return all.filter(({ id }) => chosen.has(id));
}

function isAskedAs({ replies }: System, prompts: readonly string[] | undefined): boolean {
  return prompts === undefined || replies.from !== "asked" || prompts.includes(replies.prompt);
}

/**
 * Where a system's scores by a scorer lie, below the project's root: published tables hold the embedded heads' scores of
 * published systems, and the local study all others.
 */
export function scoreTable(scorer: string, system: string): string {
  const entry = readSystems().find(({ id }) => id === system);
  const isPublic = entry && isOfPublishedStudy(entry) && PUBLISHED_STUDY.scorers.includes(scorer);
  return join(isPublic ? "" : LOCAL_STUDY, "data", "scores", scorer, `${system}.csv`);
}

/** The systems that a study may hold. */
export function systemsOfStudy(study: Study): System[] {
  const { root } = study;
  if (study.corpus === "sample") {
    const scored = scoreTablesBelow(join(root, "data", "scores")).map(({ system }) => system);
    return systemsIn(study, scored).filter(({ id }) => scored.includes(id));
  }
  return systemsIn(
    study,
    study.name === PUBLISHED_STUDY.name ? [] : listLocalSystems(join(root, "..", "..")),
  );
}

/** Identifiers of the systems that have scores in a root's local study. */
export function listLocalSystems(root: string): string[] {
  const published = readSystems()
    .filter(isOfPublishedStudy)
    .map(({ id }) => id);
  const tables = scoreTablesBelow(join(root, LOCAL_STUDY, "data", "scores"));
  const ids = new Set(tables.map(({ system }) => system));
  return [...ids].filter((id) => !published.includes(id)).sort();
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

/** Names of the studies below a root, the published one aside. */
export function listStudies(root = projectPath()): string[] {
  const folder = join(root, STUDIES);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, STUDY_FILE)))
    .map(({ name }) => name)
    .sort();
}

/**
 * The folder of a study.
 *
 * @throws UserError naming the nearest and all known studies if there is none of that name.
 */
export function studyFolder(name: string, root = projectPath()): string {
  if (name === PUBLISHED_STUDY.name) return root;
  const known = listStudies(root);
  if (known.includes(name)) return join(root, STUDIES, name);
  const hint =
    didYouMean(name, known) || `; known are ${listNames([PUBLISHED_STUDY.name, ...known])}`;
  throw new UserError(
    `no study is called '${name}'${hint}; make it with \`npx empathy study new ${name}\``,
  );
}

/**
 * Opens the study that a notebook shows: the one in whose folder it lies.
 *
 * @param name of another study, `published` or a folder of `studies`.
 * @param folder that is looked at where no name is given; the working directory by default, which is a notebook's own.
 * @throws UserError if there is none of that name, or its file is broken.
 * @example
 * const study = openStudy();
 * study.scorers[0]; // => "embedded-readings"
 */
export function openStudy(name?: string, folder = process.cwd()): Study {
  return readStudy(name === undefined ? rootAround(folder) : studyFolder(name));
}

// A study's notebooks lie in its folder, at whatever depth; elsewhere the published one is meant.
function rootAround(folder: string): string {
  const parts = folder.split(sep);
  const depth = parts.lastIndexOf("notebooks");
  const around = parts.slice(0, depth).join(sep);
  const marks = [STUDY_FILE, join("data", "published")];
  if (depth > 0 && marks.some((mark) => existsSync(join(around, mark)))) return around;
  const [studies, name] = relative(projectPath(), folder).split(sep);
  return studies === STUDIES && name ? projectPath(STUDIES, name) : projectPath();
}
