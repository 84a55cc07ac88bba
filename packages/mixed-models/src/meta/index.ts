export { fitMeta } from "./fit-meta";
export type { MetaData, MetaInterval, MetaMethod, MetaOptions } from "./meta-data";
export type {
  GroupWeights,
  MetaCoefficient,
  MetaEstimate,
  MetaFit,
  MetaHeterogeneity,
  MetaPrediction,
} from "./result";
