// What the blocks of n-grams share: their numbers, and the marks that n-grams begin with.
import { chainHash, hashText } from "../text/hash-text";
import type { FeatureSink } from "./feature-sink";

/** Equal n-grams in different blocks are different features. */
export const BLOCK = {
  words: 1,
  position: 2,
  question: 3,
  skeleton: 4,
  characters: 5,
  sentence: 6,
  neighbours: 7,
  present: 8,
  token: 9,
  told: 10,
};
export const START = hashText("<start>") | 0;
export const ASKED = hashText("<asked>") | 0;
export const NOT_ASKED = hashText("<not asked>") | 0;
/** The character codes of the marks that end a question and an exclamation. */
export const QUESTION_MARK = "?".charCodeAt(0);
export const EXCLAMATION_MARK = "!".charCodeAt(0);
/** What tells the kinds of features of a question apart; any change of a number is another set of weights. */
export const ASKED_SKELETON = ASKED ^ 77;
export const ASKED_OF_YOU = ASKED ^ 101;
export const ASKED_OF_NOBODY = ASKED ^ 102;
/** Plus the number of questions, at most three. */
export const ASKED_TIMES = 200;
export const FIRST = hashText("<first>") | 0;
export const LAST = hashText("<last>") | 0;
export const OPENING = hashText("<opening>") | 0;
const CLOSING = hashText("<closing>") | 0;

/** Adds the n-grams of tokens `from` to `to`. */
export function addGrams(
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

/** Adds the chains of the first one to four and of the last one to three tokens from `from` to `to`. */
export function addEnds(
  sink: FeatureSink,
  hashes: Int32Array,
  from: number,
  to: number,
  opening: number,
): void {
  let chain = opening;
  for (let at = from; at < Math.min(to, from + 4); at++) {
    chain = chainHash(chain, hashes[at]!);
    sink.add(chain);
  }
  chain = CLOSING;
  for (let at = to - 1; at >= Math.max(from, to - 3); at--) {
    chain = chainHash(chain, hashes[at]!);
    sink.add(chain);
  }
}
