// What a reply's sentences or tokens say together.
import type { Tokens } from "../text/split-tokens";
import { sigmoid, stableLog } from "../text/stable-math";

/** Numbers that summarise one sentence model. */
export const SENTENCE_NUMBERS = 11;

/** Numbers that summarise one token model. */
export const TOKEN_NUMBERS = 10;

/**
 * Summarises a model's log-odds over the sentences of a reply.
 *
 * @param odds one value per sentence; at least one.
 * @param out takes `SENTENCE_NUMBERS` values from `at` on.
 */
export function summariseSentences(
  odds: ArrayLike<number>,
  { sentenceEnds }: Tokens,
  out: Float32Array,
  at: number,
): void {
  const count = sentenceEnds.length;
  const sorted = Float64Array.from(odds).subarray(0, count).sort();
  let none = 1;
  let sum = 0;
  let inside = 0;
  let above = 0;
  let from = 0;
  for (let sentence = 0; sentence < count; sentence++) {
    const p = sigmoid(odds[sentence]!);
    none *= 1 - p;
    sum += p;
    inside += p * (sentenceEnds[sentence]! - from);
    if (p > 0.5) above++;
    from = sentenceEnds[sentence]!;
  }
  out[at] = sorted[count - 1]!;
  out[at + 1] = sorted[count - 2] ?? -5;
  out[at + 2] = sorted[count - 3] ?? -5;
  out[at + 3] = sum / count;
  out[at + 4] = sum;
  out[at + 5] = stableLog(1.0001 - none);
  out[at + 6] = odds[0]!;
  out[at + 7] = odds[count - 1]!;
  out[at + 8] = inside / Math.max(from, 1);
  out[at + 9] = stableLog(1 + inside);
  out[at + 10] = above;
}

/** Summarises a model's log-odds over the tokens of a reply; otherwise as `summariseSentences`. */
export function summariseTokens(
  odds: ArrayLike<number>,
  { sentenceEnds }: Tokens,
  out: Float32Array,
  at: number,
): void {
  const count = sentenceEnds.at(-1)!;
  const p = new Float64Array(count);
  let sum = 0;
  let most = 0;
  let above = 0;
  let run = 0;
  let longest = 0;
  for (let token = 0; token < count; token++) {
    const one = sigmoid(odds[token]!);
    p[token] = one;
    sum += one;
    if (one > most) most = one;
    run = one > 0.5 ? run + 1 : 0;
    if (one > 0.5) above++;
    if (run > longest) longest = run;
  }
  const [bestSentence, sentences] = averageSentences(p, sentenceEnds);
  out[at] = most;
  out[at + 1] = sum / count;
  out[at + 2] = stableLog(1 + sum);
  out[at + 3] = above / count;
  out[at + 4] = stableLog(1 + above);
  out[at + 5] = longest;
  out[at + 6] = bestWindow(p, 4);
  out[at + 7] = bestWindow(p, 10);
  out[at + 8] = bestSentence;
  out[at + 9] = sentences;
}

function bestWindow(p: Float64Array, size: number): number {
  let sum = 0;
  let best = 0;
  const width = Math.min(size, p.length);
  for (let at = 0; at < p.length; at++) {
    sum += p[at]!;
    if (at >= size) sum -= p[at - size]!;
    if (sum / width > best) best = sum / width;
  }
  return best;
}

function averageSentences(p: Float64Array, ends: readonly number[]): [number, number] {
  let best = 0;
  let above = 0;
  let from = 0;
  for (const to of ends) {
    let sum = 0;
    for (let at = from; at < to; at++) sum += p[at]!;
    const mean = sum / (to - from);
    if (mean > best) best = mean;
    if (mean > 0.5) above++;
    from = to;
  }
  return [best, above];
}
