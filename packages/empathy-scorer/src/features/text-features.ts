// Hashed n-gram blocks of a whole reply: words, positions, questions, skeletons, characters.
import { chainHash } from "../text/hash-text";
import type { Tokens } from "../text/split-tokens";
import {
  ASKED,
  ASKED_OF_NOBODY,
  ASKED_OF_YOU,
  ASKED_SKELETON,
  ASKED_TIMES,
  addEnds,
  addGrams,
  BLOCK,
  FIRST,
  LAST,
  NOT_ASKED,
  OPENING,
  QUESTION_MARK,
  START,
} from "./feature-blocks";
import type { FeatureSink } from "./feature-sink";

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

/** Adds the block of the utterance that is answered: its words and pairs, at half a block's length. */
export function addToldFeatures(sink: FeatureSink, { hashes }: Tokens): void {
  sink.begin(BLOCK.told);
  addGrams(sink, hashes, 0, hashes.length, 1, 2);
  sink.end(0.5);
}

function addPositions(sink: FeatureSink, { hashes, sentenceEnds }: Tokens): void {
  let from = 0;
  for (const [index, to] of sentenceEnds.entries()) {
    addEnds(sink, hashes, from, to, OPENING);
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
      chain = ASKED_SKELETON;
      for (let at = from; at < Math.min(to, from + 5); at++) {
        chain = chainHash(chain, skeleton[at]!);
        sink.add(chain);
      }
      sink.add(you ? ASKED_OF_YOU : ASKED_OF_NOBODY);
    }
    from = to;
  }
  if (asked === 0) sink.add(NOT_ASKED);
  else sink.add(ASKED ^ (ASKED_TIMES + Math.min(asked, 3)));
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
