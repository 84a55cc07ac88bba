export { decodeHead, encodeHead, type HeadModels } from "./embedded/encode-weights";
export { type ReplyText, readReply, vectorsOf } from "./features/reply-text";
export { TreeSum } from "./models/boosted-trees";
export { fitTokens } from "./models/fit-rationales";
export { dealFolds, dialogueFold, dialogueKey, isLocked, pairKey } from "./models/folds";
export {
  DIALOGUE_FOLDS,
  dialogueRecipe,
  EPITOME_WEIGHT,
  HEADS,
  type Head,
  INNER_FOLDS,
  READINGS_BLEND,
  READINGS_EPITOME_WEIGHT,
  readingsRecipe,
  SUPPORT,
} from "./models/recipes";
export type { SparseLinear } from "./models/sparse-linear";
export { type StageOne, StageOneScorer } from "./models/stage-one";
export {
  holdOut,
  type MetricModel,
  type Recipe,
  trainStageOne,
  trainStageTwo,
} from "./models/train-metric";
export type { TrainingRow } from "./models/training-row";
export { normaliseText, wordKey } from "./text/normalise-text";
export { type Tokens, tokenise } from "./text/split-tokens";
export { sigmoid, softmax3, stableExp, stableLog } from "./text/stable-math";
