// The rows that the claims rest on: every compared reply, and the human reply to the same stimulus.

import { join } from "node:path";
import {
  byMetric,
  type Level,
  type LevelProbabilities,
  type Levels,
  type Metric,
} from "empathy-scorer";
import { UserError } from "kit";
import { readCorpusTable } from "../corpus/corpus-table";
import type { Sentiment } from "../corpus/emotions";
import { stimulusKey } from "../corpus/stimulus";
import { type Outcome, replyKey } from "../readings/readings";
import { readSystemScores, type ScoreRow } from "../scoring/system-scores";
import { listScoredSystems } from "../study/scored-replies";
import type { Study } from "../study/study";
import type { System } from "../systems/system";
import type { Analysis } from "./analysis";

/** One scored reply. */
export interface AnchoredReply {
  /** As `replyKey` names it. */
  readonly key: string;
  readonly system: string;
  readonly dialogue: string;
  readonly turn: number;
  /** Number of the sample, from 1. */
  readonly sample: number;
  /** Dialogue and turn. */
  readonly stimulus: string;
  readonly isFirst: boolean;
  /** Whether the dialogue is of the corpus's test part. */
  readonly isTest: boolean;
  readonly sentiment: Sentiment;
  readonly levels: Readonly<Record<Metric, number>>;
  readonly probabilities: Readonly<Record<Metric, LevelProbabilities>>;
  readonly words: number;
}

/** Replies with the human replies to the same stimuli. */
export interface AnchoredReplies {
  /** The systems, without the human listener, in the registry's order. */
  readonly systems: readonly System[];
  /** Human replies first, then system by system. */
  readonly replies: readonly AnchoredReply[];
}

/** What the human listener is called among the systems. */
export const HUMAN = "human";

/**
 * Reads the replies of a scorer's systems, each with a human reply to the same stimulus; a reply to a stimulus that has
 * no scored human reply is left out, and so is a human reply to one that no system answered.
 *
 * @param keep which systems; all that have scores by default.
 * @param scorer the folder below `data/scores`; the study's first by default.
 * @throws UserError if a table is missing or broken, or a dialogue is in no corpus table.
 */
export function readAnchoredReplies(
  study: Study,
  keep: (system: System) => boolean = () => true,
  scorer = study.scorers[0],
): AnchoredReplies {
  const { root } = study;
  const corpus = readSentiments(root);
  const scored = listScoredSystems(study, scorer);
  const systems = scored.filter((system) => system.family !== "human" && keep(system));
  const read = (id: string) => {
    const path = join(root, "data", "scores", scorer, `${id}.csv`);
    return readSystemScores(path).flatMap((row, at) =>
      toReply(row, id, corpus, `${path}:${at + 2}`),
    );
  };
  const people = read(HUMAN);
  const answeredByPeople = new Set(people.map(({ stimulus }) => stimulus));
  const replies = systems
    .flatMap(({ id }) => read(id))
    .filter(({ stimulus }) => answeredByPeople.has(stimulus));
  const answered = new Set(replies.map(({ stimulus }) => stimulus));
  return {
    systems,
    replies: [...people.filter(({ stimulus }) => answered.has(stimulus)), ...replies],
  };
}

interface Place {
  readonly sentiment: Sentiment;
  readonly isTest: boolean;
}

function readSentiments(root: string): Map<string, Place> {
  const read = (part: string) => readCorpusTable(join(root, "data", "corpus", `${part}.csv`));
  const places = new Map<string, Place>();
  for (const { dialogue, sentiment } of read("answered")) {
    places.set(dialogue, { sentiment, isTest: false });
  }
  for (const { dialogue, sentiment } of read("test")) {
    places.set(dialogue, { sentiment, isTest: true });
  }
  return places;
}

function toReply(
  { dialogue, turn, sample, words, scores }: ScoreRow,
  system: string,
  corpus: ReadonlyMap<string, Place>,
  place: string,
): AnchoredReply[] {
  if (!scores) return [];
  const known = corpus.get(dialogue);
  if (!known) {
    throw new UserError(
      `${place}: the dialogue '${dialogue}' is in no table of data/corpus; score the file again`,
    );
  }
  const stimulus = stimulusKey({ dialogue, turn });
  return [
    {
      key: replyKey({ system, dialogue, turn, sample }),
      system,
      dialogue,
      turn,
      sample,
      stimulus,
      isFirst: turn === 2,
      isTest: known.isTest,
      sentiment: known.sentiment,
      levels: shareLevels(scores.er.level, scores.ip.level, scores.ex.level),
      probabilities: byMetric((metric) => scores[metric].probabilities),
      words,
    },
  ];
}

const sharedLevels = new Map<number, Levels>();

// One object for all replies of the same levels: what is asked of a hundred thousand replies stays in the processor's cache.
function shareLevels(er: Level, ip: Level, ex: Level): Levels {
  const code = 9 * er + 3 * ip + ex;
  const levels = sharedLevels.get(code) ?? { er, ip, ex };
  sharedLevels.set(code, levels);
  return levels;
}

/** The replies that an analysis looks at, with the human replies to the same stimuli. */
export function selectReplies(
  { systems, replies }: AnchoredReplies,
  { dialogues, turns }: Pick<Analysis, "dialogues" | "turns">,
): AnchoredReplies {
  if (dialogues === "all" && turns === "all") return { systems, replies };
  const isKept = ({ isTest, isFirst }: AnchoredReply) =>
    (dialogues === "all" || isTest) && (turns === "all" || isFirst);
  return { systems, replies: replies.filter(isKept) };
}

/** The replies of some systems, with the human replies to the stimuli that these answered. */
export function keepSystems(
  { systems, replies }: AnchoredReplies,
  keep: (system: System) => boolean,
): AnchoredReplies {
  const kept = systems.filter(keep);
  const ids = new Set(kept.map(({ id }) => id));
  const answered = new Set(
    replies.filter(({ system }) => ids.has(system)).map(({ stimulus }) => stimulus),
  );
  return {
    systems: kept,
    replies: replies.filter(({ system, stimulus }) =>
      system === HUMAN ? answered.has(stimulus) : ids.has(system),
    ),
  };
}

/** Whether a reply shows a metric, as 1 or 0. */
export function shows(reply: AnchoredReply, metric: Metric, outcome: Outcome): 0 | 1 {
  return reply.levels[metric] >= (outcome === "strong" ? 2 : 1) ? 1 : 0;
}
