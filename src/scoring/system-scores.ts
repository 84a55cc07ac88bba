// The scores of one system's replies: `data/scores/<scorer>/<system>.csv`, without text.

import {
  isMissing,
  type Level,
  type LevelProbabilities,
  METRICS,
  type Metric,
  type ScoreOutcome,
  type ScoreRequest,
  type Scorer,
} from "empathy-scorer";
import { type CsvRow, formatCsvTable, readCsvFile, toCell } from "kit/tables";
import { checksumOf, type Reply } from "../systems/reply";
import { splitWords } from "../systems/reply-style";

/** A reply's scores, or why it has none. */
export interface ScoreRow {
  /** Identifier of the conversation. */
  readonly dialogue: string;
  readonly turn: number;
  /** Number of the sample, from 1. */
  readonly sample: number;
  /** Absent where the reply has no score. */
  readonly scores?: Readonly<
    Record<Metric, { readonly level: Level; readonly probabilities: LevelProbabilities }>
  >;
  /** Why there is no score. */
  readonly missing?: string;
  /** Length of the reply. */
  readonly words: number;
  /** The first 16 digits of the sha256 of the reply's text. */
  readonly checksum: string;
}

// The probability of level 0 is what the other two leave.
const PROBABILITIES = METRICS.flatMap((metric) => [`${metric}_p1`, `${metric}_p2`]);
export const SYSTEM_SCORE_COLUMNS = [
  "dialogue",
  "turn",
  "sample",
  "words",
  ...METRICS,
  ...PROBABILITIES,
  "missing",
  "checksum",
];
const DECIMALS = 3;
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

/**
 * Reads a system's scores.
 *
 * @param name how messages name the file; its path by default.
 * @throws UserError if the file is missing or broken.
 */
export function readSystemScores(path: string, name = path): ScoreRow[] {
  return readCsvFile(path, SYSTEM_SCORE_COLUMNS, name).map((cells) => ({
    dialogue: cells.dialogue as string,
    turn: Number(cells.turn),
    sample: Number(cells.sample),
    words: Number(cells.words),
    checksum: cells.checksum as string,
    ...(cells.missing ? { missing: cells.missing } : { scores: readScores(cells) }),
  }));
}

function readScores(cells: Readonly<Record<string, string>>): NonNullable<ScoreRow["scores"]> {
  const scoreOf = (metric: Metric) => ({
    level: Number(cells[metric]) as Level,
    probabilities: completeProbabilities(
      Number(cells[`${metric}_p1`]),
      Number(cells[`${metric}_p2`]),
    ),
  });
  return { er: scoreOf("er"), ip: scoreOf("ip"), ex: scoreOf("ex") };
}

function completeProbabilities(one: number, two: number): LevelProbabilities {
  const rest = Math.max(0, 1 - one - two);
  const scale = 10 ** DECIMALS;
  return [Math.round(rest * scale) / scale, one, two];
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
