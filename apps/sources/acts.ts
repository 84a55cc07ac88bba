// What people say that listeners do: acts of their questions (EQT), and intents of their sentences (EmpatheticIntents).
import { readFileSync } from "node:fs";
import { UserError } from "kit";
import { missingAmong, type Places, requireSource } from "../../src/sources/locate-source";
import { readSources } from "../../src/sources/source";
import type { ActCount } from "../../src/validity/act-counts";
import { readPinned } from "./epitome";

/** A listener's words with people's label; sources are called as in `data/readings/criteria.csv`. */
export interface LabelledAct {
  readonly source: ActCount["source"];
  /** What people call it, as the source does: an act of a question, or an intent. */
  readonly label: string;
  readonly text: string;
  /** Where it stands, as the source says: the dialogue, and the position of the listener's turn. */
  readonly place?: { readonly dialogue: string; readonly turn: number };
}

const ACTS_SOURCE = "eqt";
const INTENTS = /^intents-/;

/** Identifiers of the sources of acts and intents that are not on this machine. */
export function missingActs(places: Places): string[] {
  const intents = readSources().filter(({ id }) => INTENTS.test(id));
  return missingAmong([ACTS_SOURCE, ...intents.map(({ id }) => id)], places);
}

const COLUMNS = [
  "conv_id",
  "utterance_idx",
  "author",
  "raw_utterance",
  "act",
  "act_source",
  "intent_source",
] as const;

// The file's other labels are a classifier's.
const BY_PEOPLE: readonly string[] = ["mturk", "manual"];

/**
 * Reads the turns of listeners whose questions people labelled (EQT, Svikhnushina et al. 2022), in the file's order. Rows
 * whose act or intent a classifier gave are left out. A turn with several questions of one act counts once for that act.
 *
 * @throws UserError if the file is not on this machine, or breaks its format.
 */
export async function readActs(places: Places): Promise<LabelledAct[]> {
  const path = await requireSource(ACTS_SOURCE, places);
  const found = new Map<string, LabelledAct>();
  let header: readonly string[] = [];
  await readPinned(path, ",", ({ cells, line }, isHeader) => {
    if (isHeader) {
      header = cells;
      const lacking = COLUMNS.find((column) => !cells.includes(column));
      if (lacking)
        throw new UserError(`${path}:1: has no column '${lacking}'; fetch the file again`);
      return;
    }
    const cell = (column: (typeof COLUMNS)[number]) => cells[header.indexOf(column)] ?? "";
    const isPeoples = [cell("act_source"), cell("intent_source")].every((one) =>
      BY_PEOPLE.includes(one),
    );
    if (!isPeoples || cell("author") !== "listener") return;
    const [label, dialogue, turn] = [cell("act"), cell("conv_id"), Number(cell("utterance_idx"))];
    if (label === "" || !(turn >= 2 && turn % 2 === 0)) {
      throw new UserError(
        `${path}:${line}: is not a listener's labelled turn; fetch the file again`,
      );
    }
    const act = {
      source: "eqt",
      label,
      text: cell("raw_utterance"),
      place: { dialogue, turn },
    } as const;
    found.set(JSON.stringify([dialogue, turn, label]), act);
  });
  return [...found.values()];
}

/**
 * Reads listeners' sentences with manual intents (Welivita and Pu 2020), one file an intent, in the order of the registry.
 *
 * @throws UserError if a file is not on this machine, or is not the pinned one.
 */
export async function readIntents(places: Places): Promise<LabelledAct[]> {
  const acts: LabelledAct[] = [];
  for (const { id } of readSources().filter((source) => INTENTS.test(source.id))) {
    const label = id.replace(INTENTS, "").replaceAll("-", "_");
    const lines = readFileSync(await requireSource(id, places), "utf8").split(/\r?\n|\r/);
    const texts = lines.map((line) => line.trim()).filter(Boolean);
    for (const text of texts) acts.push({ source: "intent", label, text });
  }
  return acts;
}
