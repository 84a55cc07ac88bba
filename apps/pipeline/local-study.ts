// Whatever was asked, imported and scored on this machine stands in the local study, `studies/local/`, and enters no
// other unless its file says so: the same pipeline over the published systems and the machine's own, with tables, figures,
// notebooks and a report of its own, so that nothing published changes.
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, listNames, UserError } from "kit";
import { keepFile } from "kit/files";
import { formatNotebook, readNotebook } from "run-notebooks";
import { readClaimsFile } from "../../src/claims/claim";
import { readPeople } from "../../src/people/people-results";
import { projectPath } from "../../src/project";
import { ASKED_FILE } from "../../src/study/asked-systems";
import {
  LOCAL_NAME,
  LOCAL_STUDY,
  listLocalSystems,
  readStudy,
  STUDIES,
  STUDY_FILE,
  type Study,
  systemsIn,
} from "../../src/study/study";
import { formatStyles } from "../../src/systems/reply-style";
import type { System } from "../../src/systems/system";
import { formatAsked, ownStyles, publishedStyles } from "../replies/summarise-asked";
import { readManifest } from "./manifest";
import { formatSystems, prepareOpened } from "./opened-study";
import { keepSample, type StudyParts } from "./sample-study";
import { keepClaims } from "./study-claims";
import { keepScores, refuseUnscored } from "./study-scores";

// What every study takes from the published one as it is.
const COPIED = ["validity", "sources.json"];

/** A study that is ready to be run. */
export interface PreparedStudy {
  readonly study: Study;
  readonly folder: string;
  /** Identifiers of its systems that are this machine's own. */
  readonly own: readonly string[];
}

/** Brings the local study up to date with the published one, with every system of this machine. */
export function prepareLocalStudy(root: string): Promise<PreparedStudy> {
  const study = { name: LOCAL_NAME, systems: ["published", "own"] };
  keepFile(join(root, LOCAL_STUDY, STUDY_FILE), `${JSON.stringify(study, null, 2)}\n`);
  return prepareStudy(root, LOCAL_NAME);
}

/**
 * Brings a study up to date with its file and with the published one: its tables, claims and notebooks. One that was opened from
 * an archive stays as it was.
 *
 * @throws UserError if its file is broken, or a system or a claim that it names is not there.
 */
export async function prepareStudy(root: string, name: string): Promise<PreparedStudy> {
  const folder = join(root, STUDIES, name);
  const study = readStudy(folder);
  const manifest = readManifest(folder);
  if (manifest) return { study, folder, own: prepareOpened(root, folder, study, manifest) };
  const isSample = study.corpus === "sample";
  copyData(root, folder, isSample ? COPIED : [...COPIED, "corpus", "published"]);
  keepFile(join(folder, "data", "systems.json"), formatSystems());
  // Of the sample corpus everything is here: its replies are scored on the spot.
  const { systems, own, styles } = isSample
    ? await keepSample(root, folder, study)
    : await listPublished(root, study);
  keepScores(root, folder, study, systems);
  refuseUnscored(folder, study, systems);
  keepClaims(root, folder, study);
  refuseWithoutPeople(folder, systems);
  copyNotebooks(join(root, "notebooks"), folder, study, systems);
  keepFile(join(folder, "data", "published", "style.csv"), formatStyles(styles));
  keepFile(join(folder, ASKED_FILE), await formatAsked(root, own));
  return { study, folder, own };
}

function copyData(root: string, folder: string, parts: readonly string[]): void {
  for (const part of parts) {
    const from = join(root, "data", part);
    if (existsSync(from)) cpSync(from, join(folder, "data", part), { recursive: true });
  }
}

// Scores that are there already: the published ones, and this machine's own.
async function listPublished(root: string, study: Study): Promise<StudyParts> {
  const local = listLocalSystems(root);
  const systems = systemsIn(study, local);
  const ids = systems.map(({ id }) => id);
  const own = ids.filter((id) => local.includes(id));
  return { systems, own, styles: [...publishedStyles(root, ids), ...(await ownStyles(root, own))] };
}

function refuseWithoutPeople(folder: string, systems: readonly System[]): void {
  const isThere = systems.some(({ family }) => family === "human");
  if (isThere || readClaimsFile(join(folder, "data", "claims.json")).length === 0) return;
  throw new UserError(
    `${join(folder, STUDY_FILE)}: 'systems' lacks 'human'; claims hold systems against people on the same prompts, so add it`,
  );
}

