// Scores every reply of the study's texts with the classifiers that ship with the package.
import type { Dialogue } from "../corpus/dialogue";
import { loadScorer } from "../empathy/embedded-scorer";
import { HEADS } from "../empathy/recipes";
import type { ScoreRequest } from "../empathy/scorer";
import { scoreReplies } from "../empathy/system-scores";
import { humanReplies } from "../systems/human-replies";
import type { Reply } from "../systems/reply";
import { findSystem, readSystems, type Shown } from "../systems/system";
import type { StudyTexts } from "./published-stage";

/** The score tables of a run, one after the other: the file, below the root, and its text. */
export async function* buildScoreTables(
  { test, answered, joined }: StudyTexts,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly file: string; readonly text: string }> {
  const dialogues = new Map([...test, ...answered].map((dialogue) => [dialogue.id, dialogue]));
  const human = findSystem(readSystems(), "human");
  const systems = [
    { system: human, replies: humanReplies(dialogues.values()) },
    ...joined.map(({ system, replies }) => ({ system, replies })),
  ];
  for (const head of HEADS) {
    const scorer = loadScorer(head);
    for (const { system, replies } of systems) {
      const toRequest = (reply: Reply) =>
        requestFor(reply, dialogues.get(reply.dialogue) as Dialogue, system.shown);
      const text = await scoreReplies(scorer, replies, toRequest, signal);
      yield { file: `data/scores/${scorer.id}/${system.id}.csv`, text };
    }
  }
}

/** What a scorer is given: the reply, and what its system was shown. */
export function requestFor(reply: Reply, dialogue: Dialogue, shown: Shown): ScoreRequest {
  const before = dialogue.utterances.slice(0, reply.turn - 1).map(({ text }) => text);
  const context = { all: before, last: before.slice(-1), situation: [dialogue.situation] }[shown];
  return { context, reply: reply.text, opening: dialogue.utterances[0]?.text };
}
