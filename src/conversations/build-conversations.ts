import type { Places } from "../sources/locate-source";
import {
  CONVERSATION_RATINGS_FILE,
  computeConversationRatings,
  formatConversationRatings,
} from "./conversation-ratings";
import { buildConversationTables, scoreConversations } from "./conversation-scores";
import { readConversations } from "./read-conversations";

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
