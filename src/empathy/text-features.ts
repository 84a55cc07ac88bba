// Hashed n-gram blocks of a text: words, positions, questions, skeletons, characters.
import type { FeatureSink } from "./feature-sink";
import { chainHash, hashText } from "./hash-text";
import { CATEGORIES, functionWords, LONGEST_PHRASE, phraseCategories } from "./lexicon";
import type { Tokens } from "./tokenise";

const BLOCK = {
  words: 1,
  position: 2,
  question: 3,
  skeleton: 4,
  characters: 5,
  sentence: 6,
  neighbours: 7,
  present: 8,
  token: 9,
};
const START = hashText("<start>") | 0;
const ASKED = hashText("<asked>") | 0;
const NOT_ASKED = hashText("<not asked>") | 0;
const QUESTION_MARK = 63;
/** About 2 / sqrt(number of features of a token). */
const TOKEN_VALUE = 0.28;
const FIRST = hashText("<first>") | 0;
const LAST = hashText("<last>") | 0;
const OPENING = hashText("<opening>") | 0;
const CLOSING = hashText("<closing>") | 0;

/** Where the parts of a reply's vector end that different models read. */
export interface ReplyParts {
  /** Words, positions, questions, skeletons. */
  readonly grams: number;
  /** The same and character n-grams. */
  readonly characters: number;
  /** Single words, pairs and triples, with value 1; from `characters` on. */
  readonly present: number;
}

/** Adds the blocks of a whole reply. */
export function addReplyFeatures(
  sink: FeatureSink,
  tokens: Tokens,
  skeleton: Int32Array,
): ReplyParts {
  const { hashes } = tokens;
  sink.begin(BLOCK.words);
  addGrams(sink, hashes, 0, hashes.length, 1, 2);
  sink.end();
  sink.begin(BLOCK.position);
  addPositions(sink, tokens);
  sink.end();
  sink.begin(BLOCK.question);
  addQuestions(sink, tokens, skeleton);
  sink.end();
  sink.begin(BLOCK.skeleton);
  addGrams(sink, skeleton, 0, skeleton.length, 2, 5);
  sink.end();
  const grams = sink.size;
  sink.begin(BLOCK.characters);
  addCharacters(sink, tokens.words);
  sink.end();
  const characters = sink.size;
  sink.begin(BLOCK.present);
  addGrams(sink, hashes, 0, hashes.length, 1, 3);
  sink.endWith(1);
  return { grams, characters, present: sink.size };
}

/** Adds the blocks of one sentence, with its neighbours' words. */
export function addSentenceFeatures(
  sink: FeatureSink,
  tokens: Tokens,
  skeleton: Int32Array,
  at: number,
): void {
  const { hashes, sentenceEnds, words } = tokens;
  const from = at === 0 ? 0 : (sentenceEnds[at - 1] as number);
  const to = sentenceEnds[at] as number;
  sink.begin(BLOCK.words);
  addGrams(sink, hashes, from, to, 1, 3);
  sink.end();
  sink.begin(BLOCK.skeleton);
  addGrams(sink, skeleton, from, to, 2, 5);
  sink.end();
  sink.begin(BLOCK.sentence);
  const asked = words[to - 1]?.charCodeAt(words[to - 1]!.length - 1) === QUESTION_MARK;
  sink.add(chainHash(asked ? ASKED : NOT_ASKED, 1));
  if (at === 0) sink.add(chainHash(FIRST, 1));
  if (at === sentenceEnds.length - 1) sink.add(chainHash(LAST, 1));
  sink.add(chainHash(LAST, 100 + Math.min(8, (to - from) >> 2)));
  let chain = START;
  for (let i = from; i < Math.min(to, from + 4); i++) {
    chain = chainHash(chain, hashes[i]!);
    sink.add(chain);
  }
  chain = CLOSING;
  for (let i = to - 1; i >= Math.max(from, to - 3); i--) {
    chain = chainHash(chain, hashes[i]!);
    sink.add(chain);
  }
  sink.end();
  sink.begin(BLOCK.neighbours);
  const before = at < 2 ? 0 : (sentenceEnds[at - 2] as number);
  for (let i = before; i < from; i++) sink.add(chainHash(1, hashes[i]!));
  const after = sentenceEnds[at + 1] ?? to;
  for (let i = to; i < after; i++) sink.add(chainHash(2, hashes[i]!));
  sink.end(0.5);
}

/** Adds what surrounds one token: words, pairs, triples and skeletons near it, and its place. */
export function addTokenFeatures(
  sink: FeatureSink,
  tokens: Tokens,
  skeleton: Int32Array,
  at: number,
  sentence: number,
): void {
  const { hashes, sentenceEnds } = tokens;
  const count = hashes.length;
  const from = sentence === 0 ? 0 : sentenceEnds[sentence - 1]!;
  const to = sentenceEnds[sentence]!;
  sink.begin(BLOCK.token);
  for (let near = -3; near <= 3; near++) {
    const word = at + near < 0 || at + near >= count ? START : hashes[at + near]!;
    sink.add(chainHash(10 + near, word));
    sink.add(chainHash(20, word));
  }
  for (let start = Math.max(0, at - 2); start <= Math.min(at + 1, count - 2); start++) {
    const place = 30 + start - at;
    const pair = chainHash(chainHash(place, hashes[start]!), hashes[start + 1]!);
    const shape = chainHash(chainHash(place + 10, skeleton[start]!), skeleton[start + 1]!);
    sink.add(pair);
    sink.add(shape);
    if (start > at || start + 2 >= count) continue;
    sink.add(chainHash(pair, hashes[start + 2]!));
    sink.add(chainHash(shape, skeleton[start + 2]!));
  }
  sink.add(60 + Math.min(at - from, 5));
  sink.add(70 + Math.min(to - at, 5));
  sink.endEach(TOKEN_VALUE);
}

