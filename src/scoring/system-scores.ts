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
  return readCsvFile(path, SYSTEM_SCORE_COLUMNS, name).map((cells, row) => {
    const read = (column: string) => readNumber(cells[column] as string, column, name, row);
    return {
      dialogue: cells.dialogue as string,
      turn: read("turn"),
      sample: read("sample"),
      words: read("words"),
      checksum: cells.checksum as string,
      ...(cells.missing ? { missing: cells.missing } : { scores: readScores(read, name, row) }),
    };
  });
}

function readScores(
  read: (column: string) => number,
  name: string,
  row: number,
): NonNullable<ScoreRow["scores"]> {
  const refuse = (column: string, what: string): never => {
    throw new UserError(`${name}:${row + 2}: '${column}' is ${what}; ${remedyFor(name)}`);
  };
  const probability = (column: string) => {
    const value = read(column);
    return value >= 0 && value <= 1 ? value : refuse(column, `${value}, not a probability`);
  };
  const scoreOf = (metric: Metric) => {
    const level = read(metric);
    if (level !== 0 && level !== 1 && level !== 2) return refuse(metric, `${level}, not a level`);
    const one = probability(`${metric}_p1`);
    const two = probability(`${metric}_p2`);
    if (one + two > 1 + ROUNDING) return refuse(`${metric}_p2`, `${two}, more than p1 leaves`);
    return { level: level as Level, probabilities: completeProbabilities(one, two) };
  };
  return { er: scoreOf("er"), ip: scoreOf("ip"), ex: scoreOf("ex") };
}

function completeProbabilities(one: number, two: number): LevelProbabilities {
  const rest = Math.max(0, 1 - one - two);
  const scale = 10 ** DECIMALS;
  return [Math.round(rest * scale) / scale, one, two];
}
