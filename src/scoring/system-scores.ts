// The scores of one system's replies: `data/scores/<scorer>/<system>.csv`, without text.
import { type Level, type LevelProbabilities, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { readCsvFile, remedyFor } from "kit/tables";
import { readNumber } from "../typed-table";

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

/** What rounding to these decimals may add to the sum of two probabilities. */
const ROUNDING = 0.0011;

/**
 * Reads a system's scores.
 *
 * @param name how messages name the file; its path by default.
 * @throws UserError if the file is missing or broken, or naming the line of a cell that is no number, level or probability.
 */
export function readSystemScores(path: string, name = path): ScoreRow[] {
  return readCsvFile(path, SYSTEM_SCORE_COLUMNS, name).map((cells, row) => ({
    dialogue: cells.dialogue as string,
    turn: numberIn(cells, "turn", name, row),
    sample: numberIn(cells, "sample", name, row),
    words: numberIn(cells, "words", name, row),
    checksum: cells.checksum as string,
    ...(cells.missing ? { missing: cells.missing } : { scores: readScores(cells, name, row) }),
  }));
}

type Cells = Readonly<Record<string, string>>;

function readScores(cells: Cells, name: string, row: number): NonNullable<ScoreRow["scores"]> {
  return {
    er: readScore(cells, "er", name, row),
    ip: readScore(cells, "ip", name, row),
    ex: readScore(cells, "ex", name, row),
  };
}

// Makes no function for a row, of which a run reads hundreds of thousands.
function readScore(cells: Cells, metric: Metric, name: string, row: number) {
  const level = numberIn(cells, metric, name, row);
  const one = probabilityIn(cells, `${metric}_p1`, name, row);
  const two = probabilityIn(cells, `${metric}_p2`, name, row);
  if (level !== 0 && level !== 1 && level !== 2)
    throw wrong(cells, metric, "not a level", name, row);
  if (one + two > 1 + ROUNDING) {
    throw wrong(cells, `${metric}_p2`, "more than p1 leaves", name, row);
  }
  return { level: level as Level, probabilities: completeProbabilities(one, two) };
}

function probabilityIn(cells: Cells, column: string, name: string, row: number): number {
  const value = numberIn(cells, column, name, row);
  if (value >= 0 && value <= 1) return value;
  throw wrong(cells, column, "not a probability", name, row);
}

function numberIn(cells: Cells, column: string, name: string, row: number): number {
  return readNumber(cells[column] as string, column, name, row);
}

function wrong(cells: Cells, column: string, what: string, name: string, row: number): UserError {
  return new UserError(
    `${name}:${row + 2}: '${column}' is ${cells[column]}, ${what}; ${remedyFor(name)}`,
  );
}

function completeProbabilities(one: number, two: number): LevelProbabilities {
  const rest = Math.max(0, 1 - one - two);
  const scale = 10 ** DECIMALS;
  return [Math.round(rest * scale) / scale, one, two];
}
