// Who replied to which stimulus, without a word of what: the score tables have a row for every reply.
import { join } from "node:path";
import { studyRoot } from "../project";
import { readSystemScores } from "../scoring/system-scores";
import type { Answer } from "../systems/matched-stimuli";
import { listScoredSystems } from "./scored-replies";

/**
 * Reads who replied to what from a scorer's tables: every system, whatever it is compared on, and the human
 * listener. A stimulus that was answered in several samples is there once.
 *
 * @throws UserError where a table is broken.
 */
export function readAnswers(scorer: string, root = studyRoot()): Answer[] {
  return listScoredSystems(scorer, root).flatMap(({ id: system }) => {
    const rows = readSystemScores(join(root, "data", "scores", scorer, `${system}.csv`));
    const first = rows.filter(({ sample }) => sample === 1);
    return first.map(({ dialogue, turn }) => ({ dialogue, turn, system }));
  });
}
