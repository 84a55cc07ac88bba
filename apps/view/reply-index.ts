// Replies in columns: every filter is one pass over typed arrays, every order is made once.
import { METRICS } from "empathy-scorer";
import { EMOTIONS, SENTIMENTS } from "../../src/corpus/emotions";
import { splitWords } from "../../src/systems/reply-style";
import type { Collection } from "./collection";
import { expectedLevel } from "./expected-level";
import type { PeopleRating, RatingsOfReplies } from "./people-ratings";
import type { ScorerColumns } from "./reply-scores";
import { SearchableTexts } from "./searchable-texts";
import { type SurpriseColumn, surpriseOf } from "./surprise";

/** The replies, ready to be filtered, sorted and searched; replies of one stimulus are neighbours. */
export interface ReplyIndex extends Pick<Collection, "stimuli" | "systems" | "replies"> {
  readonly scorers: readonly ScorerColumns[];
  /** Bits of surprise, by scorer. */
  readonly surprise: readonly SurpriseColumn[];
  /** How far scorers are apart. */
  readonly apart: ApartColumns;
  readonly ratings: ReadonlyMap<number, readonly PeopleRating[]>;
  /** Mean of people's ratings, from 0 to 1, by reply; NaN where there is none. */
  readonly meanRatings: Float32Array;
  /** Position of the stimulus, by reply. */
  readonly stimulusOf: Int32Array;
  readonly systemOf: Uint16Array;
  /** Number of words, by reply. */
  readonly words: Uint16Array;
  /** The first reply of each stimulus; one more entry, the number of replies, ends it. */
  readonly firstOf: Int32Array;
  /** Position in `emotions`, by stimulus. */
  readonly emotionOf: Uint8Array;
  /** Position in `sentiments`, by stimulus. */
  readonly sentimentOf: Uint8Array;
  /** Position in `parts`, by stimulus. */
  readonly partOf: Uint8Array;
  /** The emotions; the last, empty, is that of stimuli without one. */
  readonly emotions: readonly string[];
  readonly sentiments: readonly string[];
  readonly parts: readonly string[];
  readonly replyTexts: SearchableTexts;
  readonly promptTexts: SearchableTexts;
}

/** How far the scorers of one reply are apart, three entries a reply, by metric. */
interface ApartColumns {
  /** The highest level less the lowest; -1 where fewer than two scorers scored it. */
  readonly levels: Int8Array;
  /** The highest expected level less the lowest; NaN likewise. */
  readonly expected: Float32Array;
}

/** Builds the index of a collection: a second for 100,000 replies. */
export function buildReplyIndex(
  collection: Collection,
  scorers: readonly ScorerColumns[],
  ratings: RatingsOfReplies = new Map(),
): ReplyIndex {
  const { stimuli, systems, replies } = collection;
  const emotions = [...EMOTIONS, ""];
  const sentiments = [...SENTIMENTS, ""];
  const parts = [...new Set(stimuli.map(({ part }) => part))];
  const stimulusOf = Int32Array.from(replies, ({ stimulus }) => stimulus);
  const systemOf = Uint16Array.from(replies, ({ system }) => system);
  const positionIn = (names: readonly string[], name: string) => names.indexOf(name);
  const sentimentOf = Uint8Array.from(stimuli, (one) => positionIn(sentiments, one.sentiment));
  const groups = { systemOf, stimulusOf, sentimentOf, systems: systems.length };
  return {
    stimuli,
    systems,
    replies,
    scorers,
    ratings,
    stimulusOf,
    systemOf,
    emotions,
    sentiments,
    parts,
    sentimentOf,
    meanRatings: meanRatings(ratings, replies.length),
    surprise: scorers.map(({ levels }) => surpriseOf(levels, groups)),
    apart: apartOf(scorers, replies.length),
    words: Uint16Array.from(replies, ({ text }) => Math.min(65_535, splitWords(text).length)),
    firstOf: firstReplies(stimulusOf, stimuli.length),
    emotionOf: Uint8Array.from(stimuli, ({ emotion }) => positionIn(emotions, emotion)),
    partOf: Uint8Array.from(stimuli, ({ part }) => Math.min(255, positionIn(parts, part))),
    replyTexts: new SearchableTexts(replies.map(({ text }) => text)),
    promptTexts: new SearchableTexts(
      stimuli.map(({ situation, context }) => [situation, ...context].join(" ")),
    ),
  };
}

function meanRatings(ratings: RatingsOfReplies, count: number): Float32Array {
  const means = new Float32Array(count).fill(Number.NaN);
  for (const [at, given] of ratings) {
    means[at] = given.reduce((sum, { value }) => sum + value, 0) / given.length;
  }
  return means;
}

function apartOf(scorers: readonly ScorerColumns[], count: number): ApartColumns {
  const apart = { levels: new Int8Array(3 * count), expected: new Float32Array(3 * count) };
  for (let at = 0; at < 3 * count; at++) {
    let [low, high, least, most, seen] = [2, 0, 2, 0, 0];
    for (const columns of scorers) {
      const level = columns.levels[at] ?? -1;
      if (level < 0) continue;
      const expected = expectedLevel(columns, Math.floor(at / METRICS.length), at % METRICS.length);
      seen++;
      low = Math.min(low, level);
      high = Math.max(high, level);
      least = Math.min(least, expected);
      most = Math.max(most, expected);
    }
    apart.levels[at] = seen < 2 ? -1 : high - low;
    apart.expected[at] = seen < 2 ? Number.NaN : most - least;
  }
  return apart;
}

function firstReplies(stimulusOf: Int32Array, stimuli: number): Int32Array {
  const first = new Int32Array(stimuli + 1);
  for (const stimulus of stimulusOf) first[stimulus + 1] = (first[stimulus + 1] ?? 0) + 1;
  for (let at = 1; at <= stimuli; at++) first[at] = (first[at] ?? 0) + (first[at - 1] ?? 0);
  return first;
}
