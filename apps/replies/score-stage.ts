// Scores every reply of the study's texts with the classifiers that ship with the package.

import type { Shown } from "ask-models";
import { loadScorer, type ScoreRequest, type Scorer } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import type { Dialogue } from "../../src/corpus/dialogue";
import { stimulusKey } from "../../src/corpus/stimulus";
import type { Reply } from "../../src/systems/reply";
import { findSystem, readSystems } from "../../src/systems/system";
import { scoreReplies } from "../scoring/score-replies";
import { humanReplies } from "./human-replies";
import type { StudyTexts } from "./published-stage";

/** A table of scores: the file, below the root, and its text. */
interface ScoreTable {
  readonly file: string;
  readonly text: string;
}

/** A system's replies, and what a scorer is given for each. */
export interface RepliesToScore {
  readonly system: string;
  readonly replies: readonly Reply[];
  readonly toRequest: (reply: Reply) => ScoreRequest;
}

/** The score tables of a run, one after the other. */
export async function* buildScoreTables(
  texts: StudyTexts,
  signal?: AbortSignal,
): AsyncGenerator<ScoreTable> {
  const systems = listStudyReplies(texts);
  for (const head of HEADS) yield* scoreSystems(loadScorer(head), systems, signal);
}

/** Lists the replies of the human and of every published system that is on this machine. */
export function listStudyReplies(texts: StudyTexts): RepliesToScore[] {
  const dialogues = dialoguesOf(texts);
  const human = findSystem(readSystems(), "human");
  return [
    { system: human, replies: humanRepliesTo(texts, dialogues.values()) },
    ...texts.joined.map(({ system, replies }) => ({ system, replies })),
  ].map(({ system: { id, shown }, replies }) => ({
    system: id,
    replies,
    toRequest: (reply) => requestFor(reply, dialogues.get(reply.dialogue) as Dialogue, shown),
  }));
}

// The human's replies to the test part, and to what some system answered.
function humanRepliesTo({ joined }: StudyTexts, dialogues: Iterable<Dialogue>): Reply[] {
  const all = [...dialogues];
  const test = new Set(all.filter(({ split }) => split === "test").map(({ id }) => id));
  const answered = new Set<string>();
  for (const { replies } of joined) {
    for (const reply of replies) answered.add(stimulusKey(reply));
  }
  return humanReplies(all).filter(
    (reply) => test.has(reply.dialogue) || answered.has(stimulusKey(reply)),
  );
}

/** The dialogues that replies are scored in, by identifier. */
export function dialoguesOf({ test, answered }: StudyTexts): Map<string, Dialogue> {
  return new Map([...test, ...answered].map((dialogue) => [dialogue.id, dialogue]));
}

// What `"shown": "window"` holds at most.
const WINDOW_LINES = 3;

/** Scores systems one after the other. */
export async function* scoreSystems(
  scorer: Scorer,
  systems: readonly RepliesToScore[],
  signal?: AbortSignal,
): AsyncGenerator<ScoreTable> {
  for (const { system, replies, toRequest } of systems) {
    const text = await scoreReplies(scorer, replies, toRequest, signal);
    yield { file: `data/scores/${scorer.id}/${system}.csv`, text };
  }
}

/** What a scorer is given: the reply, and what its system was shown. */
export function requestFor(reply: Reply, dialogue: Dialogue, shown: Shown): ScoreRequest {
  const before = dialogue.utterances.slice(0, reply.turn - 1).map(({ text }) => text);
  const { situation } = dialogue;
  const context = {
    all: before,
    last: before.slice(-1),
    situation: [situation],
    window: [situation, ...before].slice(-WINDOW_LINES),
  };
  return { context: context[shown], reply: reply.text, opening: dialogue.utterances[0]?.text };
}
