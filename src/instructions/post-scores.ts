// Scores of the replies to posts: `data/instructions/<system>.csv`, in the form of `data/scores`, without a text. The
// `dialogue` of a row is its post.
import { join } from "node:path";
import { loadScorer, METRICS, type Metric } from "empathy-scorer";
import { projectPath } from "../project";
import { readSystemScores, scoreReplies } from "../scoring/system-scores";
import type { Places } from "../sources/locate-source";
import type { Reply } from "../systems/reply";
import { countReference, formatReference, REFERENCE_FILE } from "./post-reference";
import { POST_SYSTEMS, type PostReply, readPostReplies } from "./post-replies";

/** Where the tables stand. */
export const INSTRUCTIONS_FOLDER = "data/instructions/";

/** One scored reply to a post. */
export interface ScoredPostReply {
  readonly post: string;
  /** Model, or `peers`. */
  readonly writer: string;
  /** The style of prompt; `none` for peers. */
  readonly instruction: string;
  readonly words: number;
  /** Number of this reply among the system's replies to the post, from 1. */
  readonly sample: number;
  /** 1 where the reply is at level 1 or 2, else 0. */
  readonly shows: Readonly<Record<Metric, number>>;
}

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

/**
 * Reads the scored replies to posts; those without a score are left out.
 *
 * @throws UserError if a table is missing or broken.
 */
export function readPostScores(folder = projectPath(INSTRUCTIONS_FOLDER)): ScoredPostReply[] {
  return POST_SYSTEMS.flatMap(({ id, writer, instruction }) =>
    readSystemScores(join(folder, `${id}.csv`)).flatMap(({ dialogue, words, sample, scores }) => {
      if (!scores) return [];
      const shows = Object.fromEntries(
        METRICS.map((metric) => [metric, scores[metric].level > 0 ? 1 : 0]),
      ) as Record<Metric, number>;
      return [{ post: dialogue, writer, instruction, words, sample, shows }];
    }),
  );
}
