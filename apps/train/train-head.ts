import type { Level, Metric } from "empathy-scorer";
import {
  DIALOGUE_FOLDS,
  dealFolds,
  dialogueRecipe,
  fitTokens,
  holdOut,
  INNER_FOLDS,
  type MetricModel,
  READINGS_BLEND,
  type Recipe,
  readingsRecipe,
  type SparseLinear,
  type StageOne,
  StageOneScorer,
  SUPPORT,
  type TrainingRow,
  trainStageOne,
  trainStageTwo,
} from "empathy-scorer/training";
import { foldsOf } from "./training-rows";

/**
 * Trains the EPITOME head's models of one metric.
 *
 * @param seed of the inner folds.
 */
export function trainSupport(rows: readonly TrainingRow[], seed = 1): MetricModel {
  const levels = rows.map(({ level }) => level);
  const folds = dealFolds(
    rows.map(({ group }) => group),
    levels,
    INNER_FOLDS,
    seed,
  );
  const features = holdOut(rows, folds, SUPPORT);
  return {
    stageOne: trainStageOne(rows, SUPPORT),
    trees: trainStageTwo(features, levels, SUPPORT),
  };
}

/** Fits the token models that both heads use. */
export function trainTokens(pairs: readonly TrainingRow[]): SparseLinear[] {
  return fitTokens(pairs, SUPPORT.token!);
}

/** What the models of one metric are trained on that ship for each fold of dialogues. */
export interface FoldTraining {
  readonly recipe: Recipe;
  /** Replies to dialogues, with their levels. */
  readonly replies: readonly TrainingRow[];
  /** EPITOME's pairs; they take part in stage one only. */
  readonly pairs: readonly TrainingRow[];
  readonly tokens: readonly SparseLinear[];
}

/** What the RoBERTa head of one metric is trained on. */
interface DialogueTraining extends Omit<FoldTraining, "recipe"> {
  readonly metric: Metric;
}

/** Trains the RoBERTa head's models of one metric, as `trainByFold` does. */
export function trainDialogue(
  { metric, ...training }: DialogueTraining,
  wanted?: readonly number[],
): MetricModel[] {
  return trainByFold({ ...training, recipe: dialogueRecipe(metric === "er") }, wanted);
}

/** Trains one metric's models of the head that learns from readings, as `trainByFold` does. */
export function trainReadings(
  metric: Metric,
  training: Omit<FoldTraining, "recipe">,
  wanted?: readonly number[],
): MetricModel[] {
  const models = trainByFold({ ...training, recipe: readingsRecipe(metric) }, wanted);
  const blend = READINGS_BLEND[metric];
  return blend ? models.map((model) => ({ ...model, blend })) : models;
}

/**
 * Trains one metric's models: one for each fold of dialogues, which it has not seen.
 *
 * The model for fold f learns stage two on each other fold g's scores by linear models that saw neither.
 *
 * @param wanted the folds to train for; all by default.
 */
function trainByFold(training: FoldTraining, wanted?: readonly number[]): MetricModel[] {
  const { recipe, replies, pairs, tokens } = training;
  const folds = foldsOf(replies);
  const targets = wanted ?? Array.from({ length: DIALOGUE_FOLDS }, (_, fold) => fold);
  const fitWithout = (without: readonly number[]): StageOne => {
    const kept = replies.filter((_, row) => !without.includes(folds[row]!));
    return { ...trainStageOne([...kept, ...pairs], recipe), token: tokens };
  };
  const shared = new Map<string, StageOneScorer>();
  const scorerWithout = (a: number, b: number) => {
    const key = [a, b].sort().join();
    const known = shared.get(key) ?? new StageOneScorer([fitWithout([a, b])]);
    shared.set(key, known);
    return known;
  };
  return targets.map((fold) => {
    const features: Float32Array[] = [];
    const levels: Level[] = [];
    for (const [row, { text, level }] of replies.entries()) {
      if (folds[row] === fold) continue;
      features.push(scorerWithout(fold, folds[row]!).score(text)[0]!);
      levels.push(level);
    }
    return { stageOne: fitWithout([fold]), trees: trainStageTwo(features, levels, recipe) };
  });
}