type Notebook = ReturnType<typeof readNotebook>;

interface Need {
  readonly lacks: string;
  isMet(study: Study, systems: readonly System[]): boolean;
}

// What a notebook may need of a study, `metadata.empathy.needs`, and what a study without it lacks.
const NEEDS: Readonly<Record<string, Need>> = {
  corpus: {
    lacks: "the prompts of EmpatheticDialogues",
    isMet: ({ corpus }) => corpus === "ed",
  },
  "published systems": {
    lacks: "a system whose replies were published",
    isMet: (_, systems) => systems.some(({ replies }) => replies.from === "published"),
  },
  grades: {
    lacks: "a system that people graded",
    isMet(_, systems) {
      const graded = new Set(readPeople(PROJECT).counts.map(({ system }) => system));
      return systems.some(({ id, family }) => family !== "human" && graded.has(id));
    },
  },
  instructions: {
    lacks: "two systems that were asked on this machine",
    isMet: (_, systems) => systems.filter(({ replies }) => replies.from === "asked").length > 1,
  },
  "published study": { lacks: "the published conversations", isMet: () => false },
};

const PROJECT = { root: projectPath() };

// A notebook whose cells are the published one's keeps its own outputs, so that a rerun can be compared.
function copyNotebooks(
  from: string,
  folder: string,
  study: Study,
  systems: readonly System[],
): void {
  const to = join(folder, "notebooks");
  const all = readdirSync(from)
    .filter((one) => one.endsWith(".ipynb"))
    .map((name) => {
      const notebook = readNotebook(join(from, name));
      return { name, notebook, lacks: lackedBy(notebook, study, systems) };
    });
  const left = all.flatMap(({ name, lacks }) => (lacks ? `${name} needs ${lacks}` : []));
  for (const { name, notebook, lacks } of all) {
    const own = join(to, name);
    if (lacks) {
      rmSync(own, { force: true });
      continue;
    }
    const copied = ofStudy(notebook, study, left);
    if (existsSync(own) && sourcesOf(readNotebook(own)) === sourcesOf(copied)) continue;
    keepFile(own, formatNotebook(copied));
  }
}

function lackedBy(
  { metadata }: Notebook,
  study: Study,
  systems: readonly System[],
): string | undefined {
  const { needs = [] } = (metadata.empathy ?? {}) as { readonly needs?: readonly string[] };
  const unmet = needs.map(findNeed).find((need) => !need.isMet(study, systems));
  return unmet?.lacks;
}

function findNeed(name: string): Need {
  const found = NEEDS[name];
  if (found) return found;
  throw new UserError(
    `a notebook's metadata says that it needs '${name}'${didYouMean(name, Object.keys(NEEDS)) || `; known are ${listNames(Object.keys(NEEDS))}`}`,
  );
}

// What is said of the published study's systems, in words or in checks, is true of no other.
function ofStudy(notebook: Notebook, study: Study, left: readonly string[]): Notebook {
  const isPublished = ({ metadata }: Notebook["cells"][number]) =>
    ((metadata as { readonly tags?: readonly string[] }).tags ?? []).includes("published");
  const [title, ...others] = notebook.cells.filter((cell) => !isPublished(cell));
  if (!title) return notebook;
  const passages = notebook.cells.length - others.length - 1;
  return { ...notebook, cells: [title, noteOn(study, passages, left), ...others] };
}

function noteOn(
  { name, title }: Study,
  passages: number,
  left: readonly string[],
): Notebook["cells"][number] {
  const said =
    passages > 0
      ? ` ${passages} cell${passages === 1 ? "" : "s"} about the published study's systems ${passages === 1 ? "is" : "are"} left out.`
      : "";
  const others = left.length > 0 ? ` Notebooks left out: ${left.join("; ")}.` : "";
  return {
    cell_type: "markdown",
    id: "own-study",
    metadata: {},
    source: `**The study \`${name}\`${title ? `: ${title}` : ""}.** Tables and figures below are of this study, and are made anew by \`npm run reproduce -- --study ${name}\`.${said}${others}`,
  };
}

function sourcesOf({ cells }: Notebook): string {
  return JSON.stringify(cells.map(({ source }) => source));
}
