// Computes from the mirrored conversations how people's ratings go with the levels of their replies.
import { fitMixed } from "mixed-models";
import { bootstrapInterval, intraclassCorrelation, spearman } from "mixed-models/agreement";
import type {
  ConversationRatings,
  Measure,
  Rating,
  RatingCorrelation,
  RatingCount,
  RatingPredictor,
} from "../../src/conversations/conversation-ratings";
import type { ConversationReply } from "../../src/conversations/conversation-scores";
import { groupBy } from "../../src/group-by";
import type { Conversation } from "./read-conversations";

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

function countRatings(conversations: readonly Conversation[]): RatingCount[] {
  const cells = groupBy(conversations, (one) => [one.language, one.model, one.style].join());
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
    const both = measured.flatMap((one) => {
      const [value, against] = [takeMeasure(one, rating), takeMeasure(one, other)];
      if (one.language !== language || value === null || against === null) return [];
      return [{ person: one.person, pair: [value, against] as const }];
    });
    const rhoOf = (units: readonly (readonly (readonly [number, number])[])[]) => {
      const pairs = units.flat();
      return spearman(
        pairs.map(([value]) => value),
        pairs.map(([, against]) => against),
      );
    };
    const units = [...groupBy(both, ({ person }) => person).values()].map((own) =>
      own.map(({ pair }) => pair),
    );
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
