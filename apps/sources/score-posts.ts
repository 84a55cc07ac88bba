// Scores the mirrored replies to posts: tables of levels without texts.
import { loadScorer } from "empathy-scorer";
import { formatReference, REFERENCE_FILE } from "../../src/instructions/post-reference";
import { POST_SYSTEMS } from "../../src/instructions/post-replies";
import { INSTRUCTIONS_FOLDER } from "../../src/instructions/post-scores";
import type { Places } from "../../src/sources/locate-source";
import type { Reply } from "../../src/systems/reply";
import { scoreReplies } from "../scoring/score-replies";
import { countReference } from "./count-post-reference";
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
