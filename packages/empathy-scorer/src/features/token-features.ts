import { chainHash } from "../text/hash-text";
import type { Tokens } from "../text/split-tokens";
import { BLOCK, QUESTION_MARK, START } from "./feature-blocks";
import type { GramSink } from "./feature-sink";

/** The value of every feature of a token: about 2 / sqrt(their number). */
export const TOKEN_VALUE = 0.28;

/** Adds what surrounds one token: words, pairs, triples and skeletons near it, and its place. */
export function addTokenFeatures(
  sink: GramSink,
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
export function addTokenSentence(sink: GramSink, tokens: Tokens, sentence: number): void {
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
