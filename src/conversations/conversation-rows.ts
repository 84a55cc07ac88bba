// What is known of conversations, as rows of tables and points of a figure, named for a reader.
import type { Metric } from "empathy-scorer";
import type { ConversationRatings, Measure, Rating } from "./conversation-ratings";
import type { ConversationReply } from "./conversation-scores";

const LANGUAGES: Readonly<Record<string, string>> = { en: "English", ja: "Japanese" };

const MEASURES: Readonly<Record<Measure, string>> = {
  others: "third parties' mean",
  er: "replies that show ER",
  ex: "replies that show EX",
  words: "words per reply",
};

const RATINGS: Readonly<Record<Rating, { readonly name: string; readonly series: string }>> = {
  own: { name: "own rating", series: "the person's own rating" },
  others: { name: "third parties", series: MEASURES.others },
};

const PREDICTORS: Readonly<Record<string, string>> = {
  er: "one more reply with ER",
  ex: "one more reply with EX",
  words: "replies twice as long",
};

/**
 * One row for each reply, to be counted in groups: 1 in `replies`, in `conversations` where it is the first of its
 * conversation, and in `scored` where it has a score, else 0; words are null where no spaces part them.
 */
export function replyRows(replies: readonly ConversationReply[]) {
  return replies.map(({ language, model, style, reply, words, shows }) => ({
    language: LANGUAGES[language] ?? language,
    model,
    instruction: style,
    conversations: reply === 1 ? 1 : 0,
    replies: 1,
    scored: shows ? 1 : 0,
    "words per reply": language === "en" ? words : null,
  }));
}

/** What is needed of a scored reply. */
interface ListenerReply {
  readonly system: string;
  readonly dialogue: string;
  readonly turn: number;
  readonly levels: Readonly<Record<Metric, number>>;
}

/** One row for each of people's first replies in a dialogue: its number from 1 to `last`; 1 where it shows ER or EX, else 0. */
export function listenerRows(replies: readonly ListenerReply[], last: number) {
  const human = replies.filter(({ system, turn }) => system === "human" && turn <= 2 * last);
  return human.map(({ dialogue, turn, levels: { er, ex } }) => ({
    dialogue,
    reply: turn / 2,
    ER: Math.min(1, er),
    EX: Math.min(1, ex),
  }));
}

/** How often each rating was given, and the means: one row for each language, model and instruction. */
export function ratingRows({ counts }: ConversationRatings) {
  return counts.map(({ language, model, style, conversations, counts: given, mean, others }) => ({
    language: LANGUAGES[language] ?? language,
    model,
    instruction: style,
    conversations,
    ...Object.fromEntries(given.map((count, at) => [`rated ${at + 1}`, count])),
    mean,
    "third parties' mean": others,
  }));
}

/** How far third parties agree, from 0 (no more than on different conversations) to 1: one row for each language. */
export function reliabilityRows({ reliability }: ConversationRatings) {
  return reliability.map(({ language, people, conversations, iccOne, iccMean }) => ({
    language: LANGUAGES[language] ?? language,
    people,
    "conversations rated by three others": conversations,
    "reliability of one": iccOne,
    "reliability of their mean": iccMean,
  }));
}

/** Rank correlations, from −1 to 1, as points of one panel; a series for each kind of rating. */
export function correlationPoints({ correlations }: ConversationRatings) {
  return correlations.map(({ language, rating, with: other, rho, lower, upper }) => ({
    name: `${RATINGS[rating].name} and ${MEASURES[other]}, ${LANGUAGES[language] ?? language}`,
    series: RATINGS[rating].series,
    panel: 0,
    value: rho,
    lower,
    upper,
  }));
}

/** Effects on a better rating, in log-odds with 95 % limits: one row for each model and predictor. */
export function predictorRows({ predictors }: ConversationRatings) {
  return predictors.map(({ rating, within, name, estimate, se, ratings, groups }) => ({
    rating: rating === "own" ? "own" : "third parties'",
    "models and instructions": within ? "held equal" : "not held equal",
    what: PREDICTORS[name] ?? name,
    ratings,
    "people or conversations": groups,
    "log-odds": estimate,
    from: estimate - 1.96 * se,
    to: estimate + 1.96 * se,
  }));
}
