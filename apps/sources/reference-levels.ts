import type { Levels } from "empathy-scorer";
import { UserError } from "kit";
import { requireWidth } from "kit/tables";
import { defaultPlaces, type Places, requireSource } from "../../src/sources/locate-source";
import { parseLevel, readPinned } from "./epitome";

/** The published files that hold reference levels: one Zephyr-7B each, with the human replies beside. */
export const REFERENCE_SOURCES = ["empo-zephyr-short", "empo-zephyr", "empo-zephyr-tuned"] as const;

/** A reply to an EmpatheticDialogues context with the levels that the reference classifier gave it. */
export interface ReferenceRow {
  /** The dialogue's first utterance. */
  readonly opening: string;
  /** The utterance that is answered: the last before the reply. */
  readonly answered: string;
  readonly emotion: string;
  /** Whether the context is one utterance: then it may be the end of one whose beginning was cut off. */
  readonly isCut: boolean;
  /** The model's reply, and its levels. */
  readonly reply: string;
  readonly levels: Levels;
  /** The human listener's reply, and its levels. */
  readonly humanReply: string;
  readonly humanLevels: Levels;
}

const COLUMNS = [
  "chat_templates",
  "gen_targets",
  "prevs",
  "emotions",
  "gens",
  "pred_ER_scores",
  "pred_IP_scores",
  "pred_EX_scores",
  "gt_ER_scores",
  "gt_IP_scores",
  "gt_EX_scores",
] as const;

/**
 * Reads one of EmPO's files of replies and reference levels (Sotolar 2024), in the file's order.
 *
 * The levels come from the published RoBERTa EPITOME classifiers; IP and EX were collapsed to 0 and 2.
 *
 * @throws UserError if the file is not on this machine, or where a row breaks its format, naming file and row.
 */
export async function readReferenceLevels(
  id: (typeof REFERENCE_SOURCES)[number],
  places: Places = defaultPlaces(),
): Promise<ReferenceRow[]> {
  const path = await requireSource(id, places);
  const found: ReferenceRow[] = [];
  let columns: number[] = [];
  let width = 0;
  const remedy = "fetch the file again";
  await readPinned(path, "~", (record, isHeader) => {
    const { cells, line } = record;
    if (!isHeader) {
      requireWidth(path, record, width, remedy);
      found.push(
        toRow(
          columns.map((at) => cells[at] as string),
          `${path}:${line}`,
        ),
      );
      return;
    }
    width = cells.length;
    columns = COLUMNS.map((name) => cells.indexOf(name));
    const missing = COLUMNS.filter((_, at) => columns[at] === -1);
    if (missing.length > 0)
      throw new UserError(`${path}:1: lacks the column ${missing[0]}; ${remedy}`);
  });
  return found;
}

function toRow(cells: readonly string[], place: string): ReferenceRow {
  const [chat, humanReply, answered, emotion, reply, ...levels] = cells as [
    string,
    string,
    string,
    string,
    string,
    ...string[],
  ];
  const [er, ip, ex, humanEr, humanIp, humanEx] = levels.map((cell) => parseLevel(cell, place)) as [
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const opening = /<\|user\|>\n([\s\S]*?)<\/s>/.exec(chat)?.[1];
  if (opening === undefined) {
    throw new UserError(`${place}: the context holds no <|user|> turn; fetch the file again`);
  }
  return {
    opening,
    answered,
    emotion,
    isCut: opening.trim() === answered.trim(),
    reply,
    levels: { er, ip, ex },
    humanReply,
    humanLevels: { er: humanEr, ip: humanIp, ex: humanEx },
  };
}
