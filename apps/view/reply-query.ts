// What the page asks for, as it stands in its address: which replies, in which order.
import { METRICS } from "empathy-scorer";
import { didYouMean, UserError } from "kit";
import type { ReplyIndex } from "./reply-index";
import { searchedParts } from "./searchable-texts";

/** In which order replies come. */
export const SORTS = [
  "corpus",
  "surprise",
  "disagreement",
  "level",
  "length",
  "rating",
  "difference",
] as const;

/** What a row of the list is. */
export const UNITS = ["stimuli", "replies"] as const;

/** Where words are looked for. */
const SCOPES = ["replies", "prompts", "both"] as const;

/** The metrics that an order or a difference is taken over. */
const METRIC_CHOICES = ["all", ...METRICS] as const;

/** A question to the index; positions are those of the index's lists. */
export interface ReplyQuery {
  /** What a row is. With two systems to compare, always a stimulus. */
  readonly unit: (typeof UNITS)[number];
  /** Chosen systems, emotions, sentiments, parts; undefined: any. */
  readonly systems: ReadonlySet<number> | undefined;
  readonly emotions: ReadonlySet<number> | undefined;
  readonly sentiments: ReadonlySet<number> | undefined;
  readonly parts: ReadonlySet<number> | undefined;
  /** Whose levels are filtered and sorted by. */
  readonly scorer: number;
  /** By metric, the chosen levels; undefined: any, and none. */
  readonly levels: readonly (ReadonlySet<number> | undefined)[];
  /** The metrics that orders, disagreement and differences are over. */
  readonly metrics: readonly number[];
  /** The least number of levels that two scorers are apart, in one of the metrics; 0: any. */
  readonly apart: number;
  /** Only replies that people rated. */
  readonly isRated: boolean;
  /** Words and phrases that must all be found. */
  readonly search: readonly string[];
  readonly scope: (typeof SCOPES)[number];
  readonly sort: (typeof SORTS)[number];
  readonly isAscending: boolean;
  /** Two systems of which only stimuli are shown that both answered. */
  readonly compared: readonly [number, number] | undefined;
}

const NAMES = [
  "by",
  "systems",
  "emotions",
  "sentiments",
  "parts",
  "scorer",
  "er",
  "ip",
  "ex",
  "metric",
  "apart",
  "rated",
  "q",
  "in",
  "sort",
  "order",
  "a",
  "b",
];

/**
 * Reads a query from an address.
 *
 * @throws UserError naming the parameter, what it is and what it may be.
 */
export function parseReplyQuery(params: URLSearchParams, index: ReplyIndex): ReplyQuery {
  const unknown = [...params.keys()].find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new UserError(`unknown filter '${unknown}'${didYouMean(unknown, NAMES)}`);
  }
  const systems = index.systems.map(({ id }) => id);
  const scorers = index.scorers.map(({ scorer }) => scorer);
  const metric = oneOf(params, "metric", METRIC_CHOICES, "all");
  return {
    unit: oneOf(params, "by", UNITS, "stimuli"),
    systems: setOf(params, "systems", systems),
    emotions: setOf(params, "emotions", index.emotions.map(toName)),
    sentiments: setOf(params, "sentiments", index.sentiments.map(toName)),
    parts: setOf(params, "parts", index.parts),
    scorer: scorers.length === 0 ? -1 : scorers.indexOf(oneOf(params, "scorer", scorers)),
    levels: METRICS.map((name) => setOf(params, name, ["0", "1", "2"])),
    metrics: metric === "all" ? [0, 1, 2] : [METRICS.indexOf(metric)],
    apart: Number(oneOf(params, "apart", ["0", "1", "2"], "0")),
    isRated: oneOf(params, "rated", ["0", "1"], "0") === "1",
    search: searchedParts(params.get("q") ?? ""),
    scope: oneOf(params, "in", SCOPES, "replies"),
    sort: oneOf(params, "sort", SORTS, "corpus"),
    isAscending: isAscending(params),
    compared: comparedOf(params, systems),
  };
}

/** How an emotion, or a sentiment, is called in an address; those that are not known have no name of their own. */
export function toName(name: string): string {
  return name === "" ? "unknown" : name;
}

// The corpus's order goes up, everything else begins with the most.
function isAscending(params: URLSearchParams): boolean {
  const usual = (params.get("sort") ?? "corpus") === "corpus" ? "asc" : "desc";
  return oneOf(params, "order", ["asc", "desc"], usual) === "asc";
}

function comparedOf(
  params: URLSearchParams,
  systems: readonly string[],
): readonly [number, number] | undefined {
  if (!params.get("a") || !params.get("b")) return undefined;
  const [one, other] = [oneOf(params, "a", systems), oneOf(params, "b", systems)];
  if (one === other) throw new UserError(`'a' and 'b' are both '${one}'; name two systems`);
  return [systems.indexOf(one), systems.indexOf(other)];
}

function oneOf<Choice extends string>(
  params: URLSearchParams,
  name: string,
  choices: readonly Choice[],
  usual = choices[0],
): Choice {
  const given = params.get(name);
  const found = given ? choices.find((choice) => choice === given) : usual;
  if (found !== undefined) return found;
  throw wrongValue(name, given ?? "", choices);
}

function setOf(
  params: URLSearchParams,
  name: string,
  choices: readonly string[],
): ReadonlySet<number> | undefined {
  const given = params.getAll(name).filter(Boolean);
  if (given.length === 0) return undefined;
  const positions = given.map((one) => {
    const at = choices.indexOf(one);
    if (at < 0) throw wrongValue(name, one, choices);
    return at;
  });
  return new Set(positions);
}

function wrongValue(name: string, given: string, choices: readonly string[]): UserError {
  const shown = choices.length > 12 ? `one of ${choices.length}` : choices.join(", ");
  return new UserError(`'${name}' is '${given}'${didYouMean(given, choices)}; it may be ${shown}`);
}
