// Sums up what was asked of, or imported for, each system of a study: the table that `readAsked` reads.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { scanJournal } from "ask-models";
import { toCell } from "kit/tables";
import { ASKED_TABLE, type AskedSystem } from "../../src/study/asked-systems";
import { compareReplies } from "../../src/systems/reply";
import { readStyles, type StyleRow } from "../../src/systems/reply-style";
import { measureStyle } from "./measure-style";
import {
  isGridJournal,
  journalsOf,
  REPLIES_FOLDER,
  readImported,
  readOwnReplies,
} from "./recorded-replies";

export async function summarise(root: string, system: string): Promise<AskedSystem> {
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

/** Writes the table of some systems. */
export async function formatAsked(root: string, ids: readonly string[]): Promise<string> {
  const rows = [];
  for (const id of ids) {
    const row = await summarise(root, id);
    // A server names its model as it likes.
    rows.push({ ...row, asked: toCell(row.asked), answered: toCell(row.answered) });
  }
  return ASKED_TABLE.format(rows);
}
