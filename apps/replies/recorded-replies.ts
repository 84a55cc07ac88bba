// Replies that are on this machine only: asked for (`data/replies/<system>.jsonl`, or as one of a grid's cells
// `data/replies/<grid>.grid.jsonl`) or imported (`data/replies/<system>.imported.jsonl`).
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  type AskPlan,
  indexJournal,
  type JournalIndex,
  readJournal,
  requireOneWay,
  SYSTEM_OF_LINE,
} from "ask-models";
import { UserError } from "kit";
import type { Dialogue } from "../../src/corpus/dialogue";
import { checksumOf, compareReplies, type Reply } from "../../src/systems/reply";
import { readSystems } from "../../src/systems/system";
import { type RepliesToScore, requestFor } from "./score-stage";

/** Where replies are recorded, below a root. */
export const REPLIES_FOLDER = join("data", "replies");

/** A system's recorded replies that answer the study's dialogues, and how many do not. */
interface RecordedReplies extends RepliesToScore {
  /** Replies to dialogues that the study does not have, such as the sample corpus's. */
  readonly elsewhere: number;
}

// A line names its stimulus and its system within these.
const NAMING_BYTES = 4096;
const CHUNK_BYTES = 1 << 20;
const GRID_ENDING = ".grid.jsonl";

/** Identifiers of the systems that have a journal, a cell of a grid's journal or an import below a root. */
export function listRecordedSystems(root: string): string[] {
  const folder = join(root, REPLIES_FOLDER);
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).flatMap((name) => {
    if (name.endsWith(GRID_ENDING)) return listJournalSystems(join(folder, name));
    const id = /^([a-z0-9][a-z0-9.-]*?)(?:\.imported)?\.jsonl$/.exec(name)?.[1];
    return id && !/\.batch(-[0-9a-f]{16})?$/.test(id) ? [id] : [];
  });
  return [...new Set(found)].sort();
}

/**
 * The journals that hold a system's replies: its own, and those of the grids that it is a cell of.
 *
 * @throws UserError if two of them had it asked in different ways: two grids may name their cells alike.
 */
export async function journalsOf(root: string, system: string): Promise<string[]> {
  const folder = join(root, REPLIES_FOLDER);
  const own = join(folder, `${system}.jsonl`);
  const grids = listGridJournals(folder).filter((path) =>
    listJournalSystems(path).includes(system),
  );
  const paths = [...(existsSync(own) ? [own] : []), ...grids];
  if (paths.length > 1) await requireOneWayInAll(paths, system);
  return paths;
}

async function requireOneWayInAll(paths: readonly string[], system: string): Promise<void> {
  const found = new Map<string, string>();
  for (const path of paths) {
    for (const way of (await indexJournal(path)).waysOf(system)) {
      const [known, first] = [...found][0] ?? [way, path];
      if (known !== way) {
        throw new UserError(
          `${first} and ${path} both hold '${system}', asked in two ways (${known}; ${way}); they are two systems: ask one of them under another name, and move its file away`,
        );
      }
      found.set(way, path);
    }
  }
}

/**
 * Refuses systems that another journal of the same folder had asked in another way: two grids may name their cells alike.
 *
 * @param journal where the systems are to be recorded.
 * @throws UserError naming the other journal, both ways and the remedy.
 */
export async function requireOneWayBeside(
  journal: string,
  plans: readonly AskPlan[],
  remedy?: string,
): Promise<void> {
  const byName = new Map(plans.map((plan) => [plan.system, plan]));
  const folder = dirname(journal);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const own = names.filter((name) => byName.has(name.replace(/\.jsonl$/, "")));
  const others = [...names.filter(isGridJournal), ...own].map((name) => join(folder, name));
  for (const path of others.filter((other) => resolve(other) !== resolve(journal))) {
    const shared = listJournalSystems(path).flatMap((system) => byName.get(system) ?? []);
    const index = shared.length === 0 ? undefined : await indexJournal(path);
    for (const plan of index ? shared : []) {
      requireOneWay(plan, index as JournalIndex, path, remedy);
    }
  }
}

/** Whether a journal is a grid's, which holds the replies of several systems. */
export function isGridJournal(path: string): boolean {
  return path.endsWith(GRID_ENDING);
}

