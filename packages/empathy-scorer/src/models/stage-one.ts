// The first stage: linear models over a whole reply, over its sentences and over its tokens.
import {
  SENTENCE_NUMBERS,
  summariseSentences,
  summariseTokens,
  TOKEN_NUMBERS,
} from "../features/aggregate";
import { DENSE_COUNT } from "../features/dense-features";
import { FeatureSink, featureOf, type GramSink, seedOf } from "../features/feature-sink";
import { type DenseScale, type ReplyText, scaleDense } from "../features/reply-text";
import { addSentenceFeatures } from "../features/sentence-features";
import { addReplyFeatures, addToldFeatures } from "../features/text-features";
import { addTokenFeatures, addTokenSentence, TOKEN_VALUE } from "../features/token-features";
import { DENSE_BASE, type SparseLinear } from "./sparse-linear";
import { WeightTable } from "./weight-table";

/** The linear models of one metric. */
export interface StageOne {
  readonly scale: DenseScale;
  /** Over the whole reply; the first `denseModels` of them read its counts too, and with `told` those with characters. */
  readonly whole: readonly SparseLinear[];
  readonly denseModels: number;
  /** Whether some of them read the utterance that is answered. */
  readonly told?: boolean;
  readonly sentence: readonly SparseLinear[];
  readonly token: readonly SparseLinear[];
}

/** Number of the features that stage one hands to stage two. */
function featureCount({ whole, sentence, token }: StageOne): number {
  return (
    whole.length + sentence.length * SENTENCE_NUMBERS + token.length * TOKEN_NUMBERS + DENSE_COUNT
  );
}

const DENSE_IDS = Int32Array.from({ length: DENSE_COUNT }, (_, at) => DENSE_BASE + at);

/** Applies the linear models of several metrics to replies, each n-gram being looked up once for all. */
export class StageOneScorer {
  private readonly sink = new FeatureSink();
  private readonly whole: WeightTable;
  private readonly counts: readonly WeightTable[];
  private readonly sentence: WeightTable;
  private readonly token: WeightTable;
  private readonly summing: SummingSink;
  private readonly wholeSums: Float64Array;
  private readonly readsTold: boolean;
  private sentenceSums = new Float64Array(0);
  private tokenSums = new Float64Array(0);

  constructor(private readonly stages: readonly StageOne[]) {
    this.whole = new WeightTable(stages.flatMap((stage) => stage.whole.map(withoutCounts)));
    this.counts = stages.map((stage) => new WeightTable(stage.whole.map(onlyCounts)));
    this.sentence = new WeightTable(stages.flatMap((stage) => stage.sentence));
    this.token = new WeightTable(stages.flatMap((stage) => stage.token));
    this.summing = new SummingSink(this.token, TOKEN_VALUE);
    this.readsTold = stages.some(({ told }) => told);
    this.wholeSums = new Float64Array(this.whole.width);
  }

  /** The features of stage two, one array per metric. A reply has one token at least. */
  score(text: ReplyText): Float32Array[] {
    this.sumWhole(text);
    this.sumSentences(text);
    this.sumTokens(text);
    let [whole, sentence, token] = [0, 0, 0];
    return this.stages.map((stage, metric) => {
      const out = new Float32Array(featureCount(stage));
      const sums = this.withCounts(text, stage, metric, whole);
      out.set(sums);
      let at = stage.whole.length;
      for (const _ of stage.sentence) {
        const odds = column(
          this.sentenceSums,
          sentence++,
          this.sentence.width,
          text.tokens.sentenceEnds.length,
        );
        summariseSentences(odds, text.tokens, out, at);
        at += SENTENCE_NUMBERS;
      }
      for (const _ of stage.token) {
        const odds = column(this.tokenSums, token++, this.token.width, text.tokens.words.length);
        summariseTokens(odds, text.tokens, out, at);
        at += TOKEN_NUMBERS;
      }
      for (let count = 0; count < DENSE_COUNT; count++) out[at + count] = text.dense[count]!;
      whole += stage.whole.length;
      return out;
    });
  }

