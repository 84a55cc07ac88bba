export {
  clusterRobust,
  type RobustEstimate,
  type RobustOptions,
  type RobustTests,
} from "./cluster-robust";
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