/** The systems of a journal, as its lines name them; the lines are not checked. */
export function listJournalSystems(path: string): string[] {
  const systems = new Set<string>();
  for (const line of readLineStarts(path)) {
    const system = SYSTEM_OF_LINE.exec(line)?.[1];
    if (system !== undefined) systems.add(system);
  }
  return [...systems].sort();
}

// The first bytes of each line; memory does not grow with the file.
function* readLineStarts(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let head: Buffer = Buffer.alloc(0);
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      let start = 0;
      for (let stop = 0; stop < size; start = stop + 1) {
        const end = chunk.subarray(0, size).indexOf("\n", start);
        stop = end < 0 ? size : end;
        const part = chunk.subarray(start, Math.min(stop, start + NAMING_BYTES - head.length));
        head = Buffer.concat([head, part]);
        if (end < 0) break;
        yield head.toString("utf8");
        head = Buffer.alloc(0);
      }
    }
    yield head.toString("utf8");
  } finally {
    closeSync(file);
  }
}

function listGridJournals(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter(isGridJournal).sort();
  return names.map((name) => join(folder, name));
}

/**
 * Reads a system's recorded replies.
 *
 * @throws UserError if there are none, a line is broken, or a stimulus was answered twice over.
 */
export async function readRecordedReplies(
  root: string,
  system: string,
  dialogues: ReadonlyMap<string, Dialogue>,
): Promise<RecordedReplies> {
  const journal = join(root, REPLIES_FOLDER, `${system}.jsonl`);
  if (!listRecordedSystems(root).includes(system)) {
    throw new UserError(
      `${journal}: no such file, and no import of '${system}' either; ask it with \`npx empathy ask\`, or import its replies`,
    );
  }
  const all = await readOwnReplies(root, system);
  const shown = readSystems().find(({ id }) => id === system)?.shown ?? "all";
  const replies = all.filter(({ dialogue }) => dialogues.has(dialogue)).sort(compareReplies);
  refuseDoubles(replies, await filesOf(root, system));
  return {
    system,
    replies,
    elsewhere: all.length - replies.length,
    toRequest: (reply) => requestFor(reply, dialogues.get(reply.dialogue) as Dialogue, shown),
  };
}

/** Every reply of a system that is on this machine, to whatever dialogue. */
export async function readOwnReplies(root: string, system: string): Promise<Reply[]> {
  const folder = join(root, REPLIES_FOLDER);
  const replies = [readImported(join(folder, `${system}.imported.jsonl`), system)];
  for (const path of await journalsOf(root, system)) replies.push(await readAsked(path, system));
  return replies.flat();
}

async function filesOf(root: string, system: string): Promise<string[]> {
  const imported = join(root, REPLIES_FOLDER, `${system}.imported.jsonl`);
  return [...(await journalsOf(root, system)), ...(existsSync(imported) ? [imported] : [])];
}

// A journal of its own is the system's by its name, a grid's by what each record says.
async function readAsked(path: string, system: string): Promise<Reply[]> {
  const records = await readJournal(path);
  const own = isGridJournal(path) ? records.filter((record) => record.system === system) : records;
  return own.flatMap(({ dialogue, turn, sample, status, reply }) =>
    status === "ok" && reply !== undefined ? [{ dialogue, turn, system, sample, text: reply }] : [],
  );
}

/** A system's imported replies; none where there is no such file. */
export function readImported(path: string, system: string): Reply[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line, at) => {
    const { dialogue, turn, sample, reply, sha256 } = parse(line);
    if (typeof reply === "string" && checksumOf(reply) === sha256) {
      return { dialogue, turn, system, sample, text: reply };
    }
    throw new UserError(
      `${path}:${at + 1}: the line is not as it was imported; import the file again`,
    );
  });
}

function parse(line: string) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

function refuseDoubles(replies: readonly Reply[], files: readonly string[]): void {
  const double = replies.find((reply, at) => {
    const before = replies[at - 1];
    return before && compareReplies(before, reply) === 0;
  });
  if (!double) return;
  const { dialogue, turn, sample, system } = double;
  throw new UserError(
    `${files.join(", ")}: '${system}' has two replies to ${dialogue}, turn ${turn}, sample ${sample} (another prompt, model ` +
      "or import); keep them as two systems, each in its own file",
  );
}