  private sumWhole({ tokens, told, skeleton }: ReplyText): void {
    const { sink } = this;
    sink.clear();
    addReplyFeatures(sink, tokens, skeleton);
    if (this.readsTold) addToldFeatures(sink, told);
    this.whole.start(this.wholeSums);
    this.whole.add(sink, sink.size, this.wholeSums);
  }

  private withCounts(text: ReplyText, stage: StageOne, metric: number, from: number): Float64Array {
    const sums = this.wholeSums.slice(from, from + stage.whole.length);
    const values = scaleDense(text.dense, stage.scale);
    this.counts[metric]!.add({ ids: DENSE_IDS, values }, DENSE_COUNT, sums);
    return sums;
  }

  private sumSentences({ tokens, skeleton }: ReplyText): void {
    const { width } = this.sentence;
    if (width === 0) return;
    const count = tokens.sentenceEnds.length;
    if (this.sentenceSums.length < count * width)
      this.sentenceSums = new Float64Array(count * width);
    for (let sentence = 0; sentence < count; sentence++) {
      this.sink.clear();
      addSentenceFeatures(this.sink, tokens, skeleton, sentence);
      this.sentence.start(this.sentenceSums, sentence * width);
      this.sentence.add(this.sink, this.sink.size, this.sentenceSums, sentence * width);
    }
  }

  private sumTokens({ tokens, skeleton }: ReplyText): void {
    const { width } = this.token;
    if (width === 0) return;
    const { summing, token } = this;
    const needed = tokens.hashes.length * width;
    if (this.tokenSums.length < needed) this.tokenSums = new Float64Array(needed);
    const shared = new Float64Array(width);
    let at = 0;
    for (let sentence = 0; sentence < tokens.sentenceEnds.length; sentence++) {
      token.start(shared);
      addTokenSentence(summing.into(shared), tokens, sentence);
      for (; at < tokens.sentenceEnds[sentence]!; at++) {
        const first = at * width;
        for (let model = 0; model < width; model++) this.tokenSums[first + model] = shared[model]!;
        addTokenFeatures(summing.into(this.tokenSums, first), tokens, skeleton, at, sentence);
      }
    }
  }
}

function column(sums: Float64Array, at: number, width: number, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let row = 0; row < count; row++) values[row] = sums[row * width + at]!;
  return values;
}

// The linear models' counts have values of their own for each metric, so they stand in a table of their own.
function withoutCounts(model: SparseLinear): SparseLinear {
  const end = model.ids.findIndex((id) => id >= DENSE_BASE);
  if (end === -1) return model;
  return { ...model, ids: model.ids.slice(0, end), weights: model.weights.slice(0, end) };
}

function onlyCounts(model: SparseLinear): SparseLinear {
  const end = model.ids.findIndex((id) => id >= DENSE_BASE);
  const from = end === -1 ? model.ids.length : end;
  return { ...model, ids: model.ids.slice(from), weights: model.weights.slice(from), bias: 0 };
}

/** Adds the weights of n-grams that all have one value straight to the models' sums, keeping none of them. */
class SummingSink implements GramSink {
  private readonly value: number;
  private sums: Float64Array = new Float64Array(0);
  private first = 0;
  private seed = 0;

  /** @param value of every n-gram, rounded as a sparse vector would hold it. */
  constructor(
    private readonly table: WeightTable,
    value: number,
  ) {
    this.value = Math.fround(value);
  }

  /** Says where the sums are that are added to. */
  into(sums: Float64Array, first = 0): this {
    this.sums = sums;
    this.first = first;
    return this;
  }

  begin(block: number): void {
    this.seed = seedOf(block);
  }

  add(hash: number): void {
    this.table.addOne(featureOf(hash, this.seed), this.value, this.sums, this.first);
  }

  endEach(): void {}
}
