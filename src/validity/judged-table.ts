// Our own levels of the rated conversations: `data/validity/judged.csv`, without text and without others' levels.
import {
  type Level,
  type LevelProbabilities,
  METRICS,
  type Metric,
  type MetricScore,
  mostProbable,
} from "empathy-scorer";
import { formatCsvTable, readCsvFile } from "kit/tables";
import type { JudgedConversation } from "../labels/judged-conversations";
import type { Tested } from "../training/train-jobs";

/** The support head's held-out scores of one rated conversation. */
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

/**
 * Finds the rated conversations among held-out predictions.
 *
 * @param predictions of each metric: open rows by cross-validation, locked rows (origin `locked`) by the
 *   shipped model.
 * @throws Error where a conversation is in none of them.
 */
export function toJudgedRows(
  conversations: readonly JudgedConversation[],
  predictions: Readonly<Record<Metric, readonly Tested[]>>,
): JudgedRow[] {
  const byPair = METRICS.map((metric) => ({
    metric,
    tested: new Map(predictions[metric].map((row) => [row.group, row])),
  }));
  return conversations.map(({ conversation, response, pair }) => {
    const found = byPair.map(({ metric, tested }) => {
      const row = tested.get(pair);
      if (!row) throw new Error(`conversation ${conversation} is not among EPITOME's pairs`);
      return { metric, row };
    });
    const scores = found.map(({ metric, row: { probabilities } }) => [
      metric,
      { level: mostProbable(probabilities), probabilities },
    ]);
    return {
      conversation,
      response,
      part: found[0]!.row.origin === "locked" ? "locked" : "open",
      scores: Object.fromEntries(scores),
    };
  });
}

/** Writes the table: levels, probabilities to three decimals. */
export function formatJudgedTable(rows: readonly JudgedRow[]): string {
  const cells = rows.map(({ conversation, response, part, scores }) => ({
    epitome_conversation_id: conversation,
    rp_id: response,
    part,
    ...Object.fromEntries(METRICS.map((metric) => [metric, scores[metric].level])),
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
 * @throws UserError where the file is missing or broken.
 */
export function readJudgedTable(path: string): JudgedRow[] {
  return readCsvFile(path, HEADER).map((cells) => ({
    conversation: cells.epitome_conversation_id as string,
    response: cells.rp_id as string,
    part: cells.part as JudgedRow["part"],
    scores: Object.fromEntries(
      METRICS.map((metric) => [
        metric,
        {
          level: Number(cells[metric]) as Level,
          probabilities: [0, 1, 2].map((level) =>
            Number(cells[`${metric}_p${level}`]),
          ) as unknown as LevelProbabilities,
        },
      ]),
    ) as JudgedRow["scores"],
  }));
}
