import {
  CONVERSATION_RATINGS_FILE,
  formatConversationRatings,
} from "../../src/conversations/conversation-ratings";
import type { Places } from "../../src/sources/locate-source";
import { computeConversationRatings } from "../sources/compute-conversation-ratings";
import { readConversations } from "../sources/read-conversations";
import { buildConversationTables, scoreConversations } from "../sources/score-conversations";

/**
 * Makes everything that is kept of the conversations.
 *
 * @returns the files: path below the root, and text.
 * @throws UserError as `readConversations`.
 */
export async function buildConversations(places: Places): Promise<[string, string][]> {
  const conversations = await readConversations(places);
  const tables = await buildConversationTables(conversations);
  const ratings = computeConversationRatings(conversations, scoreConversations(conversations));
  return [...tables, [CONVERSATION_RATINGS_FILE, formatConversationRatings(ratings)]];
}
