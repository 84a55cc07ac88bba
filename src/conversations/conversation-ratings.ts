// How people's ratings of whole conversations go with the levels of their replies, and with each other, as counts and
// estimates: `data/conversations/ratings.json`. No rating of one conversation and no person is kept.
import { readFileSync } from "node:fs";
import { fitMixed } from "mixed-models";
import { bootstrapInterval, intraclassCorrelation, spearman } from "mixed-models/agreement";
import { projectPath } from "../project";
import type { ConversationReply } from "./conversation-scores";
import type { Conversation } from "./read-conversations";

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

/** Computes what people say of conversations, from these and the levels of their replies. */
export function computeConversationRatings(
  conversations: readonly Conversation[],
  replies: readonly ConversationReply[],
): ConversationRatings {
  const measured = conversations.map((one) => measure(one, replies));
  return {
    counts: countRatings(conversations),
    reliability: ["en", "ja"].map((language) => reliabilityOf(language, conversations)),
    correlations: correlate(measured),
    predictors: [
      ...fitRatings(measured, "own", false),
      ...fitRatings(measured, "own", true),
      ...fitRatings(measured, "others", false),
    ],
  };
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

function countRatings(conversations: readonly Conversation[]): RatingCount[] {
  const cells = new Map<string, Conversation[]>();
  for (const one of conversations) {
    const key = [one.language, one.model, one.style].join();
    cells.set(key, [...(cells.get(key) ?? []), one]);
  }
  const sorted = [...cells].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.flatMap(([, own]) => {
    const [first] = own;
    if (!first) return [];
    const { language, model, style } = first;
    const counts = [1, 2, 3, 4, 5].map((rating) => own.filter((one) => one.own === rating).length);
    const others = own.flatMap((one) => one.others);
    return [
      {
        language,
        model,
        style,
        conversations: own.length,
        counts,
        mean: meanOf(own.map((one) => one.own)),
        others: others.length === 0 ? null : meanOf(others),
      },
    ];
  });
}

function reliabilityOf(language: string, conversations: readonly Conversation[]) {
  const own = conversations.filter((one) => one.language === language);
  const rated = own.filter(({ others }) => others.length > 0);
  const { iccOne, iccMean } = intraclassCorrelation(rated.map(({ others }) => others));
  const people = new Set(own.map(({ person }) => person)).size;
  return { language, conversations: rated.length, people, iccOne, iccMean };
}

interface Measured extends Conversation {
  /** How many replies show each, of those with a score; null where none has one. */
  readonly er: number | null;
  readonly ex: number | null;
  /** Binary logarithm of the mean number of words a reply. */
  readonly words: number | null;
  readonly othersMean: number | null;
}

function measure(one: Conversation, replies: readonly ConversationReply[]): Measured {
  const own = replies.filter(({ conversation }) => conversation === one.id);
  const scored = own.flatMap(({ shows }) => (shows ? [shows] : []));
  const share = (metric: "er" | "ex") =>
    scored.length === 0 ? null : 10 * meanOf(scored.map((shows) => shows[metric]));
  return {
    ...one,
    er: share("er"),
    ex: share("ex"),
    words: scored.length === 0 ? null : Math.log2(meanOf(own.map(({ words }) => words))),
    othersMean: one.others.length === 0 ? null : meanOf(one.others),
  };
}

const PAIRS: readonly (readonly [string, Rating, Measure])[] = [
  ["en", "own", "others"],
  ["ja", "own", "others"],
  ...(["own", "others"] as const).flatMap((rating) =>
    (["er", "ex", "words"] as const).map((measure) => ["en", rating, measure] as const),
  ),
];

function correlate(measured: readonly Measured[]): RatingCorrelation[] {
  return PAIRS.flatMap(([language, rating, other]) => {
    const people = new Map<string, [number, number][]>();
    for (const one of measured) {
      const [value, against] = [takeMeasure(one, rating), takeMeasure(one, other)];
      if (one.language !== language || value === null || against === null) continue;
      people.set(one.person, [...(people.get(one.person) ?? []), [value, against]]);
    }
    const rhoOf = (units: readonly (readonly (readonly [number, number])[])[]) => {
      const pairs = units.flat();
      return spearman(
        pairs.map(([value]) => value),
        pairs.map(([, against]) => against),
      );
    };
    const units = [...people.values()];
    const [rho, interval] = [rhoOf(units), bootstrapInterval(units, rhoOf, { seed: 9 })];
    if (rho === null || interval === null) return [];
    const conversations = units.flat().length;
    return [{ language, rating, with: other, conversations, rho, ...interval }];
  });
}

function takeMeasure(one: Measured, what: Rating | Measure): number | null {
  return what === "others" ? one.othersMean : one[what];
}

// A person's own ratings differ by person; third parties' by conversation, since it is not known who they are.
function fitRatings(
  measured: readonly Measured[],
  rating: Rating,
  within: boolean,
): RatingPredictor[] {
  const rows = measured.flatMap(({ language, er, ex, words, ...one }) => {
    if (language !== "en" || er === null || ex === null || words === null) return [];
    const known = { er, ex, words, system: `${one.model} ${one.style}` };
    return rating === "own"
      ? [{ ...known, rating: one.own, group: one.person }]
      : one.others.map((other) => ({ ...known, rating: other, group: one.id }));
  });
  const column = <Key extends keyof (typeof rows)[number]>(key: Key) => rows.map((row) => row[key]);
  const table = {
    rating: column("rating"),
    er: column("er"),
    ex: column("ex"),
    words: column("words"),
    system: column("system"),
    group: column("group"),
  };
  const formula = `rating ~ er + ex + words${within ? " + system" : ""} + (1 | group)`;
  const { coefficients } = fitMixed(formula, table, { family: "cumulative" });
  const groups = new Set(table.group).size;
  return coefficients
    .filter(({ name }) => !name.startsWith("system"))
    .map(({ name, estimate, se }) => ({
      rating,
      within,
      name,
      estimate,
      se,
      ratings: rows.length,
      groups,
    }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