/** Adds what all tokens of a sentence share: its words, its opening, its place and whether it asks. */
export function addTokenSentence(sink: FeatureSink, tokens: Tokens, sentence: number): void {
  const { hashes, sentenceEnds, words } = tokens;
  const from = sentence === 0 ? 0 : sentenceEnds[sentence - 1]!;
  const to = sentenceEnds[sentence]!;
  sink.begin(BLOCK.token);
  for (let at = from; at < to; at++) sink.add(chainHash(100, hashes[at]!));
  for (let at = from; at < Math.min(to, from + 2); at++)
    sink.add(chainHash(110 + at - from, hashes[at]!));
  const last = words[to - 1]!;
  sink.add(120 + (last.charCodeAt(last.length - 1) === QUESTION_MARK ? 1 : 0));
  sink.add(130 + Math.min(sentence, 3));
  sink.add(140 + (sentence === sentenceEnds.length - 1 ? 1 : 0));
  sink.add(150 + Math.min(10, (to - from) >> 1));
  sink.endEach(TOKEN_VALUE);
}

/** Replaces every word that is no function word by its shape. */
export function skeletonOf({ words, hashes }: Tokens): Int32Array {
  const skeleton = new Int32Array(hashes.length);
  for (let at = 0; at < hashes.length; at++) {
    const hash = hashes[at]!;
    skeleton[at] = functionWords.has(hash) ? hash : shapeOf(words[at] as string, hash);
  }
  return skeleton;
}

const SHAPES = ["*ing", "*ed", "*ly", "*", "#"].map((shape) => hashText(shape) | 0);

function shapeOf(word: string, hash: number): number {
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) return SHAPES[4]!;
  if (first < 97 || (first > 122 && first < 128)) return hash;
  if (word.length > 4) {
    if (word.endsWith("ing")) return SHAPES[0]!;
    if (word.endsWith("ed")) return SHAPES[1]!;
    if (word.endsWith("ly")) return SHAPES[2]!;
  }
  return SHAPES[3]!;
}

function addGrams(
  sink: FeatureSink,
  hashes: Int32Array,
  from: number,
  to: number,
  least: number,
  most: number,
): void {
  for (let at = from; at < to; at++) {
    let chain = 0;
    const end = Math.min(to, at + most);
    for (let next = at; next < end; next++) {
      chain = chainHash(chain, hashes[next]!);
      if (next - at + 1 >= least) sink.add(chain);
    }
  }
}

function addPositions(sink: FeatureSink, { hashes, sentenceEnds }: Tokens): void {
  let from = 0;
  for (const [index, to] of sentenceEnds.entries()) {
    let chain = OPENING;
    for (let at = from; at < Math.min(to, from + 4); at++) {
      chain = chainHash(chain, hashes[at]!);
      sink.add(chain);
    }
    chain = CLOSING;
    for (let at = to - 1; at >= Math.max(from, to - 3); at--) {
      chain = chainHash(chain, hashes[at]!);
      sink.add(chain);
    }
    for (let at = from; at < to; at++) {
      if (index === 0) {
        sink.add(chainHash(FIRST, hashes[at]!));
        if (at + 1 < to) sink.add(chainHash(chainHash(FIRST, hashes[at]!), hashes[at + 1]!));
      }
      if (index === sentenceEnds.length - 1) sink.add(chainHash(LAST, hashes[at]!));
    }
    from = to;
  }
}

function addQuestions(sink: FeatureSink, tokens: Tokens, skeleton: Int32Array): void {
  const { hashes, words, sentenceEnds } = tokens;
  let from = 0;
  let asked = 0;
  for (const to of sentenceEnds) {
    const last = words[to - 1] as string;
    if (last.charCodeAt(last.length - 1) === QUESTION_MARK) {
      asked++;
      let you = false;
      for (let at = from; at < to; at++) {
        sink.add(chainHash(ASKED, hashes[at]!));
        if (at + 1 < to) sink.add(chainHash(chainHash(ASKED, hashes[at]!), hashes[at + 1]!));
        if ((words[at] as string).startsWith("you")) you = true;
      }
      let chain = ASKED ^ START;
      for (let at = from; at < Math.min(to, from + 3); at++) {
        chain = chainHash(chain, hashes[at]!);
        sink.add(chain);
      }
      chain = ASKED ^ 77;
      for (let at = from; at < Math.min(to, from + 5); at++) {
        chain = chainHash(chain, skeleton[at]!);
        sink.add(chain);
      }
      sink.add(ASKED ^ (you ? 101 : 102));
    }
    from = to;
  }
  if (asked === 0) sink.add(NOT_ASKED);
  else sink.add(ASKED ^ (200 + Math.min(asked, 3)));
}

function addCharacters(sink: FeatureSink, words: readonly string[]): void {
  for (const word of words) {
    const length = word.length;
    if (length < 2) continue;
    for (let at = -1; at < length; at++) {
      let chain = at < 0 ? 31 : chainHash(0, word.charCodeAt(at));
      const end = Math.min(length, at + 4);
      for (let next = at + 1; next <= end; next++) {
        chain = chainHash(chain, next === length ? 31 : word.charCodeAt(next));
        if (next > at + 1) sink.add(chain);
      }
    }
  }
}

/** Counts of the phrase categories in tokens `from` to `to`, added to `counts`. */
export function countPhrases(
  hashes: Int32Array,
  from: number,
  to: number,
  counts: Float64Array,
): void {
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
export const CATEGORY_COUNT = CATEGORIES.length;
