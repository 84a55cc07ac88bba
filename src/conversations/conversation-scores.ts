// Levels of the replies in conversations: `data/conversations/replies.csv`, in the form of `data/scores`, and which model and
// style each conversation has, `data/conversations/conversations.csv`. No text, no person, no rating.
import { join } from "node:path";
import { isMissing, type Level, loadScorer, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { formatCsvTable, readCsvFile } from "kit/tables";
import { projectPath } from "../project";
import { readSystemScores, scoreReplies } from "../scoring/system-scores";
import type { Reply } from "../systems/reply";
import { splitWords } from "../systems/reply-style";
import type { Conversation } from "./read-conversations";

/** Where the tables stand. */
export const CONVERSATIONS_FOLDER = "data/conversations/";

const HEADER = ["conversation", "language", "model", "style", "emotion"] as const;
const TABLES = { conversations: "conversations.csv", replies: "replies.csv" };

/** One reply of a model in a conversation. */
export interface ConversationReply {
  readonly conversation: string;
  readonly language: string;
  readonly model: string;
  readonly style: string;
  /** Number of the reply, from 1. */
  readonly reply: number;
  readonly words: number;
  /** 1 where the reply is at level 1 or 2, else 0; null where it has no score. */
  readonly shows: Readonly<Record<Metric, number>> | null;
  /** Why there is no score; empty where there is one. */
  readonly missing: string;
}

/** A reply that has a score. */
export type ScoredConversationReply = ConversationReply & {
  readonly shows: NonNullable<ConversationReply["shows"]>;
};

/** Whether a reply has a score. */
export function isScored(reply: ConversationReply): reply is ScoredConversationReply {
  return reply.shows !== null;
}

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

function toShows(scores: Readonly<Record<Metric, { readonly level: Level }>>) {
  return Object.fromEntries(
    METRICS.map((metric) => [metric, scores[metric].level > 0 ? 1 : 0]),
  ) as Record<Metric, number>;
}

/**
 * Reads the replies of all conversations, in order; those without a score are there with the reason.
 *
 * @throws UserError if a table is missing or broken.
 */
export function readConversationReplies(
  folder = projectPath(CONVERSATIONS_FOLDER),
): ConversationReply[] {
  const conversations = new Map(
    readCsvFile(join(folder, TABLES.conversations), HEADER).map((row) => [row.conversation, row]),
  );
  const path = join(folder, TABLES.replies);
  return readSystemScores(path).map(({ dialogue, turn, words, scores, missing = "" }, at) => {
    const known = conversations.get(dialogue);
    if (!known) {
      throw new UserError(
        `${path}:${at + 2}: '${dialogue}' is not a conversation of ${TABLES.conversations}; restore both`,
      );
    }
    const shows = scores ? toShows(scores) : null;
    // The person begins, and each message of theirs is answered.
    return { ...known, reply: turn / 2, words, shows, missing };
  });
}
