import { chainHash } from "../text/hash-text";
import type { Tokens } from "../text/split-tokens";
import {
  ASKED,
  addEnds,
  addGrams,
  BLOCK,
  FIRST,
  LAST,
  NOT_ASKED,
  QUESTION_MARK,
  START,
} from "./feature-blocks";
import type { FeatureSink } from "./feature-sink";

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
  addEnds(sink, hashes, from, to, START);
  sink.end();
  sink.begin(BLOCK.neighbours);
  const before = at < 2 ? 0 : (sentenceEnds[at - 2] as number);
  for (let i = before; i < from; i++) sink.add(chainHash(1, hashes[i]!));
  const after = sentenceEnds[at + 1] ?? to;
  for (let i = to; i < after; i++) sink.add(chainHash(2, hashes[i]!));
  sink.end(0.5);
}
