// What became of the systems that were asked, or imported, on this machine: how many replies, and which model gave them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { scanJournal } from "ask-models";
import { formatCsvTable, fromCell, readCsvFile, toCell } from "kit/tables";
import { compareReplies } from "../systems/reply";
import { measureStyle, readStyles, type StyleRow } from "../systems/reply-style";
import {
  isGridJournal,
  journalsOf,
  REPLIES_FOLDER,
  readImported,
  readOwnReplies,
} from "./recorded-replies";
import { type Study, studyPath } from "./study";

/** Where the table stands, below a study's folder. */
export const ASKED_FILE = join("data", "published", "asked.csv");

/** One system that was asked or imported. */
export interface AskedSystem {
  readonly system: string;
  /** The models that were asked for, and those that answered, as their provider names them. */
  readonly asked: string;
  readonly answered: string;
  readonly replies: number;
  /** Requests that got no reply. */
  readonly without: number;
  readonly imported: number;
  /** Days of the first and the last answer; empty where none was asked for. */
  readonly first: string;
  readonly last: string;
}

const HEADER = [
  ...(["system", "asked", "answered", "replies", "without", "imported", "first", "last"] as const),
];

/** Writes the table of some systems. */
export async function formatAsked(root: string, ids: readonly string[]): Promise<string> {
  const rows = [];
  for (const id of ids) {
    const row = await summarise(root, id);
    // A server names its model as it likes.
    rows.push({ ...row, asked: toCell(row.asked), answered: toCell(row.answered) });
  }
  return formatCsvTable(HEADER, rows);
}

/**
 * Reads what was asked and imported of a study's systems; nothing of the published one.
 *
 * @throws UserError if the table is broken.
 */
export function readAsked(study: Pick<Study, "root">): AskedSystem[] {
  const path = studyPath(study, ASKED_FILE);
  if (!existsSync(path)) return [];
  return readCsvFile(path, HEADER).map(({ replies, without, imported, ...row }) => ({
    ...row,
    asked: fromCell(row.asked),
    answered: fromCell(row.answered),
    replies: Number(replies),
    without: Number(without),
    imported: Number(imported),
  }));
}

/**
 * Says in words where a system's replies are from.
 *
 * @example
 * const counts = { replies: 98, without: 2, imported: 0, first: "2026-03-01", last: "2026-03-02" };
 * const row = { ...counts, system: "mine", asked: "m", answered: "m-0301" };
 * describeAsked(row).split(", ")[0]; // => "98 replies of m-0301 (m was asked)"
 */
export function describeAsked(row: AskedSystem): string {
  const { asked, answered, replies, without, imported, first, last } = row;
  const parts = [
    replies > 0
      ? `${replies} replies of ${answered || asked}${answered && answered !== asked ? ` (${asked} was asked)` : ""}`
      : "",
    without > 0 ? `${without} requests without one` : "",
    imported > 0 ? `${imported} imported` : "",
    first === last ? first : `${first} to ${last}`,
  ];
  return parts.filter(Boolean).join(", ");
}

async function summarise(root: string, system: string): Promise<AskedSystem> {
  const asked = new Set<string>();
  const answered = new Set<string>();
  const days: string[] = [];
  let [replies, without] = [0, 0];
  for (const journal of await journalsOf(root, system)) {
    const isGrid = isGridJournal(journal);
    for await (const { status, model, request, time, ...record } of scanJournal(journal)) {
      if (isGrid && record.system !== system) continue;
      if (request.model) asked.add(request.model);
      if (model) answered.add(model);
      days.push(time.slice(0, 10));
      if (status === "ok") replies++;
      else without++;
    }
  }
  const imported = readImported(join(root, REPLIES_FOLDER, `${system}.imported.jsonl`), system);
  days.sort();
  return {
    system,
    asked: list(asked),
    answered: list(answered),
    replies,
    without,
    imported: imported.length,
    first: days[0] ?? "",
    last: days.at(-1) ?? "",
  };
}

function list(names: ReadonlySet<string>): string {
  return [...names].sort().join(", ");
}

/** How the replies of this machine's own systems sound, for those that have any. */
export async function ownStyles(root: string, ids: readonly string[]): Promise<StyleRow[]> {
  const rows: StyleRow[] = [];
  for (const system of ids) {
    const replies = (await readOwnReplies(root, system)).sort(compareReplies);
    if (replies.length > 0) rows.push({ system, ...measureStyle(replies) });
  }
  return rows;
}

/** The published styles of some systems. */
export function publishedStyles(root: string, ids: readonly string[]): StyleRow[] {
  const path = join(root, "data", "published", "style.csv");
  return existsSync(path) ? readStyles(path).filter(({ system }) => ids.includes(system)) : [];
}
