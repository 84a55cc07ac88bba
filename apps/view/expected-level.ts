import type { ScorerColumns } from "./reply-scores";

/** The expected level of a reply: the probability of 1 plus twice that of 2; NaN without a level. */
export function expectedLevel(columns: ScorerColumns, reply: number, metric: number): number {
  const { levels, probabilities } = columns;
  if ((levels[3 * reply + metric] ?? -1) < 0) return Number.NaN;
  const at = 9 * reply + 3 * metric;
  return (probabilities[at + 1] ?? 0) + 2 * (probabilities[at + 2] ?? 0);
}
