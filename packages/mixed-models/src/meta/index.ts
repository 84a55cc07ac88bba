export {
  clusterRobust,
  type RobustEstimate,
  type RobustOptions,
  type RobustTests,
} from "./cluster-robust";
export { type EffectInfluence, effectInfluence } from "./effect-influence";
export { type EggerOptions, type EggerTest, eggerTest } from "./egger-test";
export type { EffectsOptions } from "./fit-effects";
export { fitMeta } from "./fit-meta";
export { fitMultilevelMeta } from "./fit-multilevel-meta";
export type { UnidentifiedVariance } from "./identify";
export { type LeaveOneOutOptions, type LeftOut, leaveOneOut } from "./leave-one-out";
export type { MetaData, MetaInterval, MetaMethod, MetaOptions } from "./meta-data";
export type {
  MultilevelData,
  MultilevelFit,
  MultilevelOptions,
  MultilevelVariance,
} from "./multilevel-result";
export type { RandomTerm } from "./random-terms";
export type {
  GroupWeights,
  MetaCoefficient,
  MetaEstimate,
  MetaFit,
  MetaHeterogeneity,
  MetaPrediction,
} from "./result";
export type { RobustType } from "./robust-scores";
