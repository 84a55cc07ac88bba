// Counts our head's levels beside those that were published with replies to posts.
import { type EmbeddedScorer, isMissing, type Level, METRICS, type Metric } from "empathy-scorer";
import type { PostReferenceCount } from "../../src/instructions/post-reference";
import { POST_SYSTEMS } from "../../src/instructions/post-replies";
import type { PostReply } from "./read-post-replies";

const LEVELS = [0, 1, 2] as const;

/** Counts pairs of levels; replies that either gives no level are left out. */
export function countReference(
  replies: readonly PostReply[],
  scorer: EmbeddedScorer,
): PostReferenceCount[] {
  const keyOf = (system: string, metric: Metric, reference: Level, level: Level) =>
    [system, metric, reference, level].join();
  const counts = new Map<string, number>();
  for (const { system, post, text, reference } of replies) {
    const outcome = scorer.scoreNow({ context: [post], reply: text });
    if (isMissing(outcome)) continue;
    for (const metric of METRICS) {
      const theirs = reference[metric];
      if (theirs === null) continue;
      const key = keyOf(system, metric, theirs, outcome[metric].level);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return POST_SYSTEMS.flatMap(({ id, writer, instruction }) =>
    METRICS.flatMap((metric) =>
      LEVELS.flatMap((reference) =>
        LEVELS.flatMap((level) => {
          const count = counts.get(keyOf(id, metric, reference, level));
          return count ? [{ writer, instruction, metric, reference, level, replies: count }] : [];
        }),
      ),
    ),
  );
}
