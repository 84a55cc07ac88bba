// Replies that are on this machine only: asked for (`data/replies/<system>.jsonl`) or imported
// (`data/replies/<system>.imported.jsonl`).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Dialogue } from "../corpus/dialogue";
import { readJournal } from "../replies/read-journal";
import { checksumOf, compareReplies, type Reply } from "../systems/reply";
import { readSystems } from "../systems/system";
import { UserError } from "../user-error";
import { type RepliesToScore, requestFor } from "./score-stage";

/** Where replies are recorded, below a root. */
export const REPLIES_FOLDER = join("data", "replies");

/** A system's recorded replies that answer the study's dialogues, and how many do not. */
export interface RecordedReplies extends RepliesToScore {
  /** Replies to dialogues that the study does not have, such as the sample corpus's. */
  readonly elsewhere: number;
}

/** Identifiers of the systems that have a journal or an import below a root. */
export function listRecordedSystems(root: string): string[] {
  const folder = join(root, REPLIES_FOLDER);
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).flatMap((name) => {
    const id = /^([a-z0-9][a-z0-9.-]*?)(?:\.imported)?\.jsonl$/.exec(name)?.[1];
    return id && !/\.batch(-[0-9a-f]{16})?$/.test(id) ? [id] : [];
  });
  return [...new Set(found)].sort();
}

/**
 * Reads a system's recorded replies.
 *
 * @throws UserError where there are none, a line is broken, or a stimulus was answered twice over.
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
  refuseDoubles(replies, journal);
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
  const journal = join(folder, `${system}.jsonl`);
  const asked = existsSync(journal) ? await readAsked(journal, system) : [];
  return [...readImported(join(folder, `${system}.imported.jsonl`), system), ...asked];
}

async function readAsked(path: string, system: string): Promise<Reply[]> {
  const records = await readJournal(path);
  return records.flatMap(({ dialogue, turn, sample, status, reply }) =>
    status === "ok" ? [{ dialogue, turn, system, sample, text: reply as string }] : [],
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

function refuseDoubles(replies: readonly Reply[], journal: string): void {
  const double = replies.find((reply, at) => {
    const before = replies[at - 1];
    return before && compareReplies(before, reply) === 0;
  });
  if (!double) return;
  const { dialogue, turn, sample, system } = double;
  throw new UserError(
    `${journal}: '${system}' has two replies to ${dialogue}, turn ${turn}, sample ${sample} (another prompt, model ` +
      "or import); keep them as two systems, each in its own file",
  );
}
