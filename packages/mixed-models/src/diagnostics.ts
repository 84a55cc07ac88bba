export {
  type GroupInfluence,
  type GroupInfluenceOptions,
  groupInfluence,
  type LevelInfluence,
} from "./inference/group-influence";
export { hatValues } from "./inference/hat-values";
export { quantileResiduals } from "./inference/quantile-residuals";
export { type SimulateOptions, simulateFit } from "./inference/simulate";
export {
  type ResidualTest,
  type SimulatedResiduals,
  type SimulatedResidualsOptions,
  simulatedResiduals,
} from "./inference/simulated-residuals";
