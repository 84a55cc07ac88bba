// Scores the mirrored conversations: a table of levels without texts.
import { isMissing, loadScorer } from "empathy-scorer";
import { formatCsvTable } from "kit/tables";
import {
  CONVERSATIONS_FOLDER,
  type ConversationReply,
  HEADER,
  TABLES,
  toShows,
} from "../../src/conversations/conversation-scores";
import type { Reply } from "../../src/systems/reply";
import { splitWords } from "../../src/systems/reply-style";
import { scoreReplies } from "../scoring/score-replies";
import type { Conversation } from "./read-conversations";

/**
 * Scores every reply with the head for dialogues, each with all messages before it.
 *
 * @returns the tables: path below the root, and text.
 */
export async function buildConversationTables(
  conversations: readonly Conversation[],
): Promise<[string, string][]> {
  const known = new Map(conversations.map((one) => [one.id, one]));
  const replies = conversations.flatMap(({ id, model, messages }) =>
    messages.flatMap(({ isReply, text }, at): Reply[] =>
      isReply ? [{ dialogue: id, turn: at + 1, system: model, sample: 1, text }] : [],
    ),
  );
  const scores = await scoreReplies(
    loadScorer("readings"),
    replies,
    ({ dialogue, turn, text }) => ({
      context: messagesBefore(known.get(dialogue), turn - 1),
      reply: text,
    }),
  );
  const rows = conversations.map(({ id, language, model, style, emotion }) => ({
    conversation: id,
    language,
    model,
    style,
    emotion,
  }));
  return [
    [`${CONVERSATIONS_FOLDER}${TABLES.conversations}`, formatCsvTable(HEADER, rows)],
    [`${CONVERSATIONS_FOLDER}${TABLES.replies}`, scores],
  ];
}

function messagesBefore(conversation: Conversation | undefined, at: number): string[] {
  return (conversation?.messages ?? []).slice(0, at).map(({ text }) => text);
}

/** Scores every reply, as the tables have it. */
export function scoreConversations(conversations: readonly Conversation[]): ConversationReply[] {
  const scorer = loadScorer("readings");
  return conversations.flatMap((conversation) => {
    const { id, language, model, style, messages } = conversation;
    return messages.flatMap(({ isReply, text }, at): ConversationReply[] => {
      if (!isReply) return [];
      const outcome = scorer.scoreNow({ context: messagesBefore(conversation, at), reply: text });
      const words = splitWords(text).length;
      const reply = { conversation: id, language, model, style, reply: (at + 1) / 2, words };
      if (isMissing(outcome)) return [{ ...reply, shows: null, missing: outcome.missing }];
      return [{ ...reply, shows: toShows(outcome), missing: "" }];
    });
  });
}
