import type { Metric } from "../empathy/levels";
import type { Analysis } from "./analysis";
import { type ScoredReply, turnOf } from "./scored-replies";

/**
 * Counts replies that reach a level, by system, sentiment and turn: the same likelihood for a model without
 * dialogues, in a hundredth of the rows.
 *
 * @returns columns for `fitMixed` with `weights: "replies"`: `share` of the `replies` that reach the level.
 */
export function aggregateReplies(
  replies: readonly ScoredReply[],
  metric: Metric,
  outcome: Analysis["outcome"],
): Record<"share" | "replies" | "family" | "sentiment" | "turn" | "system", unknown[]> {
  const least = outcome === "level 2" ? 2 : 1;
  const cells = new Map<string, { readonly of: ScoredReply; replies: number; reached: number }>();
  for (const reply of replies) {
    const key = `${reply.system} ${reply.sentiment} ${turnOf(reply)}`;
    const cell = cells.get(key) ?? { of: reply, replies: 0, reached: 0 };
    cell.replies++;
    if (reply.levels[metric] >= least) cell.reached++;
    cells.set(key, cell);
  }
  const rows = [...cells.values()];
  return {
    share: rows.map(({ reached, replies: all }) => reached / all),
    replies: rows.map((row) => row.replies),
    family: rows.map(({ of }) => of.family),
    sentiment: rows.map(({ of }) => of.sentiment),
    turn: rows.map(({ of }) => turnOf(of)),
    system: rows.map(({ of }) => of.system),
  };
}
