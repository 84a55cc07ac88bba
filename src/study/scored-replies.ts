// The rows that every model of the study is fitted to: one scored reply each.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { byMetric, type Level, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { remedyFor } from "kit/tables";
import { readCorpusTable } from "../corpus/corpus-table";
import type { Emotion, Sentiment } from "../corpus/emotions";
import { readSystemScores } from "../scoring/system-scores";
import type { Family, System } from "../systems/system";
import { type Study, systemsOfStudy } from "./study";

/** One scored reply, with what the models need of its stimulus and its system. */
export interface ScoredReply {
  readonly dialogue: string;
  readonly emotion: Emotion;
  readonly sentiment: Sentiment;
  readonly turn: number;
  readonly sample: number;
  readonly system: string;
  readonly family: Family;
  readonly levels: Readonly<Record<Metric, Level>>;
  /** Expected level: the probability of 1 plus twice that of 2. */
  readonly expected: Readonly<Record<Metric, number>>;
}

/** The scored replies of one scorer. */
export interface ScoredReplies {
  readonly replies: readonly ScoredReply[];
  /** The systems that have scores, in the registry's order. */
  readonly systems: readonly System[];
  /** Number of replies without a score, by system; systems without any are left out. */
  readonly missing: Readonly<Record<string, number>>;
}

/** The systems of a study that have a score table of a scorer, in the registry's order. */
export function listScoredSystems(study: Study, scorer: string): System[] {
  const folder = join(study.root, "data", "scores", scorer);
  return systemsOfStudy(study).filter(({ id }) => existsSync(join(folder, `${id}.csv`)));
}

/**
 * Reads every system's score table of a scorer.
 *
 * Replies without a score are counted and left out. So are systems that are out of every comparison, with the human
 * replies to dialogues that none but they answered.
 *
 * @param scorer the folder below `data/scores`; the study's first by default.
 * @throws UserError if there are no tables, or one names a dialogue that is in no corpus table.
 */
export function readScoredReplies(study: Study, scorer = study.scorers[0]): ScoredReplies {
  const { root } = study;
  const folder = join(root, "data", "scores", scorer);
  const readPart = (part: string) => readCorpusTable(join(root, "data", "corpus", `${part}.csv`));
  const test = readPart("test");
  const corpus = new Map([...test, ...readPart("answered")].map((row) => [row.dialogue, row]));
  const systems = listScoredSystems(study, scorer).filter(({ excluded }) => !excluded);
  if (systems.length === 0) {
    throw new UserError(`${folder}: holds no scores; ${remedyFor(folder)}`);
  }
  const tables = systems.map(({ id, family }) => {
    const path = join(folder, `${id}.csv`);
    return { id, family, path, rows: readSystemScores(path) };
  });
  const answered = new Set(test.map(({ dialogue }) => dialogue));
  for (const { family, rows } of tables) {
    if (family !== "human") for (const { dialogue } of rows) answered.add(dialogue);
  }
  const missing: Record<string, number> = {};
  const replies = tables.flatMap(({ id, family, path, rows }) =>
    rows.flatMap(({ dialogue, turn, sample, scores }, at) => {
      const row = corpus.get(dialogue);
      if (!row) {
        throw new UserError(
          `${path}:${at + 2}: the dialogue '${dialogue}' is in no table of data/corpus; score the file again`,
        );
      }
      if (!answered.has(dialogue)) return [];
      if (!scores) {
        missing[id] = (missing[id] ?? 0) + 1;
        return [];
      }
      const { emotion, sentiment } = row;
      const levels = byMetric((metric) => scores[metric].level);
      const expected = byMetric(
        (metric) => scores[metric].probabilities[1] + 2 * scores[metric].probabilities[2],
      );
      return [{ dialogue, emotion, sentiment, turn, sample, system: id, family, levels, expected }];
    }),
  );
  return { replies, systems, missing };
}
