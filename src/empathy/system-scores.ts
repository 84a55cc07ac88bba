// The scores of one system's replies: `data/scores/<scorer>/<system>.csv`, without text.

import { checksumOf, type Reply } from "../systems/reply";
import { formatCsvTable, readCsvFile } from "../tables/package-table";
import { type Level, type LevelProbabilities, METRICS, type Metric } from "./levels";
import { isMissing, type ScoreOutcome, type ScoreRequest, type Scorer } from "./scorer";

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
  /** Checksum of the reply's text. */
  readonly sha256: string;
}

const PROBABILITIES = METRICS.flatMap((metric) => [0, 1, 2].map((level) => `${metric}_p${level}`));
const HEADER = ["dialogue", "turn", "sample", ...METRICS, ...PROBABILITIES, "missing", "sha256"];
const DECIMALS = 3;

/**
 * Scores replies in order and writes them as a table: levels, probabilities to three decimals.
 *
 * @param toRequest gives a reply's context.
 */
export async function scoreReplies(
  scorer: Scorer,
  replies: readonly Reply[],
  toRequest: (reply: Reply) => ScoreRequest,
  signal?: AbortSignal,
): Promise<string> {
  const rows = [];
  for (const reply of replies) {
    signal?.throwIfAborted();
    rows.push(toCells(reply, await scorer.score(toRequest(reply), signal)));
  }
  return formatCsvTable(HEADER, rows);
}

/**
 * Reads a system's scores.
 *
 * @throws UserError where the file is missing or broken.
 */
export function readSystemScores(path: string): ScoreRow[] {
  return readCsvFile(path, HEADER).map((cells) => ({
    dialogue: cells.dialogue as string,
    turn: Number(cells.turn),
    sample: Number(cells.sample),
    sha256: cells.sha256 as string,
    ...(cells.missing ? { missing: cells.missing } : { scores: readScores(cells) }),
  }));
}

function readScores(cells: Readonly<Record<string, string>>): NonNullable<ScoreRow["scores"]> {
  const entries = METRICS.map((metric) => [
    metric,
    {
      level: Number(cells[metric]) as Level,
      probabilities: [0, 1, 2].map((level) => Number(cells[`${metric}_p${level}`])),
    },
  ]);
  return Object.fromEntries(entries);
}

function toCells({ dialogue, turn, sample, text }: Reply, outcome: ScoreOutcome) {
  const cells: Record<string, string | number | null> = { dialogue, turn, sample, missing: null };
  for (const column of [...METRICS, ...PROBABILITIES]) cells[column] = null;
  if (isMissing(outcome)) cells.missing = outcome.missing;
  else {
    for (const metric of METRICS) {
      cells[metric] = outcome[metric].level;
      for (const [level, probability] of outcome[metric].probabilities.entries()) {
        cells[`${metric}_p${level}`] = Number(probability.toFixed(DECIMALS));
      }
    }
  }
  cells.sha256 = checksumOf(text);
  return cells;
}
