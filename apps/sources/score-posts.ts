// Scores the mirrored replies to posts: tables of levels without texts.
import {
  type EmbeddedScorer,
  isMissing,
  type Level,
  loadScorer,
  METRICS,
  type Metric,
} from "empathy-scorer";
import {
  formatReference,
  type PostReferenceCount,
  REFERENCE_FILE,
} from "../../src/instructions/post-reference";
import { POST_SYSTEMS } from "../../src/instructions/post-replies";
import { INSTRUCTIONS_FOLDER } from "../../src/instructions/post-scores";
import type { Places } from "../../src/sources/locate-source";
import type { Reply } from "../../src/systems/reply";
import { scoreReplies } from "../scoring/score-replies";
import { type PostReply, readPostReplies } from "./read-post-replies";

/**
 * Scores every reply to a post with the head for posts, `epitome`.
 *
 * @returns the tables: path below the root, and text.
 * @throws UserError as `readPostReplies`.
 */
export async function buildPostTables(places: Places): Promise<[string, string][]> {
  const replies = await readPostReplies(places);
  const scorer = loadScorer("epitome");
  const posts = new Map(replies.map(({ dialogue, post }) => [dialogue, post]));
  const toRequest = ({ dialogue, text }: Reply) => ({
    context: [posts.get(dialogue) ?? ""],
    reply: text,
  });
  const tables: [string, string][] = [];
  for (const { id } of POST_SYSTEMS) {
    const own = replies.filter(({ system }) => system === id).sort(byPlace);
    tables.push([`${INSTRUCTIONS_FOLDER}${id}.csv`, await scoreReplies(scorer, own, toRequest)]);
  }
  return [...tables, [REFERENCE_FILE, formatReference(countReference(replies, scorer))]];
}

function byPlace(one: PostReply, other: PostReply): number {
  const number = ({ dialogue }: PostReply) => Number(dialogue.slice("post:".length));
  return number(one) - number(other) || one.sample - other.sample;
}

const LEVELS = [0, 1, 2] as const;

/** Counts pairs of levels; replies that either gives no level are left out. */
function countReference(
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
