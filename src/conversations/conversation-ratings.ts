// How people's ratings of whole conversations go with the levels of their replies, and with each other, as counts and
// estimates: `data/conversations/ratings.json`. No rating of one conversation and no person is kept.
import { readFileSync } from "node:fs";
import { projectPath } from "../project";

/** Where the results stand. */
export const CONVERSATION_RATINGS_FILE = "data/conversations/ratings.json";

/** How often each rating was given, from 1 to 5, by the people who had the conversations. */
export interface RatingCount {
  readonly language: string;
  readonly model: string;
  readonly style: string;
  readonly conversations: number;
  readonly counts: readonly number[];
  readonly mean: number;
  /** Mean of the third parties' ratings; null where there are none. */
  readonly others: number | null;
}

/** Reliability of third parties' ratings, three a conversation. */
export interface RatingReliability {
  readonly language: string;
  readonly conversations: number;
  readonly people: number;
  readonly iccOne: number;
  readonly iccMean: number;
}

/** Spearman's correlation between two measures of conversations, with a 95 % interval over people. */
export interface RatingCorrelation {
  readonly language: string;
  readonly rating: Rating;
  /** The other measure: the third parties' mean, how many of ten replies show a metric, or words a reply. */
  readonly with: Measure;
  readonly conversations: number;
  readonly rho: number;
  readonly lower: number;
  readonly upper: number;
}

/** Whose rating: the person's own, or the mean of third parties'. */
export type Rating = "own" | "others";

/** What a rating is held beside. */
export type Measure = "others" | "er" | "ex" | "words";

/** A coefficient of a cumulative model of the ratings of English conversations, in log-odds of a better one. */
export interface RatingPredictor {
  readonly rating: Rating;
  /** Whether models and styles were held equal. */
  readonly within: boolean;
  readonly name: string;
  readonly estimate: number;
  readonly se: number;
  /** Number of ratings, and of conversations or people whose intercepts were random. */
  readonly ratings: number;
  readonly groups: number;
}

/** What people say of conversations. */
export interface ConversationRatings {
  readonly counts: readonly RatingCount[];
  readonly reliability: readonly RatingReliability[];
  readonly correlations: readonly RatingCorrelation[];
  readonly predictors: readonly RatingPredictor[];
}

/** Writes the results, six digits of each number. */
export function formatConversationRatings(ratings: ConversationRatings): string {
  const round = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(6)) : value;
  return `${JSON.stringify(ratings, round)}\n`;
}

/** Reads what people say of conversations, where it has been computed. */
export function readConversationRatings(
  path = projectPath(CONVERSATION_RATINGS_FILE),
): ConversationRatings {
  return JSON.parse(readFileSync(path, "utf8"));
}
