// Scores replies and lays the levels out as rows of a table without texts.
import {
  isMissing,
  METRICS,
  type ScoreOutcome,
  type ScoreRequest,
  type Scorer,
} from "empathy-scorer";
import { type CsvRow, formatCsvTable, toCell } from "kit/tables";
import { DECIMALS, PROBABILITIES, SYSTEM_SCORE_COLUMNS } from "../../src/scoring/system-scores";
import { checksumOf, type Reply } from "../../src/systems/reply";
import { splitWords } from "../../src/systems/reply-style";

const CHECKSUM_DIGITS = 16;

/**
 * Scores replies in order and writes them as a table: levels, probabilities to three decimals.
 *
 * @param toRequest gives a reply's context.
 */
export async function scoreReplies(...given: Parameters<typeof scoreRows>): Promise<string> {
  return formatCsvTable(SYSTEM_SCORE_COLUMNS, await scoreRows(...given));
}

/** Scores replies in order, as `scoreReplies` does; gives a row for each, with the cells of `SYSTEM_SCORE_COLUMNS`. */
export async function scoreRows(
  scorer: Scorer,
  replies: readonly Reply[],
  toRequest: (reply: Reply) => ScoreRequest,
  signal?: AbortSignal,
): Promise<CsvRow<string>[]> {
  const rows = [];
  for (const reply of replies) {
    signal?.throwIfAborted();
    rows.push(toCells(reply, await scorer.score(toRequest(reply), signal)));
  }
  return rows;
}

function toCells({ dialogue, turn, sample, text }: Reply, outcome: ScoreOutcome) {
  const words = splitWords(text).length;
  const cells: Record<string, string | number | null> = { dialogue, turn, sample, words };
  cells.missing = null;
  for (const column of [...METRICS, ...PROBABILITIES]) cells[column] = null;
  if (isMissing(outcome)) cells.missing = toCell(outcome.missing);
  else {
    for (const metric of METRICS) {
      cells[metric] = outcome[metric].level;
      const [, one, two] = outcome[metric].probabilities;
      cells[`${metric}_p1`] = Number(one.toFixed(DECIMALS));
      cells[`${metric}_p2`] = Number(two.toFixed(DECIMALS));
    }
  }
  cells.checksum = checksumOf(text).slice(0, CHECKSUM_DIGITS);
  return cells;
}
