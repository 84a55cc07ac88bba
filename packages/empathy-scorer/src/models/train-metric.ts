// Trains one metric's models: stage one on folds and on all rows, stage two on stage one's held-out scores.
import type { SparseVector } from "../features/feature-sink";
import { type DenseScale, measureDense, scaleDense } from "../features/reply-text";
import type { Level } from "../levels";
import { type BoostedTrees, joinTrees } from "./boosted-trees";
import { fitSentences, fitTokens } from "./fit-rationales";
import { type BoostOptions, growTrees } from "./grow-trees";
import {
  DENSE_BASE,
  fitSparseLinear,
  type LinearOptions,
  prepareRows,
  type SparseLinear,
} from "./sparse-linear";
import { type StageOne, StageOneScorer } from "./stage-one";
import type { TrainingRow } from "./training-row";

/** What is trained, and how. */
export interface Recipe {
  /** Levels `y >= k` that the models of whole replies tell from lower ones. */
  readonly steps: readonly (1 | 2)[];
  /** Whether a model tells level 2 from level 1 among the rows above 0. */
  readonly contrast: boolean;
  readonly whole: LinearOptions;
  readonly characters: LinearOptions;
  /** Whether the models with characters read the reply's counts and the utterance that is answered, too. */
  readonly told?: boolean;
  readonly present: LinearOptions;
  readonly sentence?: LinearOptions;
  readonly token?: LinearOptions;
  readonly boost: Partial<BoostOptions>;
  /** How many sets of trees, each from its own seed, are joined. */
  readonly boosts: number;
}

/** How much of the probabilities is the linear models' own, the rest being the trees'. */
export interface Blend {
  /** Which model of whole replies gives the log-odds of level 1 or more; the next gives those of level 2. */
  readonly model: number;
  readonly share: number;
}

/** The models of one metric. */
export interface MetricModel {
  readonly stageOne: StageOne;
  readonly trees: BoostedTrees;
  readonly blend?: Blend;
}

/** Fits the linear models of stage one. Rows must come in an order that does not depend on the caller's. */
export function trainStageOne(rows: readonly TrainingRow[], recipe: Recipe): StageOne {
  const scale = measureDense(rows.map((row) => row.text.dense));
  const weights = Float64Array.from(rows, (row) => row.weight ?? 1);
  const withCounts = rows.map((row) =>
    joinAll(slice(row.vectors.whole, 0, row.vectors.parts.grams), counts(row, scale)),
  );
  const characters = rows.map((row) => {
    const own = slice(row.vectors.whole, 0, row.vectors.parts.characters);
    return recipe.told ? joinAll(own, row.vectors.told, counts(row, scale)) : own;
  });
  const present = rows.map(({ vectors: { whole, parts } }) =>
    slice(whole, parts.characters, parts.present),
  );
  const fitSteps = (vectors: readonly SparseVector[], options: LinearOptions) => {
    const prepared = prepareRows(vectors, options.least);
    return recipe.steps.map((step) =>
      fitSparseLinear(
        prepared,
        Uint8Array.from(rows, ({ level }) => (level >= step ? 1 : 0)),
        options,
        weights,
      ),
    );
  };
  const whole = fitSteps(withCounts, recipe.whole);
  if (recipe.contrast) whole.push(fitContrast(rows, withCounts, recipe.whole));
  const denseModels = whole.length;
  whole.push(...fitSteps(characters, recipe.characters), ...fitSteps(present, recipe.present));
  return {
    scale,
    whole,
    denseModels,
    told: recipe.told ?? false,
    sentence: recipe.sentence ? fitSentences(rows, recipe.sentence) : [],
    token: recipe.token ? fitTokens(rows, recipe.token) : [],
  };
}

/** Grows stage two on the held-out features of stage one. */
export function trainStageTwo(
  features: readonly Float32Array[],
  levels: readonly Level[],
  recipe: Recipe,
): BoostedTrees {
  const classes = Uint8Array.from(levels);
  const weights = new Float64Array(levels.length).fill(1);
  const sets = Array.from({ length: recipe.boosts }, (_, at) =>
    growTrees(features, classes, weights, { ...recipe.boost, seed: at + 1 }),
  );
  return joinTrees(sets);
}

/** Held-out stage-one features of every row, each from models that did not see its fold. */
export function holdOut(
  rows: readonly TrainingRow[],
  folds: Uint8Array,
  recipe: Recipe,
): Float32Array[] {
  const features: Float32Array[] = new Array(rows.length);
  for (const fold of new Set([...folds].sort())) {
    const stageOne = trainStageOne(
      rows.filter((_, row) => folds[row] !== fold),
      recipe,
    );
    const scorer = new StageOneScorer([stageOne]);
    for (const [row, { text }] of rows.entries()) {
      if (folds[row] === fold) features[row] = scorer.score(text)[0]!;
    }
  }
  return features;
}

function counts({ text }: TrainingRow, scale: DenseScale): SparseVector {
  const values = scaleDense(text.dense, scale);
  return { ids: Int32Array.from(values, (_, at) => DENSE_BASE + at), values };
}

function joinAll(...vectors: readonly SparseVector[]): SparseVector {
  const size = vectors.reduce((sum, { ids }) => sum + ids.length, 0);
  const ids = new Int32Array(size);
  const values = new Float32Array(size);
  let at = 0;
  for (const vector of vectors) {
    ids.set(vector.ids, at);
    values.set(vector.values, at);
    at += vector.ids.length;
  }
  return { ids, values };
}

function slice({ ids, values }: SparseVector, from: number, to: number): SparseVector {
  return { ids: ids.subarray(from, to), values: values.subarray(from, to) };
}

function fitContrast(
  rows: readonly TrainingRow[],
  vectors: readonly SparseVector[],
  options: LinearOptions,
): SparseLinear {
  const chosen = rows.map((_, row) => row).filter((row) => rows[row]!.level > 0);
  const positive = Uint8Array.from(chosen, (row) => (rows[row]!.level === 2 ? 1 : 0));
  return fitSparseLinear(
    prepareRows(
      chosen.map((row) => vectors[row]!),
      options.least,
    ),
    positive,
    options,
  );
}
