// Levels of the replies in conversations: `data/conversations/replies.csv`, in the form of `data/scores`, and which model and
// style each conversation has, `data/conversations/conversations.csv`. No text, no person, no rating.
import { join } from "node:path";
import { byMetric, type Level, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { readCsvFile } from "kit/tables";
import { projectPath } from "../project";
import { readSystemScores } from "../scoring/system-scores";

/** Where the tables stand. */
export const CONVERSATIONS_FOLDER = "data/conversations/";

export const HEADER = ["conversation", "language", "model", "style", "emotion"] as const;

export const TABLES = { conversations: "conversations.csv", replies: "replies.csv" };

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

/** Which metrics a reply shows: 1 where its level is 1 or 2, else 0. */
export function toShows(scores: Readonly<Record<Metric, { readonly level: Level }>>) {
  return byMetric((metric) => (scores[metric].level > 0 ? 1 : 0));
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
