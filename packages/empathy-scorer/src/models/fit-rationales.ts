// Linear models of sentences and of single tokens that find the raters' rationales.
import type { SparseVector } from "../features/feature-sink";
import {
  fitSparseLinear,
  type LinearOptions,
  prepareRows,
  type SparseLinear,
} from "./sparse-linear";
import type { TrainingRow } from "./training-row";

/** Fits the models of sentences: a hit where 40 % of it lies in a rationale, or half of all that is marked lies in it. */
export function fitSentences(rows: readonly TrainingRow[], options: LinearOptions): SparseLinear[] {
  const vectors: SparseVector[] = [];
  const hits: number[] = [];
  const strong: number[] = [];
  for (const { text, vectors: own, level, marks } of rows) {
    if (!marks) continue;
    const total = marks.reduce((sum, one) => sum + one, 0);
    let from = 0;
    for (const [at, to] of text.tokens.sentenceEnds.entries()) {
      let inside = 0;
      for (let token = from; token < to; token++) inside += marks[token]!;
      const hit =
        level > 0 && (inside >= 0.4 * (to - from) || (total > 0 && inside >= 0.5 * total)) ? 1 : 0;
      vectors.push(own.sentences[at]!);
      hits.push(hit);
      strong.push(hit === 1 && level === 2 ? 1 : 0);
      from = to;
    }
  }
  const among = hits.map((_, at) => at).filter((at) => hits[at] === 1);
  const prepared = prepareRows(vectors, options.least);
  const preparedHits = prepareRows(
    among.map((at) => vectors[at]!),
    options.least,
  );
  return [
    fitSparseLinear(prepared, Uint8Array.from(hits), options),
    fitSparseLinear(prepared, Uint8Array.from(strong), options),
    fitSparseLinear(
      preparedHits,
      Uint8Array.from(among, (at) => strong[at]!),
      options,
    ),
  ];
}

/** Fits the models of single tokens: in a rationale, in a rationale of a strong reply. */
export function fitTokens(rows: readonly TrainingRow[], options: LinearOptions): SparseLinear[] {
  const vectors: SparseVector[] = [];
  const hits: number[] = [];
  const strong: number[] = [];
  for (const { vectors: own, level, marks } of rows) {
    if (!marks) continue;
    for (const [at, vector] of own.tokens.entries()) {
      vectors.push(vector);
      hits.push(level > 0 ? marks[at]! : 0);
      strong.push(level === 2 ? marks[at]! : 0);
    }
  }
  const prepared = prepareRows(vectors, options.least);
  return [hits, strong].map((one) => fitSparseLinear(prepared, Uint8Array.from(one), options));
}
