// Conversations of people with language models (duo), English and Japanese, ten replies each, with ratings. Texts, ratings and
// people stay in memory; `conversation-scores.ts` and `conversation-ratings.ts` keep levels and estimates.
import { readFileSync } from "node:fs";
import { UserError } from "kit";
import { missingAmong, type Places, requireSource } from "../../src/sources/locate-source";

/** Identifier of the source. */
export const CONVERSATIONS_SOURCE = "duo";

/** One conversation of a person with a model, the person beginning. */
export interface Conversation {
  /** Language and number, such as `en:0000`. */
  readonly id: string;
  readonly language: string;
  readonly model: string;
  /** Whether the model was told to take on the person's style, not to, or neither. */
  readonly style: string;
  readonly emotion: string;
  /** Names the person, within the language. */
  readonly person: string;
  readonly messages: readonly { readonly isReply: boolean; readonly text: string }[];
  /** The person's own rating of empathy, from 1 to 5. */
  readonly own: number;
  /** Three other people's, or none. */
  readonly others: readonly number[];
}

const MODELS: Readonly<Record<string, string>> = {
  "gpt-4o": "GPT-4o",
  "Llama-3.1-70B-Instruct": "Llama-3.1-70B",
};

const STYLES: Readonly<Record<string, string>> = {
  neutral: "neutral",
  aligned: "aligned",
  not_aligned: "not aligned",
  ent: "aligned",
  nonent: "not aligned",
};

/** Whether the conversations are on this machine. */
export function hasConversations(places: Places): boolean {
  return missingAmong([CONVERSATIONS_SOURCE], places).length === 0;
}

interface StoredConversation {
  readonly language: string;
  readonly dialogue_id: string;
  readonly model: string;
  readonly prompt: string;
  readonly emotion: string;
  readonly subjective_evaluation: { readonly empathy: number };
  readonly objective_evaluation?: { readonly empathy_scores: readonly number[] };
  readonly dialogue: readonly {
    readonly user_id?: string;
    readonly speaker: string;
    readonly message: string;
  }[];
}

/**
 * Reads the conversations.
 *
 * @throws UserError if the file is not on this machine, is not the pinned one, or a conversation is not as described above.
 */
export async function readConversations(places: Places): Promise<Conversation[]> {
  const path = await requireSource(CONVERSATIONS_SOURCE, places);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line, at) => toConversation(JSON.parse(line), `${path}:${at + 1}`));
}

function toConversation(stored: StoredConversation, place: string): Conversation {
  const { language, dialogue, emotion, subjective_evaluation, objective_evaluation } = stored;
  const model = MODELS[stored.model];
  const style = STYLES[stored.prompt];
  const person = dialogue[0]?.user_id;
  if (!model || !style || !person) {
    throw new UserError(
      `${place}: model '${stored.model}', prompt '${stored.prompt}' and person should be known; fetch the file again`,
    );
  }
  const own = subjective_evaluation.empathy;
  const others = objective_evaluation?.empathy_scores ?? [];
  if (![own, ...others].every((rating) => [1, 2, 3, 4, 5].includes(rating))) {
    throw new UserError(`${place}: a rating is a whole number from 1 to 5; fetch the file again`);
  }
  return {
    id: `${language}:${stored.dialogue_id}`,
    language,
    model,
    style,
    person,
    own,
    others,
    emotion: emotion.toLowerCase(),
    messages: dialogue.map(({ speaker, message }) => ({
      isReply: speaker === "Bot",
      text: message,
    })),
  };
}
