import { METRICS, type Metric, mostProbable } from "empathy-scorer";
import type { JudgedConversation } from "../sources/judged-conversations";
import type { JudgedRow } from "../sources/judged-table";
import type { Tested } from "./train-jobs";

/**
 * Finds the rated conversations among held-out predictions.
 *
 * @param predictions of each metric: open rows by cross-validation, locked rows (origin `locked`) by the
 *   shipped model.
 * @throws Error if a conversation is in none of them.
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
