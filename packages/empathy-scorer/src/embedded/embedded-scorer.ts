import { isMissing } from "kit";
import { type ReplyText, readReply } from "../features/reply-text";
import { type Level, type LevelProbabilities, METRICS, type Metric, mostProbable } from "../levels";
import { TreeSum } from "../models/boosted-trees";
import { dialogueFold, dialogueKey } from "../models/folds";
import type { Head } from "../models/recipes";
import { StageOneScorer } from "../models/stage-one";
import type { MetricModel } from "../models/train-metric";
import {
  type Contribution,
  findUnscorable,
  type MetricScore,
  type ReplyScores,
  type ScoreOutcome,
  type ScoreRequest,
  type Scorer,
  type ScorerCard,
} from "../scorer";
import { normaliseText } from "../text/normalise-text";
import { sigmoid } from "../text/stable-math";
import { CARDS } from "./cards";
import type { HeadModels } from "./encode-weights";
import { readWeights } from "./weights-files";

/**
 * The classifier that ships with the package: linear models over n-grams and counts, and boosted trees on
 * their scores.
 *
 * A reply's scores depend on the request alone. White space and Unicode's several forms of one text do not
 * matter. With the heads `roberta` and `readings`, the dialogue's first utterance (`opening`, or the context's first)
 * chooses the model, by a hash: every model was trained without the dialogues that it is chosen for.
 * Without any context it takes the mean of all its models' probabilities.
 */
export class EmbeddedScorer implements Scorer {
  readonly id: string;
  readonly card: ScorerCard;
  readonly isExact = true;
  private readonly stages: {
    readonly one: StageOneScorer;
    readonly two: readonly ((features: Float32Array) => LevelProbabilities)[];
  }[] = [];

  constructor(
    readonly head: Head,
    private readonly models: HeadModels,
  ) {
    this.id = `embedded-${head}`;
    this.card = CARDS[head];
  }

  async score(request: ScoreRequest): Promise<ScoreOutcome> {
    return this.scoreNow(request);
  }

  /** As `score`, without waiting. */
  scoreNow(request: ScoreRequest): ScoreOutcome {
    const reason = findUnscorable(request.reply);
    if (reason) return { missing: reason };
    const text = readReply(request.reply, request.context.at(-1) ?? "");
    if (text.tokens.words.length === 0) return { missing: "the reply has no letters" };
    const folds = this.foldsFor(request).map((fold) => this.scoreFold(text, fold));
    return Object.fromEntries(
      METRICS.map((metric, at) => [metric, toScore(folds.map((fold) => fold[at]!))]),
    ) as unknown as ReplyScores;
  }

  /**
   * Says which words and sentences of a reply moved a metric most: each is left out in turn.
   *
   * Looks at the first 60 words. @returns nothing where the reply has no score.
   */
  explain(request: ScoreRequest, metric: Metric, most = 5): Contribution[] {
    const whole = this.scoreNow(request);
    if (isMissing(whole)) return [];
    return explainReply(request.reply, expectedLevel(whole[metric]), most, (reply) => {
      const left = this.scoreNow({ ...request, reply });
      return isMissing(left) ? 0 : expectedLevel(left[metric]);
    });
  }

  private foldsFor({ context, opening }: ScoreRequest): number[] {
    const count = this.models.er.length;
    const first = dialogueKey(opening ?? context[0] ?? "");
    if (count === 1 || first !== "") return [count === 1 ? 0 : dialogueFold(first, count)];
    return this.models.er.map((_, fold) => fold);
  }

  private scoreFold(text: ReplyText, fold: number): LevelProbabilities[] {
    const stages = this.stages[fold] ?? this.openFold(fold);
    const features = stages.one.score(text);
    return stages.two.map((classify, at) => classify(features[at]!));
  }

  // Laying a fold's weights out takes longer than scoring: done once, when first asked for.
  private openFold(fold: number) {
    const models = METRICS.map((metric) => this.models[metric][fold]!);
    const one = new StageOneScorer(models.map(({ stageOne }) => stageOne));
    const stages = { one, two: models.map(classifierOf) };
    this.stages[fold] = stages;
    return stages;
  }
}

/**
 * Loads the classifier that ships with the package.
 *
 * @param head `readings` (the default) for short turns of a conversation, trained on readings of such replies and on
 *   EPITOME; `roberta` for the same, trained on RoBERTa classifiers' levels of such replies and on EPITOME; `epitome` for
 *   long posts of peer support, trained on EPITOME alone.
 * @throws UserError if the weights are missing or damaged.
 * @example
 * const scorer = loadScorer();
 * const scores = scorer.scoreNow({ context: ["My dog died."], reply: "I am so sorry to hear that." });
 * scores.er.level; // => 2
 * scorer.scoreNow({ context: [], reply: " " }); // => { missing: "the reply is empty" }
 */
export function loadScorer(head: Head = "readings", folder?: string): EmbeddedScorer {
  return new EmbeddedScorer(head, readWeights(head, folder));
}

function toScore(folds: readonly LevelProbabilities[]): MetricScore {
  const mean = [0, 1, 2].map(
    (k) => folds.reduce((sum, fold) => sum + fold[k as Level], 0) / folds.length,
  );
  const probabilities = mean as unknown as LevelProbabilities;
  return { level: mostProbable(probabilities), probabilities };
}

function expectedLevel({ probabilities }: MetricScore): number {
  return probabilities[1] + 2 * probabilities[2];
}

const MOST_WORDS = 60;

/**
 * Finds the parts of a reply that move its expected level, by leaving each out in turn.
 *
 * @param level the whole reply's expected level.
 * @param rescore gives the expected level of what is left.
 * @returns the parts with the largest changes, largest first.
 */
function explainReply(
  reply: string,
  level: number,
  most: number,
  rescore: (reply: string) => number,
): Contribution[] {
  const words = normaliseText(reply).split(/\s+/).slice(0, MOST_WORDS);
  const spans = [...sentenceSpans(words), ...words.map((_, at) => [at, at + 1] as const)];
  const found = spans.map(([from, to]) => {
    const rest = [...words.slice(0, from), ...words.slice(to)].join(" ");
    return { text: words.slice(from, to).join(" "), change: level - rescore(rest) };
  });
  return found
    .filter(({ change }) => Math.abs(change) > 0.005)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, most);
}

function sentenceSpans(words: readonly string[]): (readonly [number, number])[] {
  const spans: [number, number][] = [];
  let from = 0;
  for (let at = 0; at < words.length; at++) {
    if (!/[.!?]$/.test(words[at]!) && at < words.length - 1) continue;
    if (at > from) spans.push([from, at + 1]);
    from = at + 1;
  }
  return spans;
}

/** Gives what turns one metric's features into probabilities of the levels. */
function classifierOf({
  trees,
  blend,
}: MetricModel): (features: Float32Array) => LevelProbabilities {
  const sum = new TreeSum(trees);
  if (!blend) return (features) => sum.classify(features);
  const { model, share } = blend;
  return (features) => {
    const [none, one, two] = sum.classify(features);
    const any = sigmoid(features[model]!);
    const strong = Math.min(any, sigmoid(features[model + 1]!));
    const mix = (tree: number, linear: number) => (1 - share) * tree + share * linear;
    return [mix(none, 1 - any), mix(one, any - strong), mix(two, strong)];
  };
}
