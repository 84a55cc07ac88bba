// Our own levels of the rated conversations: `data/validity/judged.csv`, without text and without others' levels.
import {
  byMetric,
  type Level,
  type LevelProbabilities,
  METRICS,
  type Metric,
  type MetricScore,
} from "empathy-scorer";
import { formatCsvTable, readCsvFile } from "kit/tables";
import { readNumber } from "../../src/typed-table";

/** The EPITOME head's held-out scores of one rated conversation. */
export interface JudgedRow {
  readonly conversation: string;
  readonly response: string;
  /** Whose prediction: cross-validation's in the open nine tenths, the shipped model's in the locked one. */
  readonly part: "open" | "locked";
  readonly scores: Readonly<Record<Metric, MetricScore>>;
}

const PROBABILITIES = METRICS.flatMap((metric) => [0, 1, 2].map((level) => `${metric}_p${level}`));
const HEADER = ["epitome_conversation_id", "rp_id", "part", ...METRICS, ...PROBABILITIES];
const DECIMALS = 3;

/** Writes the table: levels, probabilities to three decimals. */
export function formatJudgedTable(rows: readonly JudgedRow[]): string {
  const cells = rows.map(({ conversation, response, part, scores }) => ({
    epitome_conversation_id: conversation,
    rp_id: response,
    part,
    ...byMetric((metric) => scores[metric].level),
    ...Object.fromEntries(
      METRICS.flatMap((metric) =>
        scores[metric].probabilities.map((p, level) => [
          `${metric}_p${level}`,
          Number(p.toFixed(DECIMALS)),
        ]),
      ),
    ),
  }));
  return formatCsvTable(HEADER, cells);
}

/**
 * Reads the table.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readJudgedTable(path: string): JudgedRow[] {
  return readCsvFile(path, HEADER).map((cells, row) => {
    const read = (column: string) => readNumber(cells[column] as string, column, path, row);
    return {
      conversation: cells.epitome_conversation_id as string,
      response: cells.rp_id as string,
      part: cells.part as JudgedRow["part"],
      scores: byMetric((metric) => ({
        level: read(metric) as Level,
        probabilities: [0, 1, 2].map((level) =>
          read(`${metric}_p${level}`),
        ) as unknown as LevelProbabilities,
      })),
    };
  });
}
