// Who replied to which stimulus, without a word of what: the score tables have a row for every reply.
import { join } from "node:path";
import { readSystemScores } from "../scoring/system-scores";
import type { Answer } from "../systems/matched-stimuli";
import { listScoredSystems } from "./scored-replies";
import type { Study } from "./study";

/**
 * Reads who replied to what from a scorer's tables, those of the study's first by default: every system, whatever it is compared on, and the human
 * listener. A stimulus that was answered in several samples is there once.
 *
 * @throws UserError if a table is broken.
 */
export function readAnswers(study: Study, scorer = study.scorers[0]): Answer[] {
  return listScoredSystems(study, scorer).flatMap(({ id: system }) => {
    const rows = readSystemScores(join(study.root, "data", "scores", scorer, `${system}.csv`));
    const first = rows.filter(({ sample }) => sample === 1);
    return first.map(({ dialogue, turn }) => ({ dialogue, turn, system }));
  });
}
