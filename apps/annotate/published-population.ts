// Replies that have scores in `data/scores`, with their texts from the files on this machine.

import { existsSync } from "node:fs";
import { byMetric } from "empathy-scorer";
import { UserError } from "kit";
import type { Dialogue } from "../../src/corpus/dialogue";
import { readAllDialogues } from "../../src/corpus/read-dialogues";
import { stimulusKey } from "../../src/corpus/stimulus";
import { projectPath } from "../../src/project";
import { readSystemScores, type ScoreRow } from "../../src/scoring/system-scores";
import { requireCorpusArchive } from "../../src/sources/corpus-archive";
import { defaultPlaces, type Places } from "../../src/sources/locate-source";
import { scoreTable } from "../../src/study/study";
import { JoinIndex } from "../../src/systems/join-index";
import { isPublished, joinPublished } from "../../src/systems/published-replies";
import { checksumOf, type Reply } from "../../src/systems/reply";
import { findSystem, readSystems, type System } from "../../src/systems/system";
import { humanReplies } from "../replies/human-replies";
import { readRecordedReplies } from "../replies/recorded-replies";
import { placeOf } from "./plan-places";
import type { Population, PopulationReply, ShownReply } from "./population";

/**
 * Finds the scored replies of systems; their texts are read from the files on this machine once they are asked for.
 *
 * Of people's replies those count whose stimuli another of the systems answered, where others are named.
 *
 * @param ids the systems, by their identifiers in `data/systems.json`.
 * @param scorer the folder below `data/scores`.
 * @throws UserError if a system is unknown or has no scores; once texts are asked for, where the corpus is not on
 *   this machine, or a reply is not the one that was scored.
 */
export function readPublishedPopulation(
  ids: readonly string[],
  scorer: string,
  places: Places = defaultPlaces(),
): Population {
  const systems = ids.map((id) => findSystem(readSystems(), id));
  const scored = keepShared(
    systems.map((system) => ({ system, rows: readScores(system, scorer) })),
  );
  const replies = scored.flatMap(({ system: { id, family }, rows }) =>
    rows.flatMap(({ dialogue, turn, sample, scores, checksum }): PublishedReply[] => {
      if (!scores) return [];
      const place = placeOf({ dialogue, turn, sample });
      const predicted = byMetric((metric) => scores[metric].level);
      return [{ system: id, family, place, predicted, dialogue, turn, checksum }];
    }),
  );
  return { scorer, replies, openTexts: () => openTexts(systems, replies, places) };
}

async function openTexts(
  systems: readonly System[],
  replies: readonly PublishedReply[],
  places: Places,
) {
  const archive = await requireCorpusArchive(
    places,
    "rate the sample corpus with --sample, or a file of your own with --replies",
  );
  const dialogues = await readAllDialogues(archive);
  const byId = new Map(dialogues.map((dialogue) => [dialogue.id, dialogue]));
  const texts = await readTexts(systems, dialogues, byId, places);
  const byPlace = new Map(replies.map((reply) => [`${reply.system} ${reply.place}`, reply]));
  return ({ system, place }: PopulationReply): ShownReply => {
    const scored = byPlace.get(`${system} ${place}`);
    const text = texts.get(`${system} ${place}`);
    const dialogue = byId.get(scored?.dialogue ?? "");
    if (!scored || !dialogue || text === undefined || !isScored(text, scored)) {
      throw new UserError(
        `${system}: its reply to ${place} is no longer the text that was scored; \`npx empathy data verify\` checks the files`,
      );
    }
    const before = dialogue.utterances.slice(0, scored.turn - 1);
    return { context: before.map((utterance) => utterance.text), reply: text };
  };
}

interface PublishedReply extends PopulationReply {
  readonly dialogue: string;
  readonly turn: number;
  readonly checksum: string;
}

interface ScoredSystem {
  readonly system: System;
  readonly rows: readonly ScoreRow[];
}

function readScores({ id }: System, scorer: string): ScoreRow[] {
  const path = projectPath(scoreTable(scorer, id));
  if (existsSync(path)) return readSystemScores(path);
  throw new UserError(
    `${path}: no such file; score the system with \`npx empathy score --system ${id}\`, or name another --scorer`,
  );
}

function keepShared(scored: readonly ScoredSystem[]): readonly ScoredSystem[] {
  const answered = new Set<string>();
  for (const { system, rows } of scored) {
    if (system.family === "human") continue;
    for (const row of rows) answered.add(stimulusKey(row));
  }
  if (answered.size === 0) return scored;
  return scored.map(({ system, rows }) => {
    const isShared = (row: ScoreRow) => answered.has(stimulusKey(row));
    return { system, rows: system.family === "human" ? rows.filter(isShared) : rows };
  });
}

async function readTexts(
  systems: readonly System[],
  dialogues: readonly Dialogue[],
  byId: ReadonlyMap<string, Dialogue>,
  places: Places,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const add = (system: string, replies: readonly Reply[]) => {
    for (const reply of replies) texts.set(`${system} ${placeOf(reply)}`, reply.text);
  };
  for (const { system, replies } of await joinPublished(
    systems,
    new JoinIndex(dialogues),
    places,
  )) {
    add(system.id, replies);
  }
  for (const system of systems) {
    if (system.family === "human") add(system.id, humanReplies(dialogues, system.id));
    else if (!isPublished(system)) {
      const { replies } = await readRecordedReplies(projectPath(), system.id, byId);
      add(system.id, replies);
    }
  }
  return texts;
}

// Score tables keep the first digits of a text's checksum.
function isScored(text: string, { checksum }: PublishedReply): boolean {
  return checksumOf(text).startsWith(checksum);
}
