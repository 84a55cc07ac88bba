// Filters and orders: a query → the rows of the list.
import { compareSystems, type SystemPair } from "./compare-systems";
import { expectedLevel } from "./expected-level";
import type { ReplyIndex } from "./reply-index";
import type { ReplyQuery } from "./reply-query";

/** The rows of a list, in order. */
export interface Selection {
  /** The reply that each row leads with; of a stimulus the first that passes, in the order asked for. */
  readonly rows: Int32Array;
  /** For two compared systems, the pairs, in the order of the rows. */
  readonly pairs: readonly SystemPair[] | undefined;
  /** 1 for every reply that passes. */
  readonly passes: Uint8Array;
  /** Number of replies that pass, and of their stimuli. */
  readonly replies: number;
  readonly stimuli: number;
  /** Replies that pass, by system, emotion and sentiment: what is left to choose from. */
  readonly counts: SelectionCounts;
}

/** How many of the replies that pass are of each system, emotion and sentiment. */
interface SelectionCounts {
  readonly systems: Int32Array;
  readonly emotions: Int32Array;
  readonly sentiments: Int32Array;
}

/** Selects replies, and remembers orders and the last lists, so that the windows of one list cost nothing. */
export class ReplySelector {
  private readonly orders = new Map<string, Int32Array>();
  private readonly lists = new Map<string, Selection>();

  constructor(readonly index: ReplyIndex) {}

  /** @param key names the query: equal queries have equal keys. */
  select(key: string, query: ReplyQuery): Selection {
    const known = this.lists.get(key);
    if (known) return known;
    const found = this.selectAnew(query);
    const [oldest] = this.lists.keys();
    if (this.lists.size >= KEPT_LISTS && oldest !== undefined) this.lists.delete(oldest);
    this.lists.set(key, found);
    return found;
  }

  private selectAnew(query: ReplyQuery): Selection {
    const { index } = this;
    const passes = filterReplies(index, query);
    const tally = countPassing(index, passes);
    if (query.compared) {
      const pairs = compareSystems(index, query, passes);
      return { rows: Int32Array.from(pairs, ({ one }) => one), pairs, passes, ...tally };
    }
    const rows = inOrder(passes, this.orderOf(query), tally.replies);
    const isByStimulus = query.unit === "stimuli";
    return {
      rows: isByStimulus ? firstOfStimuli(rows, index, tally.stimuli) : rows,
      pairs: undefined,
      passes,
      ...tally,
    };
  }

  /** All replies in the order that a query asks for; undefined for the index's own. */
  private orderOf(query: ReplyQuery): Int32Array | undefined {
    const { sort, isAscending, scorer, metrics } = query;
    if (sort === "corpus" && isAscending) return undefined;
    const name = [sort, isAscending, scorer, ...metrics].join();
    const known = this.orders.get(name);
    if (known) return known;
    const key = sortKey(this.index, query);
    const keys = Float64Array.from(this.index.replies, (_, at) => key(at));
    const order = orderBy(keys, isAscending);
    this.orders.set(name, order);
    return order;
  }
}

const KEPT_LISTS = 8;

/** Says of every reply whether it passes a query's filters: 1 or 0. */
function filterReplies(index: ReplyIndex, query: ReplyQuery): Uint8Array {
  const passes = new Uint8Array(index.replies.length);
  const systems = maskOf(query.systems, index.systems.length);
  if (query.compared && systems) for (const one of query.compared) systems[one] = 1;
  const stimuli = filterStimuli(index, query);
  const { stimulusOf, systemOf } = index;
  for (let at = 0; at < passes.length; at++) {
    const isWanted = stimuli[stimulusOf[at] ?? 0] === 1;
    passes[at] = isWanted && (!systems || systems[systemOf[at] ?? 0] === 1) ? 1 : 0;
  }
  keepLevels(index, query, passes);
  keepApart(index, query, passes);
  if (query.isRated) {
    for (let at = 0; at < passes.length; at++)
      if (Number.isNaN(index.meanRatings[at])) passes[at] = 0;
  }
  for (const part of query.search) keepFound(index, query, part, passes);
  return passes;
}

function filterStimuli(index: ReplyIndex, query: ReplyQuery): Uint8Array {
  const { emotionOf, sentimentOf, partOf } = index;
  const emotions = maskOf(query.emotions, index.emotions.length);
  const sentiments = maskOf(query.sentiments, index.sentiments.length);
  const parts = maskOf(query.parts, index.parts.length);
  return Uint8Array.from(emotionOf, (emotion, at) => {
    const isWanted =
      (!emotions || emotions[emotion] === 1) &&
      (!sentiments || sentiments[sentimentOf[at] ?? 0] === 1) &&
      (!parts || parts[partOf[at] ?? 0] === 1);
    return isWanted ? 1 : 0;
  });
}

function maskOf(chosen: ReadonlySet<number> | undefined, count: number): Uint8Array | undefined {
  if (!chosen) return undefined;
  const mask = new Uint8Array(count);
  for (const one of chosen) mask[one] = 1;
  return mask;
}

