// What classifiers find in what people say that listeners do, as counts: `data/validity/acts.csv`, which stands beside
// `data/readings/criteria.csv`, where readings are counted in the same way.
import { byMetric, isMissing, METRICS, type Metric, type Scorer } from "empathy-scorer";
import { formatCsvTable, readCsvFile } from "kit/tables";
import type { Dialogue } from "../corpus/dialogue";
import { listenerTurns } from "../corpus/stimulus";
import { type LabelledAct, readActs, readIntents } from "../labels/acts";
import { projectPath } from "../project";
import type { Places } from "../sources/locate-source";
import { normalForm } from "../systems/normal-form";

/** In how many items with a label a classifier finds each metric. */
export interface ActCount {
  readonly source: LabelledAct["source"];
  readonly label: string;
  /** The classifier: a folder of `data/scores`. */
  readonly scorer: string;
  readonly items: number;
  /** Items that stand in a dialogue: they are scored with all utterances before them, the others without any. */
  readonly inDialogue: number;
  /** Items that reach level 1 or 2. */
  readonly any: Readonly<Record<Metric, number>>;
}

const HEADER = [
  "source",
  "label",
  "scorer",
  "items",
  "in_dialogue",
  "er_any",
  "ip_any",
  "ex_any",
] as const;

/**
 * Scores what people labelled, and counts.
 *
 * An act of EQT stands where the source says, if the corpus has those words there. A sentence with an intent stands where it
 * is a listener's whole turn, in one place of the corpus only.
 *
 * @param dialogues the whole corpus.
 * @returns by source, label and scorer.
 * @throws UserError if a source is not on this machine or breaks its format.
 */
export async function countActs(
  scorers: readonly Scorer[],
  dialogues: readonly Dialogue[],
  places: Places,
): Promise<ActCount[]> {
  const find = findTurns(dialogues);
  const acts = [...(await readActs(places)), ...(await readIntents(places))];
  const groups = new Map<string, LabelledAct[]>();
  for (const act of acts) {
    const key = JSON.stringify([act.source, act.label]);
    groups.set(key, [...(groups.get(key) ?? []), act]);
  }
  const counts: ActCount[] = [];
  for (const own of groups.values()) {
    for (const scorer of scorers) counts.push(await countLabel(own, scorer, find));
  }
  const name = ({ source, label }: ActCount) => `${source} ${label}`;
  return counts.sort((one, other) =>
    name(one) < name(other) ? -1 : Number(name(one) > name(other)),
  );
}

async function countLabel(
  acts: readonly LabelledAct[],
  scorer: Scorer,
  find: (act: LabelledAct) => readonly string[] | undefined,
): Promise<ActCount> {
  const { source, label } = acts[0] as LabelledAct;
  const any = byMetric(() => 0) as Record<Metric, number>;
  let inDialogue = 0;
  for (const act of acts) {
    const before = find(act);
    if (before) inDialogue++;
    const request = { context: before ?? [], reply: act.text, opening: before?.[0] };
    const outcome = await scorer.score(request);
    if (isMissing(outcome)) continue;
    for (const metric of METRICS) if (outcome[metric].level > 0) any[metric]++;
  }
  return { source, label, scorer: scorer.id, items: acts.length, inDialogue, any };
}

/** Gives the utterances before what people labelled, where it stands in a dialogue. */
function findTurns(
  dialogues: readonly Dialogue[],
): (act: LabelledAct) => readonly string[] | undefined {
  const byId = new Map(dialogues.map((dialogue) => [dialogue.id, dialogue]));
  const byText = new Map<string, { readonly dialogue: Dialogue; readonly turn: number }[]>();
  for (const dialogue of dialogues) {
    for (const turn of listenerTurns(dialogue)) {
      const key = normalForm(dialogue.utterances[turn - 1]?.text ?? "");
      byText.set(key, [...(byText.get(key) ?? []), { dialogue, turn }]);
    }
  }
  return ({ text, place }) => {
    const form = normalForm(text);
    const [only, ...others] = byText.get(form) ?? [];
    const dialogue = place ? byId.get(place.dialogue) : only?.dialogue;
    const turn = place ? place.turn : only?.turn;
    if (!dialogue || turn === undefined || (!place && others.length > 0)) return undefined;
    if (normalForm(dialogue.utterances[turn - 1]?.text ?? "") !== form) return undefined;
    return dialogue.utterances.slice(0, turn - 1).map((utterance) => utterance.text);
  };
}

/** Writes the counts as a table. */
export function formatActs(counts: readonly ActCount[]): string {
  return formatCsvTable(
    HEADER,
    counts.map(({ source, label, scorer, items, inDialogue, any }) => ({
      source,
      label,
      scorer,
      items,
      in_dialogue: inDialogue,
      er_any: any.er,
      ip_any: any.ip,
      ex_any: any.ex,
    })),
  );
}

/**
 * Reads in how many items with a label the classifiers find each metric.
 *
 * @param path `data/validity/acts.csv` by default.
 * @throws UserError if the file is missing or broken.
 */
export function readActCounts(path = projectPath("data", "validity", "acts.csv")): ActCount[] {
  return readCsvFile(path, HEADER).map((cells) => ({
    source: cells.source as ActCount["source"],
    label: cells.label,
    scorer: cells.scorer,
    items: Number(cells.items),
    inDialogue: Number(cells.in_dialogue),
    any: byMetric((metric) => Number(cells[`${metric}_any`])),
  }));
}
