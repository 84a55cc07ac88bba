import { chainHash } from "../text/hash-text";
import { CATEGORIES, functionWords, LONGEST_PHRASE, phraseCategories } from "../text/lexicon";
import type { Tokens } from "../text/split-tokens";
import { stableLog } from "../text/stable-math";
import { EXCLAMATION_MARK, QUESTION_MARK } from "./feature-blocks";

/** Counts of the phrase categories in tokens `from` to `to`, added to `counts`. */
function countPhrases(hashes: Int32Array, from: number, to: number, counts: Float64Array): void {
  for (let at = from; at < to; at++) {
    let chain = 0;
    const end = Math.min(to, at + LONGEST_PHRASE);
    for (let next = at; next < end; next++) {
      chain = chainHash(chain, hashes[next]!);
      const found = phraseCategories.get(chain);
      if (found) for (const category of found) counts[category]!++;
    }
  }
}

/** Number of phrase categories. */
const CATEGORY_COUNT = CATEGORIES.length;

// What is measured of a reply besides its phrases, in the order in which the weights expect it.
const LENGTHS = ["log words", "log sentences", "words a sentence"];
const MARKS = [
  "questions",
  "questions a sentence",
  "questions to you",
  "ends asking",
  "longest question",
  "exclamations",
  "asks",
];
const FIRST_SENTENCE = [
  "words of the first",
  "first asks",
  "first is sorry",
  "first understands",
  "first is of oneself",
  "first is of you",
];
const OVERLAP = [
  "shared words",
  "share of shared words",
  "log words of the seeker",
  "log ratio of words",
  "content words a word",
  "long words a content word",
];

/** Names of the numbers of every reply: of each category the log count, then the rate, then the others. */
const DENSE_NAMES: readonly string[] = [
  ...CATEGORIES.map((name) => `log ${name}`),
  ...CATEGORIES.map((name) => `${name} a word`),
  ...LENGTHS,
  ...MARKS,
  ...FIRST_SENTENCE,
  ...OVERLAP,
];

/** Number of numbers of every reply. */
export const DENSE_COUNT = DENSE_NAMES.length;

/**
 * Counts of a reply and of what it shares with the last utterance before it.
 *
 * @param seeker tokens of the utterance that is answered; an empty text where there is none.
 */
export function denseFeatures(reply: Tokens, seeker: Tokens): Float64Array {
  const dense = new Float64Array(DENSE_COUNT);
  const { words, hashes, sentenceEnds } = reply;
  const counts = dense.subarray(0, CATEGORY_COUNT);
  countPhrases(hashes, 0, hashes.length, counts);
  const length = Math.max(words.length, 1);
  for (let at = 0; at < CATEGORY_COUNT; at++) {
    const count = counts[at]!;
    dense[CATEGORY_COUNT + at] = count / length;
    dense[at] = stableLog(1 + count);
  }
  let at = 2 * CATEGORY_COUNT;
  const put = (value: number) => {
    dense[at++] = value;
  };
  put(stableLog(length));
  put(stableLog(Math.max(sentenceEnds.length, 1)));
  put(length / Math.max(sentenceEnds.length, 1));
  for (const value of markCounts(reply)) put(value);
  for (const value of firstSentence(reply)) put(value);
  for (const value of overlap(reply, seeker)) put(value);
  return dense;
}

function markCounts({ words, sentenceEnds }: Tokens): number[] {
  let asked = 0;
  let exclaimed = 0;
  let askedYou = 0;
  let from = 0;
  let lastAsked = 0;
  let longestAsked = 0;
  for (const to of sentenceEnds) {
    const last = words[to - 1] as string;
    const mark = last.charCodeAt(last.length - 1);
    lastAsked = 0;
    if (mark === QUESTION_MARK) {
      asked++;
      lastAsked = 1;
      longestAsked = Math.max(longestAsked, to - from);
      for (let at = from; at < to; at++)
        if (words[at]!.startsWith("you")) {
          askedYou++;
          break;
        }
    }
    if (mark === EXCLAMATION_MARK) exclaimed++;
    from = to;
  }
  const sentences = Math.max(sentenceEnds.length, 1);
  return [
    asked,
    asked / sentences,
    askedYou,
    lastAsked,
    longestAsked,
    exclaimed,
    asked > 0 ? 1 : 0,
  ];
}

function firstSentence({ hashes, words, sentenceEnds }: Tokens): number[] {
  const end = sentenceEnds[0] ?? 0;
  const counts = new Float64Array(CATEGORY_COUNT);
  countPhrases(hashes, 0, end, counts);
  const of = (category: string) => counts[CATEGORIES.indexOf(category)]!;
  const last = end > 0 ? words[end - 1]! : "";
  const asked = last.charCodeAt(last.length - 1) === QUESTION_MARK ? 1 : 0;
  return [
    end,
    asked,
    of("sorry") + of("glad") + of("dismay"),
    of("understand") + of("same"),
    of("self"),
    of("you"),
  ];
}

function overlap(reply: Tokens, seeker: Tokens): number[] {
  const known = new Set<number>();
  for (const hash of seeker.hashes) if (!functionWords.has(hash)) known.add(hash);
  let shared = 0;
  let content = 0;
  let long = 0;
  for (let at = 0; at < reply.hashes.length; at++) {
    const hash = reply.hashes[at]!;
    if (reply.words[at]!.length < 3 || functionWords.has(hash)) continue;
    content++;
    if (reply.words[at]!.length > 6) long++;
    if (known.has(hash)) shared++;
  }
  const all = Math.max(content, 1);
  return [
    shared,
    shared / all,
    stableLog(1 + seeker.words.length),
    stableLog((reply.words.length + 1) / (seeker.words.length + 1)),
    content / Math.max(reply.words.length, 1),
    long / all,
  ];
}
