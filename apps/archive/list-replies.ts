// What is handed on of the replies that were asked for or imported: which they are, who gave them and when, and no text unless
// it was asked for.

import { join } from "node:path";
import { readJournal } from "ask-models";
import { formatCsvTable, toCell } from "kit/tables";
import { checksumOf } from "../../src/systems/reply";
import {
  isGridJournal,
  journalsOf,
  REPLIES_FOLDER,
  readImported,
} from "../replies/recorded-replies";

/** One request for a reply, or one imported reply. */
export interface ListedReply {
  readonly dialogue: string;
  readonly turn: number;
  readonly sample: number;
  /** As in a journal; `imported` where the reply was not asked for here. */
  readonly status: string;
  /** The model that was asked for, and that answered, as its provider names them. */
  readonly asked: string;
  readonly answered: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Template and version. */
  readonly prompt: string;
  /** How the reply was drawn, as JSON. */
  readonly parameters: string;
  /** Of all that was sent. */
  readonly key: string;
  /** Of the reply's text; empty where there is no reply. */
  readonly sha256: string;
  readonly text: string;
}

const COLUMNS = [
  ...(["dialogue", "turn", "sample", "status", "asked", "answered", "time"] as const),
  ...(["prompt", "parameters", "key", "sha256"] as const),
];

/**
 * Lists a system's recorded replies to a study's dialogues, in the order of dialogue, turn and sample.
 *
 * @param root the folder that holds `data/replies`.
 * @throws UserError if a journal's line is broken.
 */
export async function listReplies(
  root: string,
  system: string,
  dialogues: ReadonlySet<string>,
): Promise<ListedReply[]> {
  const found = readImported(join(root, REPLIES_FOLDER, `${system}.imported.jsonl`), system).map(
    ({ dialogue, turn, sample, text }) => ({ ...NOT_ASKED, dialogue, turn, sample, text }),
  );
  for (const journal of await journalsOf(root, system))
    found.push(...(await readAsked(journal, system)));
  return found
    .filter(({ dialogue }) => dialogues.has(dialogue))
    .map((one) => ({ ...one, sha256: one.text === "" ? "" : checksumOf(one.text) }))
    .sort((left, right) => compare(orderOf(left), orderOf(right)));
}

const NOT_ASKED = {
  status: "imported",
  asked: "",
  answered: "",
  time: "",
  prompt: "",
  parameters: "",
  key: "",
};

async function readAsked(journal: string, system: string) {
  const records = await readJournal(journal);
  return records
    .filter((record) => !isGridJournal(journal) || record.system === system)
    .map(({ dialogue, turn, sample, status, model, time, request, key, reply }) => ({
      dialogue,
      turn,
      sample,
      status: status as string,
      asked: request.model ?? "",
      answered: model ?? "",
      time,
      prompt: request.prompt ?? "",
      parameters: JSON.stringify(request.parameters ?? {}),
      key,
      text: status === "ok" ? (reply ?? "") : "",
    }));
}

function orderOf({ dialogue, turn, sample, key }: ListedReply): string {
  return [dialogue, String(turn).padStart(4, "0"), String(sample).padStart(6, "0"), key].join(" ");
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Writes replies as a table, with a column of texts where these are handed on. */
export function formatReplies(replies: readonly ListedReply[], withTexts: boolean): string {
  const rows = replies.map((reply) => ({
    ...reply,
    asked: toCell(reply.asked),
    answered: toCell(reply.answered),
    // What was imported beside them is somebody else's.
    reply: reply.status === "imported" ? "" : toCell(reply.text),
  }));
  return formatCsvTable(withTexts ? [...COLUMNS, "reply" as const] : COLUMNS, rows);
}
