// Counts in how many items, labelled by people with acts and intents, each head finds each mechanism.
import { byMetric, isMissing, METRICS, type Metric, type Scorer } from "empathy-scorer";
import type { Dialogue } from "../../src/corpus/dialogue";
import { listenerTurns } from "../../src/corpus/stimulus";
import { groupBy } from "../../src/group-by";
import type { Places } from "../../src/sources/locate-source";
import { normalForm } from "../../src/systems/normal-form";
import type { ActCount } from "../../src/validity/act-counts";
import { type LabelledAct, readActs, readIntents } from "./acts";

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
  const groups = groupBy(acts, ({ source, label }) => JSON.stringify([source, label]));
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
  const formAt = ({ utterances }: Dialogue, turn: number) =>
    normalForm(utterances[turn - 1]?.text ?? "");
  const turns = dialogues.flatMap((dialogue) =>
    listenerTurns(dialogue).map((turn) => ({ dialogue, turn })),
  );
  const byText = groupBy(turns, ({ dialogue, turn }) => formAt(dialogue, turn));
  return ({ text, place }) => {
    const form = normalForm(text);
    const [only, ...others] = byText.get(form) ?? [];
    const dialogue = place ? byId.get(place.dialogue) : only?.dialogue;
    const turn = place ? place.turn : only?.turn;
    if (!dialogue || turn === undefined || (!place && others.length > 0)) return undefined;
    if (formAt(dialogue, turn) !== form) return undefined;
    return dialogue.utterances.slice(0, turn - 1).map((utterance) => utterance.text);
  };
}