function keepLevels(index: ReplyIndex, query: ReplyQuery, passes: Uint8Array): void {
  const levels = index.scorers[query.scorer]?.levels;
  for (const [metric, chosen] of query.levels.entries()) {
    if (!chosen) continue;
    const mask = maskOf(chosen, 3) ?? new Uint8Array(3);
    for (let at = 0; at < passes.length; at++) {
      const level = levels?.[3 * at + metric] ?? -1;
      if (level < 0 || mask[level] === 0) passes[at] = 0;
    }
  }
}

function keepApart({ apart }: ReplyIndex, query: ReplyQuery, passes: Uint8Array): void {
  if (query.apart === 0) return;
  for (let at = 0; at < passes.length; at++) {
    const isApart = query.metrics.some(
      (metric) => (apart.levels[3 * at + metric] ?? -1) >= query.apart,
    );
    if (!isApart) passes[at] = 0;
  }
}

function keepFound(index: ReplyIndex, query: ReplyQuery, part: string, passes: Uint8Array): void {
  const inReplies = query.scope === "prompts" ? undefined : index.replyTexts.find(part);
  const inPrompts = query.scope === "replies" ? undefined : index.promptTexts.find(part);
  for (let at = 0; at < passes.length; at++) {
    const isFound = inReplies?.[at] === 1 || inPrompts?.[index.stimulusOf[at] ?? 0] === 1;
    if (!isFound) passes[at] = 0;
  }
}

function countPassing(index: ReplyIndex, passes: Uint8Array) {
  const counts = {
    systems: new Int32Array(index.systems.length),
    emotions: new Int32Array(index.emotions.length),
    sentiments: new Int32Array(index.sentiments.length),
  };
  const count = (tally: Int32Array, at = 0) => {
    tally[at] = (tally[at] ?? 0) + 1;
  };
  let [replies, stimuli, last] = [0, 0, -1];
  for (let at = 0; at < passes.length; at++) {
    if (passes[at] === 0) continue;
    const stimulus = index.stimulusOf[at] ?? 0;
    replies++;
    stimuli += Number(stimulus !== last);
    last = stimulus;
    count(counts.systems, index.systemOf[at]);
    count(counts.emotions, index.emotionOf[stimulus]);
    count(counts.sentiments, index.sentimentOf[stimulus]);
  }
  return { replies, stimuli, counts };
}

/** What a reply is sorted by: a number, NaN where there is none. */
export function sortKey(index: ReplyIndex, query: ReplyQuery): (reply: number) => number {
  const { surprise, apart, words, meanRatings, scorers } = index;
  const sumOf = (value: (metric: number) => number) =>
    query.metrics.reduce((sum, metric) => sum + value(metric), 0);
  const columns = scorers[query.scorer];
  const bits = surprise[query.scorer];
  const keys: Readonly<Record<ReplyQuery["sort"], (reply: number) => number>> = {
    corpus: (at) => at,
    surprise: (at) => sumOf((metric) => bits?.[3 * at + metric] ?? Number.NaN),
    disagreement: (at) => sumOf((metric) => apart.expected[3 * at + metric] ?? Number.NaN),
    level: (at) => (columns ? sumOf((metric) => expectedLevel(columns, at, metric)) : Number.NaN),
    length: (at) => words[at] ?? 0,
    rating: (at) => meanRatings[at] ?? Number.NaN,
    difference: (at) => at,
  };
  return keys[query.sort];
}

// Keys are compared to the thousandth, which is what score tables hold.
const FINENESS = 1000;

/**
 * Orders replies by their keys; those without one come last, equal ones in the index's order.
 *
 * A key and its position are packed into one number, since sorting numbers is several times as fast as calling back.
 */
export function orderBy(keys: Float64Array, isAscending: boolean): Int32Array {
  const { length } = keys;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const key of keys) {
    if (key < low) low = key;
    if (key > high) high = key;
  }
  const last = Math.round((high - low) * FINENESS) + 1;
  const packed = keys.map((key, at) => {
    const place = isAscending ? key - low : high - key;
    return (Number.isNaN(key) ? Math.max(last, 1) : Math.round(place * FINENESS)) * length + at;
  });
  packed.sort();
  return Int32Array.from(packed, (one) => one % length);
}

function inOrder(passes: Uint8Array, order: Int32Array | undefined, count: number): Int32Array {
  const rows = new Int32Array(count);
  let found = 0;
  for (let at = 0; at < passes.length; at++) {
    const reply = order?.[at] ?? at;
    if (passes[reply] === 1) rows[found++] = reply;
  }
  return rows;
}

function firstOfStimuli(rows: Int32Array, index: ReplyIndex, count: number): Int32Array {
  const seen = new Uint8Array(index.stimuli.length);
  const first = new Int32Array(count);
  let found = 0;
  for (const reply of rows) {
    const stimulus = index.stimulusOf[reply] ?? 0;
    if (seen[stimulus] === 1) continue;
    seen[stimulus] = 1;
    first[found++] = reply;
  }
  return first;
}
