// The scores of one system's replies: `data/scores/<scorer>/<system>.csv`, without text.
import { type Level, type LevelProbabilities, METRICS, type Metric } from "empathy-scorer";
import { readCsvFile } from "kit/tables";

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
export const PROBABILITIES = METRICS.flatMap((metric) => [`${metric}_p1`, `${metric}_p2`]);

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

export const DECIMALS = 3;

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
