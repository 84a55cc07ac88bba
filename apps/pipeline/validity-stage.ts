// How far the embedded classifiers can be trusted: their levels beside the reference classifiers' and beside
// people's, kept as counts and agreements without text and without others' levels.
import { join } from "node:path";
import { loadScorer } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { readAllDialogues } from "../../src/corpus/read-dialogues";
import { requireCorpusArchive } from "../../src/sources/corpus-archive";
import { missingAmong, type Places } from "../../src/sources/locate-source";
import { formatActs } from "../../src/validity/act-counts";
import { formatReferenceCounts } from "../../src/validity/reference-counts";
import { compareJudges, formatJudges } from "../sources/compare-judges";
import { countActs } from "../sources/count-acts";
import { countReferenceLevels } from "../sources/count-reference-levels";
import { JUDGED_RATINGS } from "../sources/judged-conversations";
import { readJudgedTable } from "../sources/judged-table";

/** The committed table that the comparison of judges starts from; `empathy train --evaluate` writes it. */
export const JUDGED_FILE = "data/validity/judged.csv";

/** Identifiers of the sources that the validity tables need and that are not on this machine. */
export function missingJudges(places: Places): string[] {
  return missingAmong([JUDGED_RATINGS], places);
}

/**
 * Builds the tables that compare our levels with others', by path below the root.
 *
 * @param root the folder that holds the held-out levels of the judged conversations.
 * @throws UserError if a file is not on this machine, is not the pinned one or breaks its format.
 */
export async function buildValidityTables(
  root: string,
  places: Places,
): Promise<Map<string, string>> {
  const counts = await countReferenceLevels(loadScorer("roberta"), places);
  const judges = await compareJudges(readJudgedTable(join(root, JUDGED_FILE)), places);
  return new Map([
    ["data/validity/reference.csv", formatReferenceCounts(counts)],
    ["data/validity/judges.csv", formatJudges(judges)],
  ]);
}

/** The committed table of what the embedded classifiers find in people's acts and intents. */
export const ACTS_FILE = "data/validity/acts.csv";

/**
 * Counts in how many of people's acts and intents each embedded classifier finds each metric.
 *
 * @returns the table's text.
 * @throws UserError if a file is not on this machine, is not the pinned one or breaks its format.
 */
export async function buildActs(places: Places): Promise<string> {
  const archive = await requireCorpusArchive(places, "or leave the table as it is");
  const scorers = HEADS.map((head) => loadScorer(head));
  return formatActs(await countActs(scorers, await readAllDialogues(archive), places));
}
