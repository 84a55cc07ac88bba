import { hashText } from "../text/hash-text";
import { functionWords } from "../text/lexicon";
import { normaliseText } from "../text/normalise-text";
import { type Tokens, tokenise } from "../text/split-tokens";
import { DENSE_COUNT, denseFeatures } from "./dense-features";
import { FeatureSink, type SparseVector } from "./feature-sink";
import { addSentenceFeatures } from "./sentence-features";
import { addReplyFeatures, addToldFeatures, type ReplyParts } from "./text-features";
import { addTokenFeatures, addTokenSentence } from "./token-features";

/** A reply, cut and counted: what every model starts from. */
export interface ReplyText {
  readonly tokens: Tokens;
  /** The utterance that it answers. */
  readonly told: Tokens;
  readonly skeleton: Int32Array;
  readonly dense: Float64Array;
}

/** Cuts and counts a reply, beside the utterance that it answers. */
export function readReply(reply: string, answered: string): ReplyText {
  const tokens = tokenise(normaliseText(reply));
  const told = tokenise(normaliseText(answered));
  return { tokens, told, skeleton: skeletonOf(tokens), dense: denseFeatures(tokens, told) };
}

/** The vectors of a reply, kept for training. */
export interface ReplyVectors {
  readonly whole: SparseVector;
  readonly parts: ReplyParts;
  /** Of the utterance that is answered. */
  readonly told: SparseVector;
  readonly sentences: readonly SparseVector[];
  readonly tokens: readonly SparseVector[];
}

const sink = new FeatureSink();

/** Computes all vectors of a reply. */
export function vectorsOf(text: ReplyText): ReplyVectors {
  sink.clear();
  const parts = addReplyFeatures(sink, text.tokens, text.skeleton);
  const whole = sink.toVector();
  sink.clear();
  addToldFeatures(sink, text.told);
  const told = sink.toVector();
  const sentences: SparseVector[] = [];
  const tokens: SparseVector[] = [];
  let from = 0;
  for (const [sentence, to] of text.tokens.sentenceEnds.entries()) {
    sink.clear();
    addSentenceFeatures(sink, text.tokens, text.skeleton, sentence);
    sentences.push(sink.toVector());
    for (let token = from; token < to; token++) {
      sink.clear();
      addTokenSentence(sink, text.tokens, sentence);
      addTokenFeatures(sink, text.tokens, text.skeleton, token, sentence);
      tokens.push(sink.toVector());
    }
    from = to;
  }
  return { whole, parts, told, sentences, tokens };
}

/** Means and standard deviations by which counts become comparable. */
export interface DenseScale {
  readonly mean: Float32Array;
  readonly sd: Float32Array;
}

/** Means and standard deviations of the counts of some replies. */
export function measureDense(rows: readonly Float64Array[]): DenseScale {
  const mean = new Float32Array(DENSE_COUNT);
  const sd = new Float32Array(DENSE_COUNT);
  for (let at = 0; at < DENSE_COUNT; at++) {
    let sum = 0;
    for (const row of rows) sum += row[at]!;
    const middle = sum / rows.length;
    let squares = 0;
    for (const row of rows) squares += (row[at]! - middle) * (row[at]! - middle);
    mean[at] = middle;
    sd[at] = Math.sqrt(squares / rows.length) || 1;
  }
  return { mean, sd };
}

/** Counts on the scale of the n-gram blocks: standardised, within 4 deviations, times 0.15. */
export function scaleDense(dense: Float64Array, { mean, sd }: DenseScale): Float32Array {
  const scaled = new Float32Array(DENSE_COUNT);
  for (let at = 0; at < DENSE_COUNT; at++) {
    const value = (dense[at]! - mean[at]!) / sd[at]!;
    scaled[at] = 0.15 * Math.max(-4, Math.min(4, value));
  }
  return scaled;
}

/** Replaces every word that is not a function word by its shape. */
function skeletonOf({ words, hashes }: Tokens): Int32Array {
  return hashes.map((hash, token) =>
    functionWords.has(hash) ? hash : shapeOf(words[token] as string, hash),
  );
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
